import type { Generated } from 'kysely';

/* The conventions of tables.ts. */

/** A file of a message that a provider fetches by its address. */
export interface KeptFilesTable {
  tenant_id: string;
  /** Of its bytes, type and name: the same file is kept once. */
  id: string;
  mime_type: string;
  file_name: string | null;
  /** In bytes. */
  size: number;
  /** 1 = every part is there. */
  complete: Generated<number>;
  expires_at: number;
  created_at: number;
}

export interface KeptFilePartsTable {
  tenant_id: string;
  file_id: string;
  position: number;
  /** base64 */
  data: string;
}

/** That a file is kept for somebody: what they were given opens it as long as this is here. */
export interface KeptFileUsesTable {
  tenant_id: string;
  id: string;
  file_id: string;
  /** The contact; of somebody who is none yet, how the account calls them. */
  owner: string;
  expires_at: number;
}
