import { createPrivateKey, type KeyObject } from 'node:crypto';
import { InvalidInputError } from '../../model';
import type { GoogleAccess } from '../../model';

import { asText, parseObject } from '../graph/json';

export type { GoogleAccess } from '../../model';

export const DEFAULT_TOKEN_URL = 'https://oauth2.googleapis.com/token';
export const DEFAULT_CALENDAR_BASE_URL = 'https://www.googleapis.com/calendar/v3';

/** What a credential holds, by the names of its fields. */
export interface GoogleCredential {
  clientEmail?: string;
  privateKey?: string;
  delegatedUser?: string;
  calendarBaseUrl?: string;
  tokenUrl?: string;
}

const KEY_HINT =
  'Copy "private_key" from the JSON key file of the service account, from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY-----.';

/** @throws InvalidInputError naming the credential's field */
export function readGoogleAccess(credential: GoogleCredential): GoogleAccess {
  const file = keyFileIn(credential.privateKey);
  const clientEmail = (credential.clientEmail?.trim() || file?.clientEmail) ?? '';
  if (!/^[^\s@]+@[^\s@]+$/.test(clientEmail)) {
    throw new InvalidInputError('Client Email', 'The credential has no client e-mail address.', {
      hint: 'Copy "client_email" from the JSON key file; it ends with .iam.gserviceaccount.com.',
    });
  }
  return {
    clientEmail,
    privateKey: readPrivateKey(file?.privateKey ?? credential.privateKey ?? ''),
    delegatedUser: credential.delegatedUser?.trim() ?? '',
    tokenUrl: credential.tokenUrl?.trim() || DEFAULT_TOKEN_URL,
    baseUrl: (credential.calendarBaseUrl?.trim() || DEFAULT_CALENDAR_BASE_URL).replace(/\/+$/, ''),
  };
}

/** Some paste the whole key file into the field. */
function keyFileIn(text: string | undefined): { clientEmail: string; privateKey: string } | null {
  const file = text?.trim().startsWith('{') ? parseObject(text) : null;
  const privateKey = asText(file?.private_key);
  return privateKey === null ? null : { clientEmail: asText(file?.client_email) ?? '', privateKey };
}

const PEM = /-----BEGIN ((?:RSA )?PRIVATE KEY)-----([\s\S]+?)-----END \1-----/;

/**
 * The key as PEM, mended where pasting has bent it: `\n` as two characters (that is how the JSON file writes line
 * ends), quotes around it, or line ends turned into blanks (a password field does that).
 * @throws InvalidInputError for what is no RSA private key
 */
export function readPrivateKey(text: string): string {
  const [, label, body] = PEM.exec(text.replace(/\\r|\\n/g, '\n')) ?? [];
  if (label === undefined || body === undefined) {
    throw new InvalidInputError(
      'Private Key',
      text.trim() === '' ? 'The credential has no private key.' : 'This is not a private key.',
      { hint: KEY_HINT },
    );
  }
  const lines = body.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
  const pem = `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
  if (keyOf(pem)?.asymmetricKeyType === 'rsa') return pem;
  throw new InvalidInputError('Private Key', 'The private key is damaged or not complete.', {
    hint: KEY_HINT,
  });
}

function keyOf(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}
