/** How many customers' actions an account had in an hour (UTC, hours since 1970): a roll-up of the event log. */
export interface AccountHoursTable {
  tenant_id: string;
  account_id: string;
  hour: number;
  received: number;
}

/** What is known of an account's silence. */
export interface AccountWatchTable {
  tenant_id: string;
  account_id: string;
  /** JSON of SilenceSettings. */
  settings: string;
  /** The quiet that was judged last, by the moment it began. */
  judged_for: number | null;
  /** When that quiet becomes an alarm if it goes on; null: never. */
  alarm_at: number | null;
  /** When the silence began that was told; null: none. */
  silent_since: number | null;
  raised_at: number | null;
  /** What was put on the account because of it. */
  warning: string | null;
}

/** The one catch-up of an account: what is asked for, how far it is, and how the last one ended. */
export interface CatchUpsTable {
  tenant_id: string;
  account_id: string;
  /** silence | downtime | reconnected | manual */
  reason: string;
  /** Messages since then are wanted, epoch ms. */
  since: number;
  /** Changes with every request: whoever still works on an older one stops. */
  request: string;
  requested_at: number;
  /** waiting | done | failed */
  state: string;
  /** The provider's, of the page that comes next; null = from the newest. */
  cursor: string | null;
  /** Database clock, as the lease. */
  next_try_at: number;
  failures: number;
  owner: string | null;
  lease_until: number | null;
  conversations: number;
  messages: number;
  echoes: number;
  /** JSON list of UnreadableConversation. */
  unreadable: string;
  error: string | null;
  finished_at: number | null;
}

/** One row: how far the log has been counted, and when somebody last listened. */
export interface ListeningTable {
  name: string;
  seq: number;
  alive_at: number | null;
  /** Since when this installation has listened without a pause: an account's quiet before does not count. */
  listening_since: number | null;
}
