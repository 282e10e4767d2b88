/** Who may call, what they may see, and every calendar. Source of all behaviour: facts/google-calendar.md. */
export interface GoogleState {
  /** By client_email. */
  serviceAccounts: Record<string, ServiceAccount>;
  /** People of the Workspace, whom a delegated service account may act for. */
  users: string[];
  calendars: Record<string, Calendar>;
  /** Ids of the calendars in somebody's own list, by e-mail address; empty until one is inserted. */
  calendarLists: Record<string, string[]>;
  /** Access tokens by value. */
  tokens: Record<string, AccessToken>;
  /** The Calendar API is switched on in the Cloud project. */
  apiEnabled: boolean;
  /** Life of an access token; the vendor's is an hour. */
  tokenSeconds: number;
  /** Grows with every change of any event. */
  serial: number;
  /** Sync tokens made before this serial are too old (410). */
  oldestSyncSerial: number;
  /** Calls that are to be refused or cut, the oldest first. */
  refusals: Refusal[];
}

export interface ServiceAccount {
  email: string;
  /** PEM of the public keys that are valid; revoking one takes it out. */
  publicKeys: string[];
  /** Scopes of domain-wide delegation; empty = not granted. */
  delegatedScopes: string[];
}

export interface AccessToken {
  email: string;
  /** Whom it acts for: the service account itself, or the delegated user. */
  actsFor: string;
  scopes: string[];
  expiresAt: number;
}

export type Role = 'freeBusyReader' | 'reader' | 'writer' | 'owner';

export interface Calendar {
  id: string;
  summary: string;
  timeZone: string;
  /** By e-mail address. */
  sharedWith: Record<string, Role>;
  events: Record<string, StoredEvent>;
}

export interface EventTime {
  date?: string;
  dateTime?: string;
  timeZone?: string;
}

/** An event as the API answers with it, without what belongs to the moment of the answer. */
export interface EventBody {
  summary?: string;
  description?: string;
  location?: string;
  start: EventTime;
  end: EventTime;
  attendees?: Array<{ email: string; displayName?: string; responseStatus?: string }>;
  recurrence?: string[];
  reminders?: unknown;
  extendedProperties?: unknown;
  transparency?: string;
  visibility?: string;
  colorId?: string;
}

export interface StoredEvent {
  id: string;
  status: 'confirmed' | 'tentative' | 'cancelled';
  body: EventBody;
  /** Set on an instance that was changed or cancelled by itself. */
  recurringEventId?: string;
  originalStart?: EventTime;
  organizer: string;
  createdAt: number;
  updatedAt: number;
  /** Of its last change. */
  serial: number;
}

export interface Refusal {
  /** HTTP status; 0 = the connection is cut. */
  status: number;
  reason: string;
  times: number;
  /** Done first, and refused afterwards. */
  after: boolean;
  retryAfterSeconds: number | null;
  /** `token`: the token endpoint. */
  route: 'calendar' | 'token';
}
