import { InvalidContentError } from '../../model';
import type { ChannelAbilities, TextLimit } from '../../model';

/** As people count: an emoji of two UTF-16 units is one. */
export function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

export function sizeOf(text: string, unit: TextLimit['unit']): number {
  return unit === 'bytes' ? Buffer.byteLength(text) : characters(text);
}

/** A number as the sentences write it. */
export function figure(size: number): string {
  return size.toLocaleString('en-US');
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toLocaleString('en-US', { maximumFractionDigits: 1 })} MB`;
}

export function isBlank(text: string): boolean {
  return text.trim() === '';
}

/** `what` begins a sentence: "The text". */
export function empty(field: string, what: string): InvalidContentError {
  return new InvalidContentError(field, `${what} is empty.`, { hint: 'Fill it in.' });
}

/** @throws InvalidContentError when a required text is empty or longer than `max` characters */
export function checkText(
  field: string,
  what: string,
  text: string,
  max: number,
  can: ChannelAbilities,
): void {
  if (isBlank(text)) throw empty(field, what);
  checkLength(field, what, text, max, can);
}

/** @throws InvalidContentError when it is longer than `max` characters */
export function checkLength(
  field: string,
  what: string,
  text: string,
  max: number,
  can: ChannelAbilities,
): void {
  const size = characters(text);
  if (size <= max) return;
  throw new InvalidContentError(
    field,
    `${what} has ${figure(size)} characters; ${can.displayName} allows ${figure(max)}.`,
    { hint: 'Shorten it.', details: { size, max, unit: 'characters' } },
  );
}

/** @throws InvalidContentError unless there are 1 to `max` of the thing */
export function checkCount(
  field: string,
  [one, many]: readonly [string, string],
  size: number,
  max: number,
  can: ChannelAbilities,
): void {
  if (size >= 1 && size <= max) return;
  throw new InvalidContentError(
    field,
    size === 0
      ? `There is no ${one}; ${can.displayName} needs 1 to ${max}.`
      : `There are ${size} ${many}; ${can.displayName} allows ${max}.`,
    {
      hint: size === 0 ? 'Add one, or choose another content.' : 'Remove some.',
      details: { size, max },
    },
  );
}

/** Providers fetch files over https alone; http is let through to this machine, where a sandbox may run. */
export function checkAddress(
  field: string,
  what: string,
  address: string,
  schemes: readonly string[] = ['https:'],
): URL {
  const url = URL.parse(address);
  const isLocal = url !== null && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url !== null && (schemes.includes(url.protocol) || (isLocal && url.protocol === 'http:'))) {
    return url;
  }
  throw new InvalidContentError(field, `${what} is not a full web address.`, {
    hint: `It must start with ${schemes.map((scheme) => `${scheme}//`).join(' or ')} and be reachable from the internet.`,
  });
}
