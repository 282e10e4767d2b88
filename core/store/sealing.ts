import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import { StoreError } from '../model';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const PREFIX = 's1.';

/** Seals and opens secret columns. */
export interface Sealer {
  /** `additional` binds the text to its row (the account id): a sealed value copied to another row does not open. */
  seal(plain: string, additional: string): string;
  /** @throws StoreError `store_key_lost` when the key is another one or the text was changed. */
  open(sealed: string, additional: string): string;
  /** 32 bytes as hex: equal for equal texts under the same key, and telling nothing without the key. */
  fingerprint(plain: string): string;
  /** A value that tells whether two processes hold the same key, without telling the key. */
  keyCheck(): string;
}

/**
 * AES-256-GCM with a random IV; the key is derived by HKDF-SHA256 from n8n's encryption key or the admin's own.
 * Format: `s1.` + base64url(iv | ciphertext | tag).
 */
export function createSealer(secret: string): Sealer {
  const derive = (info: string) =>
    Buffer.from(hkdfSync('sha256', secret, 'n8n-nodes-omnichannel', info, 32));
  // As key objects: Node needs three times as long for raw bytes.
  const key = createSecretKey(derive('sealed-columns'));
  const fingerprintKey = createSecretKey(derive('fingerprints'));
  return {
    seal(plain, additional) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, iv);
      cipher.setAAD(Buffer.from(additional));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return PREFIX + Buffer.concat([iv, body, cipher.getAuthTag()]).toString('base64url');
    },
    open(sealed, additional) {
      try {
        if (!sealed.startsWith(PREFIX)) throw new Error('unknown format');
        const bytes = Buffer.from(sealed.slice(PREFIX.length), 'base64url');
        const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES));
        decipher.setAAD(Buffer.from(additional));
        decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
        const body = bytes.subarray(IV_BYTES, -TAG_BYTES);
        return decipher.update(body, undefined, 'utf8') + decipher.final('utf8');
      } catch (cause) {
        throw new StoreError(
          'store_key_lost',
          'A stored secret does not open with the present encryption key.',
          false,
          { cause, hint: 'Put the old key back, or reconnect this account.' },
        );
      }
    },
    fingerprint: (plain) => createHmac('sha256', fingerprintKey).update(plain).digest('hex'),
    keyCheck: () => derive('key-check').toString('hex'),
  };
}
