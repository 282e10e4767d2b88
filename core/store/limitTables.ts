import type { Generated } from 'kysely';

/* What accounts may send; the conventions of tables.ts. */

/** How many messages an account may send, and how many it has sent in the present windows (see core/limits). */
export interface AccountLimitsTable {
  tenant_id: string;
  account_id: string;
  /** Limits set for this account; null = the default. */
  per_minute: number | null;
  per_hour: number | null;
  per_day: number | null;
  /** Start of the window that `_used` counts in, by the database's clock. */
  minute_start: number;
  minute_used: number;
  hour_start: number;
  hour_used: number;
  day_start: number;
  day_used: number;
  /** Percent of the provider's own limit, while it is high, and until when that may be believed. */
  usage_percent: number | null;
  usage_until: number | null;
  /** The provider lets nothing through until then. */
  blocked_until: number | null;
  /** Sends that went out while this table could not be reached, and when the last of them did. */
  uncounted_sends: Generated<number>;
  uncounted_last_at: number | null;
  /** When the next message is due at the pace that the provider allows, epoch ms by the database's clock. */
  pace_next_at: Generated<number>;
}

/** The same for the messages of an account to one person. */
export interface RecipientLimitsTable {
  tenant_id: string;
  account_id: string;
  contact_id: string;
  pace_next_at: Generated<number>;
  /** The provider lets no marketing through to this person until then. */
  marketing_held_until: number | null;
  updated_at: number;
}
