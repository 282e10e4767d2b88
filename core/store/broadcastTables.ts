import type { Generated } from 'kysely';

/* Broadcasts and whom they go to; the conventions of tables.ts. */

export interface BroadcastsTable {
  id: string;
  tenant_id: string;
  /** The account that sends. */
  account_id: string;
  name: string;
  /** preparing | draft | running | paused | stopped | completed | cancelled */
  state: string;
  /** utility | marketing */
  category: string;
  /** JSON of BroadcastSettings. */
  settings: string;
  /** Of whoever made it: the same again is the same draft. */
  create_key: string;
  /** People in it. */
  total: Generated<number>;
  /** Why it stopped by itself, or what it waits for. */
  note: string | null;
  /** When the next messages are to be sent, epoch ms. */
  next_at: number;
  /** The runner that writes to it; an earlier one is refused. */
  fence: Generated<number>;
  started_at: number | null;
  /** What failed before this does not count when it is judged whether to stop: the last start. */
  watched_since: number | null;
  completed_at: number | null;
  created_at: number;
  updated_at: number;
}

export interface BroadcastRecipientsTable {
  id: string;
  tenant_id: string;
  broadcast_id: string;
  /** Once in a broadcast: the contact, or the provider's own id of somebody who is not known yet. */
  person_key: string;
  contact_id: string | null;
  /** How the person was named when the draft was made: phone number or id at the account. */
  recipient: string;
  /** Sealed JSON of FrozenMessage. */
  request: string;
  /** pending | unknown | sent | skipped | failed */
  state: string;
  reason: string | null;
  detail: string | null;
  message_id: string | null;
  /** Tries that failed for a cause that passes. */
  tries: Generated<number>;
  /** Not before, epoch ms. */
  next_at: Generated<number>;
  done_at: number | null;
  created_at: number;
}
