import { readFileSync } from 'node:fs';
import path from 'node:path';
import { StoreError } from '../core/model/errors';
import type { EncryptionKey } from '../core/model/host';
import { readSetting, type Environment } from './settings';
import type { StoreCredential } from './storeCredential';

/**
 * What seals the stored secrets, in this order: the admin's own key for this package, n8n's key by environment, n8n's
 * generated key.
 * @throws StoreError `store_misconfigured` when there is none
 */
export function findEncryptionKey(
  env: Environment,
  folder: string,
  credential: StoreCredential | undefined,
): EncryptionKey {
  const own = credential?.encryptionKey?.trim();
  if (own) return { secret: own, source: 'credential' };
  for (const source of ['OMNICHANNEL_ENCRYPTION_KEY', 'N8N_ENCRYPTION_KEY'] as const) {
    const secret = readSetting(env, source);
    if (secret !== undefined) return { secret, source };
  }
  return { secret: keyOfConfigFile(path.join(folder, 'config')), source: 'n8n config file' };
}

function keyOfConfigFile(file: string): string {
  try {
    const config: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (config && typeof config === 'object' && 'encryptionKey' in config) {
      if (typeof config.encryptionKey === 'string' && config.encryptionKey) {
        return config.encryptionKey;
      }
    }
  } catch (cause) {
    throw noKey(file, cause);
  }
  throw noKey(file);
}

function noKey(file: string, cause?: unknown): StoreError {
  return new StoreError(
    'store_misconfigured',
    `No encryption key was found: neither OMNICHANNEL_ENCRYPTION_KEY nor N8N_ENCRYPTION_KEY is set, and n8n's config file ${file} gives none.`,
    false,
    {
      cause,
      hint: 'Set N8N_ENCRYPTION_KEY to the key this n8n already uses, or OMNICHANNEL_ENCRYPTION_KEY to a long random text, then restart n8n.',
    },
  );
}
