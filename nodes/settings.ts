import { readFileSync } from 'node:fs';
import { StoreError } from '../core/model/errors';

/** The process environment, or a stand-in of a test. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * One setting as n8n reads its own: the variable, else the content of the file that `<name>_FILE` names
 * (Docker and Kubernetes secrets), without surrounding white space and quotes. An empty value counts as absent.
 * @throws StoreError `store_misconfigured` when that file cannot be read
 */
export function readSetting(env: Environment, name: string): string | undefined {
  const direct = tidy(env[name]);
  if (direct !== undefined) return direct;
  const file = tidy(env[`${name}_FILE`]);
  if (file === undefined) return undefined;
  try {
    return tidy(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw unreadable(name, file, cause);
  }
}

/** `true` or `1`, as n8n reads its switches. */
export function readSwitch(env: Environment, name: string, byDefault: boolean): boolean {
  const value = readSetting(env, name)?.toLowerCase();
  if (value === undefined) return byDefault;
  return value === 'true' || value === '1';
}

/**
 * A TCP port.
 * @throws StoreError `store_misconfigured` when the text is no port
 */
export function readPort(env: Environment, name: string, byDefault: number): number {
  const text = readSetting(env, name);
  if (text === undefined) return byDefault;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new StoreError('store_misconfigured', `${name} is "${text}", which is no port.`, false, {
    hint: `Give ${name} a whole number between 1 and 65535, then restart n8n.`,
  });
}

function unreadable(name: string, file: string, cause: unknown): StoreError {
  return new StoreError(
    'store_misconfigured',
    `${name}_FILE names ${file}, which this process cannot read.`,
    false,
    { cause, hint: 'Mount the file and let the user that runs n8n read it, then restart n8n.' },
  );
}

function tidy(value: string | undefined): string | undefined {
  const text = value?.trim().replace(/^(['"])(.*)\1$/s, '$2');
  return text === undefined || text === '' ? undefined : text;
}
