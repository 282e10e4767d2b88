import { randomBytes, randomInt } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Owner } from './n8nApi.ts';

/** What the playground remembers between runs; it holds secrets and only its owner may read it. */
export interface PlaygroundState {
  encryptionKey: string;
  owner: Owner;
  apiKey?: string;
  credentialId?: string;
  whatsAppCredentialId?: string;
  notificaMeCredentialId?: string;
  googleCredentialId?: string;
  /** The clinic has its name, its calendar and its templates. */
  isClinicOpen?: boolean;
  /** The Meta app that the connect page uses. */
  appCredentialId?: string;
  /** Last segment of the address that makes links to the connect page; nobody else knows it. */
  linkPath?: string;
  /** The sandbox's address that the credential holds. */
  sandboxUrl?: string;
  /** By bundled name: n8n's id, and the digest of the file it was last made from. */
  workflows: Record<string, { id: string; bundleDigest: string }>;
}

const STATE_FILE = 'playground.json';

/** Reads the state of a data folder, or makes that of a first start. */
export function loadState(dataDir: string): PlaygroundState {
  const file = path.join(dataDir, STATE_FILE);
  if (fs.existsSync(file)) return JSON.parse(fs.readFileSync(file, 'utf8')) as PlaygroundState;
  const state: PlaygroundState = {
    encryptionKey: randomBytes(24).toString('hex'),
    owner: { email: 'admin@clinica-sorriso.example', password: newPassword() },
    workflows: {},
  };
  saveState(dataDir, state);
  return state;
}

/** Writes the state so that a cut in the middle leaves the former one whole. */
export function saveState(dataDir: string, state: PlaygroundState): void {
  fs.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = path.join(dataDir, STATE_FILE);
  fs.writeFileSync(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  fs.renameSync(`${file}.new`, file);
}

/**
 * Deletes the data of earlier runs.
 * @throws Error when the folder holds something else than a playground's data
 */
export function resetData(dataDir: string): void {
  if (!fs.existsSync(dataDir)) return;
  const isOurs = fs.existsSync(path.join(dataDir, STATE_FILE));
  if (!isOurs && fs.readdirSync(dataDir).length > 0) {
    throw new Error(`${dataDir} does not look like a playground's data; --reset left it alone.`);
  }
  fs.rmSync(dataDir, { recursive: true });
}

/** Easy to type, and within n8n's rules: 8 characters, a digit and a capital letter. */
function newPassword(): string {
  return `Sorriso-${String(randomInt(100_000, 1_000_000))}`;
}
