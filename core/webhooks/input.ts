import { CHANNELS, EVENT_TYPES, InvalidInputError, type Channel } from '../model';
import { RETRY_PRESETS, readRetrySchedule, type RetrySchedule } from './schedule';

/** What an admin says of a subscription; see subscriptions.ts. */
export interface SubscriptionFields {
  name: string;
  /** http or https, up to 2,048 characters, without fragment, user name or password. */
  url: string;
  /** Event types, own dotted names, or `*`. */
  events: readonly string[];
  /** Only events of these accounts; empty = all. */
  accounts?: readonly string[];
  channels?: readonly string[];
  headers?: Readonly<Record<string, string>>;
  userAgent?: string;
  /** `default` (1, 5, 15 s), `standard` (up to days), `none`, or seconds before each retry. */
  retrySchedule?: RetrySchedule;
  /** Statuses after which no retry is made, such as 400 or 422. */
  nonRetryableStatuses?: readonly number[];
  /** Deliveries on their way to this address at a time, 1 to 100. */
  maxConcurrent?: number;
  active?: boolean;
}

/** The same, checked, with defaults filled in. */
export interface CheckedFields {
  name: string;
  url: string;
  events: string[];
  accounts: string[];
  channels: Channel[];
  headers: Record<string, string>;
  userAgent: string | null;
  retrySchedule: number[];
  nonRetryableStatuses: number[];
  maxConcurrent: number;
  active: boolean;
}

export const DEFAULT_MAX_CONCURRENT = 5;
const DEFAULTS = {
  accounts: [],
  channels: [],
  headers: {},
  userAgent: '',
  retrySchedule: RETRY_PRESETS.default,
  nonRetryableStatuses: [],
  maxConcurrent: DEFAULT_MAX_CONCURRENT,
  active: true,
} as const;

const CHECKS: { [K in keyof CheckedFields]: (value: never) => CheckedFields[K] } = {
  name: checkName,
  url: checkUrl,
  events: checkEvents,
  accounts: (value: readonly string[]) => distinct('Accounts', value),
  channels: checkChannels,
  headers: checkHeaders,
  userAgent: checkUserAgent,
  retrySchedule: readRetrySchedule,
  nonRetryableStatuses: checkStatuses,
  maxConcurrent: checkMaxConcurrent,
  active: (value: boolean) => value === true,
};

/** @throws InvalidInputError naming the field */
export function checkNewSubscription(fields: SubscriptionFields): CheckedFields {
  return checkChanges({ ...DEFAULTS, ...withoutAbsent(fields) }) as CheckedFields;
}

/** Only the fields that are given. @throws InvalidInputError naming the field */
export function checkChanges(fields: Partial<SubscriptionFields>): Partial<CheckedFields> {
  const checked = Object.entries(withoutAbsent(fields)).flatMap(([name, value]) => {
    const check = CHECKS[name as keyof CheckedFields] as ((value: unknown) => unknown) | undefined;
    return check ? [[name, check(value)]] : [];
  });
  return Object.fromEntries(checked) as Partial<CheckedFields>;
}

function withoutAbsent<T extends object>(fields: T): T {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  ) as T;
}

function checkName(name: string): string {
  const tidy = String(name).trim();
  if (tidy !== '' && tidy.length <= 200) return tidy;
  throw new InvalidInputError('Name', 'Name must have 1 to 200 characters.');
}

const MAX_URL = 2_048;

export function checkUrl(url: string): string {
  const text = String(url).trim();
  const refuse = (why: string) => {
    throw new InvalidInputError('URL', `URL ${why}.`, {
      hint: 'Give a whole address, for example https://crm.example.com/hooks/omnichannel.',
    });
  };
  if (text.length > MAX_URL) refuse(`is longer than ${MAX_URL} characters`);
  const parsed = URL.parse(text);
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return refuse('is not an http(s) address');
  if (parsed.hash !== '' || text.includes('#')) refuse('must not have a fragment (#…)');
  if (parsed.username || parsed.password) {
    refuse('must not hold a user name or password; use the header Authorization');
  }
  // As URLs are normalised: 0x7f.1 becomes 127.0.0.1, so what is shown is what is called.
  if (parsed.href.length > MAX_URL) refuse(`is longer than ${MAX_URL} characters`);
  return parsed.href;
}

const EVENT_NAME = /^[a-zA-Z0-9_]+(\.[a-zA-Z0-9_]+)+$/;

function checkEvents(events: readonly string[]): string[] {
  const wanted = distinct('Events', events);
  if (wanted.length === 0) {
    throw new InvalidInputError('Events', 'Choose at least one event.', {
      hint: 'Use * for all of them.',
    });
  }
  for (const name of wanted) if (name !== '*') checkEventName(name);
  return wanted.includes('*') ? ['*', ...wanted.filter(isNeverInAll)] : wanted;
}

/** What a webhook tells of webhooks is delivered only to whoever names it: `*` would feed on its own failures. */
export function isNeverInAll(type: string): boolean {
  return type.startsWith('webhook.');
}

