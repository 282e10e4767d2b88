/**
 * What the sandbox remembers, as plain JSON values. Ids are strings everywhere, as in the vendor's
 * answers; times called `...At` are milliseconds of the sandbox's own clock, times called
 * `...AtSeconds` are whole seconds.
 */

import type { GoogleState } from './google/model.ts';
import type { AuthorizationCode, DialogRequest, Grant, LoginUser, Token } from './loginModel.ts';

import type { Settings } from './settings.ts';
import type { NotificaMeState } from './notificame/model.ts';
import type { WhatsAppMessage, WhatsAppPerson, WhatsAppState } from './whatsapp/model.ts';

export type { Token } from './loginModel.ts';
export type { Settings } from './settings.ts';

export type Channel = 'instagram' | 'messenger' | 'whatsapp';
/** The channels of Pages and their linked accounts. */
export type MetaChannel = Exclude<Channel, 'whatsapp'>;
export type WebhookObject = 'instagram' | 'page' | 'whatsapp_business_account';

export interface App {
  id: string;
  name: string;
  secret: string;
  /** The dashboard switch "Require App Secret": every call must then carry `appsecret_proof`. */
  requireAppSecret: boolean;
  /** In development only people with a role on the app can be messaged or heard. */
  mode: 'live' | 'development';
  /** "Valid OAuth redirect URIs" of the dashboard. */
  redirectUris: string[];
  /** Login configurations (`config_id`) and the permissions each asks for. */
  configurations: Record<string, string[]>;
  /** The Instagram app of Business Login for Instagram: an id and a secret of its own. */
  instagram: { id: string; secret: string };
  /** Addresses of section A.6. */
  deauthorizeUrl?: string;
  dataDeletionUrl?: string;
}

export interface Page {
  id: string;
  name: string;
  category: string;
  instagramAccountId?: string;
}

export interface InstagramAccount {
  id: string;
  username: string;
  name: string;
  /** The account switch "Allow access to messages". */
  allowAccessToMessages: boolean;
  /** Ids of its own posts, which alone may be shared with MEDIA_SHARE. */
  mediaIds: string[];
  /** `id` of Business Login for Instagram, which is app-scoped; `user_id` there is `id` here. */
  scopedId: string;
  accountType: 'BUSINESS' | 'MEDIA_CREATOR';
}

/** Why a person cannot be written to; each maps to a row of the send error table. */
export type Unreachable = 'blocked' | 'unavailable' | 'cannotReceive' | 'threadArchived';

export interface Persona {
  /** PSID or IGSID; on WhatsApp the phone number as WhatsApp knows it. */
  id: string;
  channel: Channel;
  /** Page id, Instagram account id or phone number id that the person writes to. */
  accountId: string;
  firstName: string;
  lastName: string;
  username: string;
  locale: string;
  timezone: number;
  gender: 'female' | 'male';
  followerCount: number;
  isVerified: boolean;
  followsBusiness: boolean;
  followedByBusiness: boolean;
  phone?: string;
  /** Has a role on the app, so that it can be messaged while the app is in development. */
  hasRole: boolean;
  unreachable?: Unreachable;
  /** False until the person did anything: before that Meta has no such id for the account. */
  known: boolean;
  /** True once the person wrote or tapped: before that Instagram gives no profile. */
  consented: boolean;
  /** Only on WhatsApp. */
  whatsApp?: WhatsAppPerson;
}

export interface StoredAttachment {
  type: string;
  /** Where the vendor would have found it. */
  url?: string;
  /** The sandbox's own copy, like the vendor's CDN. */
  mediaId?: string;
  title?: string;
  payload?: Record<string, unknown> | null;
}

export interface QuickReplyOption {
  contentType: string;
  title?: string;
  payload?: string;
  imageUrl?: string;
}

export interface Message {
  mid: string;
  conversationId: string;
  channel: Channel;
  accountId: string;
  personaId: string;
  /** As the clinic sees it: `in` was written by the person. */
  direction: 'in' | 'out';
  createdAt: number;
  text?: string;
  attachments: StoredAttachment[];
  quickReplies?: QuickReplyOption[];
  quickReplyPayload?: string;
  postback?: { title: string; payload: string };
  /** The advertisement, link or product through which the person came. */
  referral?: Record<string, unknown>;
  replyTo?: { mid?: string; story?: { id: string; url: string } };
  metadata?: string;
  /** App that sent it through the API; absent when a human answered in the inbox. */
  appId?: string;
  messagingType?: string;
  tag?: string;
  commentId?: string;
  isUnsupported?: boolean;
  isDeleted?: boolean;
  edits: number;
  reactions: Array<{ by: 'business' | 'persona'; reaction: string; emoji: string }>;
  deliveredAt?: number;
  readAt?: number;
  /** Only on WhatsApp. */
  whatsApp?: WhatsAppMessage;
}

