/** What the stand-in for NotificaMe's hub remembers, as plain JSON. Source: section F of the facts. */

export type HubChannelType =
  | 'whatsapp_business_account'
  | 'instagram'
  | 'facebook'
  | 'telegram'
  | 'email';

export interface HubChannel {
  /** The channel's token: `from` of a message, `criteria.channel` of a subscription. */
  id: string;
  /** Token of the sub-account it belongs to. */
  company: string;
  type: HubChannelType;
  name: string;
  phone?: string;
  status: 'active' | 'disconnected';
}

export interface HubPerson {
  /** Phone, IGSID, PSID, chat id or e-mail address. */
  id: string;
  channelId: string;
  name: string;
  firstName: string;
  lastName?: string;
}

export interface FetchedFile {
  /** null: there was no answer. */
  status: number | null;
  type: string | null;
  size: number;
}

export interface HubMessage {
  /** The hub's id. */
  id: string;
  /** The id of the provider behind it, which statuses carry beside the hub's. */
  providerMessageId: string;
  channelId: string;
  personId: string;
  direction: 'IN' | 'OUT';
  contents: Array<Record<string, unknown>>;
  /** What came of fetching the file of each content that has one; null where there was nothing to fetch. */
  files?: Array<FetchedFile | null>;
  /** What the answer quotes. */
  quoted?: string;
  createdAt: number;
  status?: string;
}

export interface HubSubscription {
  id: string;
  company: string;
  eventType: 'MESSAGE' | 'MESSAGE_STATUS';
  status: 'ACTIVE' | 'INACTIVE' | 'DEGRADED';
  webhook: { url: string };
  criteria: { channel: string; direction?: 'IN' | 'OUT' };
  createdAt: string;
  updatedAt: string;
}

export interface HubPost {
  id: string;
  url: string;
  body: string;
  attempts: Array<{ at: number; status: number | null; error?: string }>;
  state: 'pending' | 'delivered' | 'failed';
}

export interface HubTemplate {
  id: string;
  channelId: string;
  name: string;
  language: string;
  category: string;
  components: unknown[];
  status: 'PENDING' | 'APPROVED' | 'REJECTED';
  /** When it was handed in; absent: it was there from the beginning. */
  createdAt?: number;
}

/** An answer in place of the hub's own, for the next so many calls. */
export interface HubFault {
  /** `send`: only messages. */
  on: 'send' | 'any';
  kind: 'error200' | 'text' | 'nothing' | 'limit' | 'busy' | 'cut' | 'cutAfter';
  times: number;
}

/** Of the Instances API, which is no part of NotificaMe. */
export interface HubInstance {
  id: string;
  company: string;
  platform: string;
  name: string;
  status: 'pending' | 'connected' | 'disconnected';
}

export interface NotificaMeState {
  /** Tokens of sub-accounts, by token. */
  companies: Record<string, { name: string; channelLimit: number }>;
  channels: Record<string, HubChannel>;
  people: Record<string, HubPerson>;
  messages: HubMessage[];
  subscriptions: HubSubscription[];
  templates: HubTemplate[];
  instances: HubInstance[];
  posts: HubPost[];
  faults: HubFault[];
  settings: {
    /** Milliseconds before each further try; Zenvia's dialect waits 30 s or more. */
    retryDelaysMs: number[];
    /** Whether messages through /v1 of a channel that lives under /v2 answer "404 page not found". */
    strictVersions: boolean;
    /** After a message: the statuses that follow by themselves. */
    statuses: string[];
  };
}
