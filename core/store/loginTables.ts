import type { Generated } from 'kysely';

/** A login at a provider: see model/login.ts. */
export interface LoginsTable {
  id: string;
  tenant_id: string;
  provider: string;
  source_kind: string;
  source_id: string;
  /** `Sealer.fingerprint` of what the source gave: tells whether it was changed since. */
  fingerprint: string;
  /** Of the token alone, as it was given: what was disconnected is not connected again by the same one. */
  token_fingerprint: string;
  subject_id: string | null;
  subject_name: string | null;
  /** Sealed LoginSecrets (AES-256-GCM, login id as additional data); null = forgotten. */
  sealed_secrets: string | null;
  status: string;
  status_reason: string | null;
  obtained_at: number;
  expires_at: number | null;
  data_access_expires_at: number | null;
  permissions: string | null;
  renewable: number;
  synced_at: number | null;
  next_check_at: number | null;
  failures: Generated<number>;
  /** Who works on it, until an instant of the database's clock. */
  claimed_by: string | null;
  claimed_until: Generated<number>;
  created_at: number;
  updated_at: number;
}
