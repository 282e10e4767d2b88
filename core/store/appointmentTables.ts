import type { Generated } from 'kysely';

/* Appointments; the conventions of tables.ts. */

export interface AppointmentsTable {
  id: string;
  tenant_id: string;
  /** The calendar it comes from; empty: a node handed it in. */
  account_id: string;
  /** The calendar's id of the event, or the caller's own id of the row. */
  external_id: string;
  recurring_event_id: string | null;
  /** confirmed | tentative | cancelled */
  status: string;
  title: string | null;
  description: string | null;
  location: string | null;
  starts_at: number;
  ends_at: number;
  all_day: Generated<number>;
  time_zone: string;
  /** `pt-BR` or `en`: of the text that says when it is. */
  language: string;
  /** Whose it is, as the appointment itself says. */
  person_name: string | null;
  /** With plus sign and country code. */
  person_phone: string | null;
  person_email: string | null;
  contact_id: string | null;
  /** JSON object of what else the caller gave. */
  fields: Generated<string>;
  /** The run of the calendar's synchronisation that saw it last. */
  seen_run: Generated<number>;
  created_at: number;
  updated_at: number;
  cancelled_at: number | null;
  /** When it was last made or moved, as far as that was news; null = it was there when its calendar was first read. */
  booked_at: number | null;
  /** When the person said that they come, since it was made or moved. */
  confirmed_at: number | null;
}

/** A calendar whose events are appointments, and how far it has been read. */
export interface CalendarWatchesTable {
  tenant_id: string;
  account_id: string;
  /** JSON of WatchSettings. */
  settings: string;
  /** Where the next synchronisation goes on; null = everything is to be read. */
  sync_token: string | null;
  /** 1: what was there when the watch began is known, so what is new is news. */
  primed: Generated<number>;
  /** Grows with every synchronisation that begins: what an earlier one still writes is refused. */
  run: Generated<number>;
  full_synced_at: number | null;
  next_sync_at: number;
  failures: Generated<number>;
  created_at: number;
  updated_at: number;
}