/** A type of the log, or an own dotted name that is not a misspelt one. @throws InvalidInputError */
export function checkEventName(name: string): string {
  if (name === 'webhook.received') {
    throw new InvalidInputError('Events', 'webhook.received is never delivered.', {
      hint: 'A receiver in this n8n would be told of what it has just been told, without end.',
    });
  }
  if ((EVENT_TYPES as readonly string[]).includes(name)) return name;
  if (!EVENT_NAME.test(name) || name.length > 100) {
    throw new InvalidInputError('Events', `"${name.slice(0, 100)}" is not an event name.`, {
      hint: `Use names such as order.paid: letters, digits and _ with dots between. Known: ${EVENT_TYPES.join(', ')}.`,
    });
  }
  const meant = EVENT_TYPES.find((type) => isMisspelling(name, type));
  if (meant === undefined) return name;
  throw new InvalidInputError('Events', `There is no event "${name}": "${meant}" is meant.`);
}

/** One or two letters apart, or another case. */
function isMisspelling(name: string, type: string): boolean {
  return (
    Math.abs(name.length - type.length) <= 2 &&
    distance(name.toLowerCase(), type.toLowerCase()) <= 2
  );
}

/** Levenshtein. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function checkChannels(channels: readonly string[]): Channel[] {
  const wanted = distinct('Channels', channels);
  const stranger = wanted.find((channel) => !(CHANNELS as readonly string[]).includes(channel));
  if (stranger === undefined) return wanted as Channel[];
  throw new InvalidInputError('Channels', `"${stranger}" is not one of: ${CHANNELS.join(', ')}.`);
}

const MAX_HEADERS = 20;
const HEADER_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;
/** Visible ASCII, space and tab inside, as RFC 9110 has it: nothing that could begin another header. */
const HEADER_VALUE = /^[\x21-\x7e]([\x20-\x7e\t]*[\x21-\x7e])?$/;
const RESERVED =
  /^(content-type|content-length|content-encoding|host|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect|proxy-.*|user-agent|webhook-.*|x-webhook-.*)$/;

function checkHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(headers).map(
    ([name, value]) => [name.trim().toLowerCase(), value] as const,
  );
  if (entries.length > MAX_HEADERS) {
    throw new InvalidInputError('Headers', `There are more than ${MAX_HEADERS} headers.`);
  }
  for (const [name, value] of entries) {
    if (!HEADER_NAME.test(name)) {
      throw new InvalidInputError('Headers', `"${name.slice(0, 50)}" is not a header name.`);
    }
    if (RESERVED.test(name)) {
      throw new InvalidInputError(
        'Headers',
        `The header "${name}" is set by the delivery itself.`,
        {
          hint: name === 'user-agent' ? 'Use the field User Agent.' : 'Leave it out.',
        },
      );
    }
    if (typeof value !== 'string' || value.length > 4_000 || !HEADER_VALUE.test(value)) {
      // The value itself stays out of the message: it may be a key.
      throw new InvalidInputError('Headers', `The value of the header "${name}" cannot be sent.`, {
        hint: 'Use letters, digits and signs of ASCII in one line.',
      });
    }
  }
  return Object.fromEntries(entries);
}

function checkUserAgent(userAgent: string): string | null {
  const text = String(userAgent).trim();
  if (text === '') return null;
  if (text.length <= 200 && HEADER_VALUE.test(text)) return text;
  throw new InvalidInputError(
    'User Agent',
    'User Agent must be up to 200 ASCII characters in one line.',
  );
}

function checkStatuses(statuses: readonly number[]): number[] {
  const stranger = statuses.find(
    (status) => !Number.isInteger(status) || status < 300 || status > 599,
  );
  if (stranger === undefined) return [...new Set(statuses)].sort((a, b) => a - b);
  throw new InvalidInputError(
    'Non-Retryable Statuses',
    `${stranger} is not a status from 300 to 599.`,
  );
}

function checkMaxConcurrent(value: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= 100) return value;
  throw new InvalidInputError(
    'Max Concurrent',
    'Max Concurrent must be a whole number from 1 to 100.',
  );
}

function distinct(field: string, values: readonly string[]): string[] {
  // A list of n8n's panel may hold anything an expression gave.
  const given: unknown = values;
  if (!Array.isArray(given) || given.some((value) => typeof value !== 'string')) {
    throw new InvalidInputError(field, `${field} must be a list of texts.`);
  }
  return [...new Set(values.map((value) => value.trim()).filter((value) => value !== ''))];
}

/** An imported secret. @throws InvalidInputError */
export function checkSecret(secret: string): string {
  const problem = checkSigningSecret(secret);
  if (problem === null) return secret;
  throw new InvalidInputError('Secret', problem, {
    hint: 'Leave it empty to have a strong one made, or use at least 16 characters.',
  });
}

/** @returns the sentence why this cannot be a secret, or null */
export function checkSigningSecret(secret: string): string | null {
  if (typeof secret !== 'string' || secret.trim() === '') return 'The secret is empty.';
  if (secret !== secret.trim() || !/^[\x21-\x7e]+$/.test(secret)) {
    return 'The secret holds spaces or characters outside ASCII.';
  }
  if (secret.length < 16) return 'The secret is shorter than 16 characters.';
  return secret.length > 200 ? 'The secret is longer than 200 characters.' : null;
}