export interface Conversation {
  id: string;
  channel: Channel;
  accountId: string;
  personaId: string;
  updatedAt: number;
  /** Last action that opens the 24 h window; absent after a private reply alone. */
  lastUserActionAt?: number;
  /** Newest last. */
  mids: string[];
  typing: boolean;
  /** The clinic has seen up to here (sender action mark_seen). */
  businessReadAt?: number;
  /** Moved to spam by the account. */
  isSpam?: boolean;
}

/** A post of an account, on which people comment. */
export interface Post {
  /** Instagram media id, or `<page>_<number>`. */
  id: string;
  channel: Channel;
  accountId: string;
  kind: 'FEED' | 'REELS' | 'LIVE' | 'AD';
  caption: string;
  /** Only for LIVE: the broadcast runs. */
  isLive?: boolean;
  /** Only for AD. */
  ad?: { id: string; title: string; originalPostId?: string };
}

export interface Comment {
  id: string;
  channel: Channel;
  accountId: string;
  personaId: string;
  kind: 'comment' | 'live' | 'post';
  /** The post it stands under; absent for a visitor's own post. */
  postId?: string;
  text: string;
  createdAt: number;
  privateReplyMid?: string;
}

export interface AppSubscription {
  appId: string;
  object: WebhookObject;
  callbackUrl: string;
  verifyToken: string;
  fields: string[];
  active: boolean;
  firstFailureAt?: number;
  disabledAt?: number;
}

export interface PageSubscription {
  pageId: string;
  appId: string;
  fields: string[];
}

/** Asset-level subscription of Business Login for Instagram: of the account itself, without a Page. */
export interface InstagramSubscription {
  accountId: string;
  appId: string;
  fields: string[];
}

export interface UploadedAttachment {
  id: string;
  /** Page that owns it, or the account under Instagram Login. */
  pageId: string;
  platform: Channel;
  type: string;
  url: string;
  mediaId?: string;
  /** File name of an upload by multipart. */
  title?: string;
}

/** Percentages of one usage header. Source: section A.8. */
export interface Usage {
  call_count: number;
  total_time: number;
  total_cputime: number;
}

export interface UsageOverride {
  app?: Usage;
  page?: Usage;
  businessUseCase?: Array<Usage & { type: string; estimated_time_to_regain_access: number }>;
}

export interface DeliveryAttempt {
  copy: number;
  number: number;
  at: number;
  /** HTTP status; null when no answer came. */
  status: number | null;
  durationMs: number;
  error?: string;
}

export interface Delivery {
  id: string;
  appId: string;
  object: WebhookObject;
  callbackUrl: string;
  /** The exact bytes, which are ASCII. */
  body: string;
  signature: string;
  badSignature: boolean;
  createdAt: number;
  copies: number;
  simultaneous: boolean;
  events: Array<{ id: string; field: string; mid?: string; personaId?: string }>;
  attempts: DeliveryAttempt[];
  state: 'pending' | 'delivered' | 'failed';
}

export interface WorldState {
  format: 1;
  clockOffsetMs: number;
  settings: Settings;
  apps: Record<string, App>;
  pages: Record<string, Page>;
  instagramAccounts: Record<string, InstagramAccount>;
  tokens: Record<string, Token>;
  users: Record<string, LoginUser>;
  /** By `<user id> <app id>`. */
  grants: Record<string, Grant>;
  codes: Record<string, AuthorizationCode>;
  dialogs: DialogRequest[];
  personas: Record<string, Persona>;
  conversations: Record<string, Conversation>;
  messages: Record<string, Message>;
  posts: Record<string, Post>;
  comments: Record<string, Comment>;
  /** Where a person came from, for their next message; by person. */
  arrivals: Record<string, Record<string, unknown>>;
  userRefs: Record<string, { pageId: string; personaId: string }>;
  uploads: Record<string, UploadedAttachment>;
  /** Ice breakers, menu, greeting, ... by account. */
  messengerProfiles: Record<string, Record<string, unknown>>;
  /** What the usage headers say instead of the sandbox's own count. */
  usage: UsageOverride;
  media: Record<string, { contentType: string; base64: string; fileName?: string }>;
  appSubscriptions: AppSubscription[];
  pageSubscriptions: PageSubscription[];
  instagramSubscriptions: InstagramSubscription[];
  whatsApp: WhatsAppState;
  notificaMe: NotificaMeState;
  google: GoogleState;
  deliveries: Delivery[];
  deliveryCount: number;
}
