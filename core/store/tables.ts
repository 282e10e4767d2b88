import type { Generated } from 'kysely';
import type { AppointmentsTable, CalendarWatchesTable } from './appointmentTables';
import type { BroadcastRecipientsTable, BroadcastsTable } from './broadcastTables';
import type {
  AuditLogTable,
  ContactErasuresTable,
  ContactFieldsTable,
  ContactFiltersTable,
  ContactKeysTable,
  ContactTagsTable,
  ContactWordsTable,
  RetentionMarksTable,
} from './contactTables';
import type { ConversationsTable } from './conversationTables';
import type { ConsumerDeliveriesTable, ConsumersTable, EventsTable } from './eventTables';
import type {
  JourneyClaimsTable,
  JourneyTriggersTable,
  MessageTemplatesTable,
  ScheduledMessagesTable,
} from './journeyTables';
import type { KeptFilePartsTable, KeptFilesTable, KeptFileUsesTable } from './keptFileTables';
import type {
  ContactHoursTable,
  LateHoursTable,
  MessageHoursTable,
  MomentHoursTable,
  RatingHoursTable,
  RolledFiguresTable,
  RolledHoursTable,
  SendHoursTable,
  SendOutcomesTable,
  StageChangesTable,
  StepHoursTable,
  TurnHoursTable,
} from './insightTables';
import type { AccountLimitsTable, RecipientLimitsTable } from './limitTables';
import type { LoginsTable } from './loginTables';
import type { ContactConsentsTable, ContactIdentitiesTable, ContactsTable } from './peopleTables';
import type {
  AccountHoursTable,
  AccountWatchTable,
  CatchUpsTable,
  ListeningTable,
} from './listeningTables';
import type { PortalTables } from './portalTables';
import type { RatingsTable } from './ratingTables';
import type { WaitsTable } from './waitTables';
import type {
  WebhookAttemptsTable,
  WebhookCursorTable,
  WebhookDeliveriesTable,
  WebhookMessagesTable,
  WebhookStatsDailyTable,
  WebhookSubscriptionsTable,
} from './webhookTables';

/*
 * One schema for both databases. Conventions: ids are ULIDs (text), instants are epoch milliseconds (bigint),
 * booleans are 0/1 (integer), structured values are JSON text. Every table of a tenant's data has `tenant_id`.
 */

export interface TenantsTable {
  id: string;
  name: string;
  settings: string;
  created_at: number;
  updated_at: number;
}

export interface AccountsTable {
  id: string;
  tenant_id: string;
  provider: string;
  channel: string;
  external_id: string;
  parent_external_id: string | null;
  name: string;
  status: string;
  status_reason: string | null;
  credential_id: string | null;
  /** Sealed AccountSecrets (AES-256-GCM, account id as additional data). */
  sealed_secrets: string | null;
  expires_at: number | null;
  last_synced_at: number | null;
  last_received_at: number | null;
  refused_calls: Generated<number>;
  refused_since: number | null;
  refused_last_at: number | null;
  /** JSON of AccountHealth. */
  health: string | null;
  /** The login whose token this account's comes from; null = none is known. */
  login_id: string | null;
  username: string | null;
  picture_url: string | null;
  /** The name of the asset in `parent_external_id`. */
  parent_name: string | null;
  connected_at: number | null;
  created_at: number;
  updated_at: number;
}

export interface MessagesTable {
  id: string;
  tenant_id: string;
  account_id: string;
  conversation_id: string;
  contact_id: string;
  direction: string;
  type: string;
  text: string | null;
  attachments: string;
  button_payload: string | null;
  reply_to: string | null;
  referral: string | null;
  provider_id: string | null;
  /** Of a message that came through a hub: the second of its two ids. */
  other_provider_id: string | null;
  status: string;
  status_at: number;
  error: string | null;
  sent_by: string;
  raw: string | null;
  /** JSON of MessagePrice. */
  price: string | null;
  /** SendCategory of a message of ours, where it is known; of one in several parts the first has it. */
  category: string | null;
  occurred_at: number;
  created_at: number;
}

/** Keys of inbound events already stored; the primary key is what drops duplicates. */
export interface InboundKeysTable {
  tenant_id: string;
  account_id: string;
  key: string;
  seen_at: number;
}

/** Files that a provider keeps for an account, so that equal ones are uploaded once. */
export interface MediaUploadsTable {
  tenant_id: string;
  account_id: string;
  kind: string;
  /** Hex. */
  sha256: string;
  attachment_id: string;
  created_at: number;
}

export interface IdempotencyKeysTable {
  tenant_id: string;
  key: string;
  /** reserved (a send is under way or was cut) | unknown (waits to be settled) | completed */
  state: string;
  account_id: string;
  contact_id: string | null;
  conversation_id: string | null;
  /** As in messages. */
  category: string | null;
  /** Who alone may have the result again; null = everybody. */
  sender: string | null;
  /** The part of the same message that must have been sent before this one; null = none. */
  previous_key: string | null;
  message_id: string;
  /** Sealed JSON of the request, so that the runtime can send it after proof of absence. */
  request: string;
  /** SHA-256 hex of the normalised content, to find an equal message in the conversation. */
  content_hash: string;
  /** JSON of the choices that stand in its text, which people type; null = none. */
  choices: string | null;
  result: string | null;
  owner: string | null;
  lease_until: number | null;
  reserved_at: number;
  /** When the outcome became unknown (the cut). */
  unknown_since: number | null;
  next_check_at: number | null;
  completed_at: number | null;
}

export interface LeasesTable {
  name: string;
  owner: string;
  fence: number;
  lease_until: number;
}

/** A trigger node's door: where a provider calls. */
export interface DoorsTable {
  /** workflow id + node id */
  id: string;
  tenant_id: string;
  provider: string;
  credential_id: string | null;
  url: string;
  /** Calls with a good signature for an account nobody connected here. */
  unknown_calls: Generated<number>;
  unknown_external_id: string | null;
  unknown_last_at: number | null;
  refused_calls: Generated<number>;
  refused_since: number | null;
  /** DoorSubscription */
  subscription: Generated<string>;
  /** Set by webhookMethods.delete, cleared by create: the runtime unsubscribes later if it stays. */
  unwanted_since: number | null;
  created_at: number;
  updated_at: number;
}

/** Someone in the editor waits for a test event: the production door copies events there until `expires_at`. */
export interface TestListenersTable {
  id: string;
  tenant_id: string;
  provider: string;
  url: string;
  expires_at: number;
  created_at: number;
}

export interface StoreMetaTable {
  key: string;
  value: string;
}

export interface Database extends PortalTables {
  tenants: TenantsTable;
  accounts: AccountsTable;
  logins: LoginsTable;
  contacts: ContactsTable;
  contact_identities: ContactIdentitiesTable;
  contact_consents: ContactConsentsTable;
  contact_keys: ContactKeysTable;
  contact_tags: ContactTagsTable;
  contact_fields: ContactFieldsTable;
  contact_words: ContactWordsTable;
  contact_filters: ContactFiltersTable;
  contact_erasures: ContactErasuresTable;
  audit_log: AuditLogTable;
  retention_marks: RetentionMarksTable;
  conversations: ConversationsTable;
  messages: MessagesTable;
  inbound_keys: InboundKeysTable;
  events: EventsTable;
  consumers: ConsumersTable;
  consumer_deliveries: ConsumerDeliveriesTable;
  idempotency_keys: IdempotencyKeysTable;
  media_uploads: MediaUploadsTable;
  leases: LeasesTable;
  doors: DoorsTable;
  test_listeners: TestListenersTable;
  account_limits: AccountLimitsTable;
  recipient_limits: RecipientLimitsTable;
  store_meta: StoreMetaTable;
  webhook_subscriptions: WebhookSubscriptionsTable;
  webhook_messages: WebhookMessagesTable;
  webhook_deliveries: WebhookDeliveriesTable;
  webhook_attempts: WebhookAttemptsTable;
  webhook_stats_daily: WebhookStatsDailyTable;
  webhook_cursor: WebhookCursorTable;
  account_hours: AccountHoursTable;
  account_watch: AccountWatchTable;
  catch_ups: CatchUpsTable;
  listening: ListeningTable;
  appointments: AppointmentsTable;
  calendar_watches: CalendarWatchesTable;
  journey_claims: JourneyClaimsTable;
  journey_triggers: JourneyTriggersTable;
  scheduled_messages: ScheduledMessagesTable;
  message_templates: MessageTemplatesTable;
  broadcasts: BroadcastsTable;
  broadcast_recipients: BroadcastRecipientsTable;
  ratings: RatingsTable;
  send_outcomes: SendOutcomesTable;
  stage_changes: StageChangesTable;
  message_hours: MessageHoursTable;
  turn_hours: TurnHoursTable;
  rolled_hours: RolledHoursTable;
  send_hours: SendHoursTable;
  moment_hours: MomentHoursTable;
  contact_hours: ContactHoursTable;
  step_hours: StepHoursTable;
  rating_hours: RatingHoursTable;
  rolled_figures: RolledFiguresTable;
  late_hours: LateHoursTable;
  waits: WaitsTable;
  kept_files: KeptFilesTable;
  kept_file_parts: KeptFilePartsTable;
  kept_file_uses: KeptFileUsesTable;
}
