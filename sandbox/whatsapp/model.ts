/** What the sandbox remembers of WhatsApp: business accounts, numbers, templates, files, what is due later. */

export interface WhatsAppBusiness {
  id: string;
  name: string;
  /** Apps that hear of it, each with the address that replaces the dashboard's. */
  subscribedApps: Array<{ appId: string; override?: CallbackOverride }>;
}

export interface CallbackOverride {
  callbackUrl: string;
  verifyToken: string;
}

export type QualityRating = 'GREEN' | 'YELLOW' | 'RED' | 'UNKNOWN';

export interface WhatsAppProfile {
  about: string;
  address: string;
  description: string;
  email: string;
  websites: string[];
  vertical: string;
}

export interface WhatsAppNumber {
  /** Phone number id. */
  id: string;
  businessId: string;
  /** With country code, digits only. */
  digits: string;
  displayPhoneNumber: string;
  verifiedName: string;
  qualityRating: QualityRating;
  messagingLimit: string;
  throughput: 'STANDARD' | 'HIGH';
  status: 'CONNECTED' | 'PENDING' | 'FLAGGED' | 'RESTRICTED' | 'DISCONNECTED';
  nameStatus: string;
  codeVerificationStatus: 'VERIFIED' | 'NOT_VERIFIED' | 'EXPIRED';
  isRegistered: boolean;
  pin?: string;
  /** Times of (de)registrations: ten in 72 hours. */
  registrations: number[];
  profile: WhatsAppProfile;
  /** Ids of people that the business has blocked. */
  blocked: string[];
  /** A test number writes to these alone (digits). */
  allowedRecipients?: string[];
  /** By app: `webhook_configuration` of the number. */
  overrides: Record<string, CallbackOverride>;
}

export type TemplateStatus =
  | 'PENDING'
  | 'APPROVED'
  | 'REJECTED'
  | 'PAUSED'
  | 'DISABLED'
  | 'PENDING_DELETION';

export type TemplateCategory = 'UTILITY' | 'MARKETING' | 'AUTHENTICATION';

export interface WhatsAppTemplate {
  id: string;
  businessId: string;
  name: string;
  language: string;
  category: TemplateCategory;
  parameterFormat: 'POSITIONAL' | 'NAMED';
  components: Array<Record<string, unknown>>;
  status: TemplateStatus;
  rejectedReason: string;
  quality: QualityRating;
  /** Times of changes after its approval: one in 24 hours, ten in 30 days. */
  changes: number[];
}

export interface WhatsAppMedia {
  id: string;
  businessId: string;
  /** Where the sandbox keeps the bytes (`state.media`). */
  storedAs: string;
  mimeType: string;
  /** Hex. */
  sha256: string;
  size: number;
  /** 30 days for what was uploaded, 7 days for what a person sent. */
  expiresAt: number;
  /** The name that the person's file had. */
  fileName?: string;
}

export type DeliveryStatus = 'sent' | 'delivered' | 'read' | 'played' | 'failed';

/** What is special about a person on WhatsApp. */
export interface WhatsAppPerson {
  /** Phone number as WhatsApp knows it; in Brazil at times without the ninth digit. */
  waId: string;
  /** Business-scoped user id. */
  userId: string;
  /** Uses a username: webhooks name no phone number. */
  hidesNumber: boolean;
  /** False: messages to the number come back as undeliverable. */
  isOnWhatsApp: boolean;
  /** The phone is off: messages stay at "sent". */
  isOffline: boolean;
  /** Has stopped marketing messages of this business. */
  stoppedMarketing: boolean;
  /** Has had as many marketing messages as Meta lets through. */
  atMarketingCap: boolean;
  /** Came by an advertisement: an answer until then makes 72 hours free. */
  freeEntryOfferUntil?: number;
  freeEntryUntil?: number;
}

/** What is special about a message on WhatsApp. */
export interface WhatsAppMessage {
  type: string;
  /** The object of the type, as it was sent or as the webhook shows it. */
  content: unknown;
  /** Only of outgoing messages. */
  status?: DeliveryStatus;
  failure?: { code: number; details: string };
  opaque?: string;
  /** What its statuses say about the price. */
  pricing?: Record<string, unknown>;
  /** A template with its places filled, as the phone shows it. */
  rendered?: RenderedTemplate;
}

export interface RenderedCard {
  header?: { format: string; text?: string; media?: unknown; location?: unknown };
  body?: string;
  footer?: string;
  buttons: Array<{ type: string; text: string; url?: string; payload?: string; phone?: string }>;
}

export interface RenderedTemplate extends RenderedCard {
  name: string;
  language: string;
  cards: RenderedCard[];
}

/** Something that happens by itself at a time of the sandbox's clock. */
export type Due =
  | { kind: 'status'; at: number; mid: string; status: DeliveryStatus }
  | {
      kind: 'refusal';
      at: number;
      numberId: string;
      recipient: string;
      mid: string;
      opaque?: string;
    }
  | { kind: 'typingEnd'; at: number; conversationId: string }
  | { kind: 'review'; at: number; templateId: string };

export interface WhatsAppState {
  businesses: Record<string, WhatsAppBusiness>;
  numbers: Record<string, WhatsAppNumber>;
  templates: Record<string, WhatsAppTemplate>;
  media: Record<string, WhatsAppMedia>;
  /** Names of deleted approved templates and when they may be used again. */
  blockedNames: Record<string, number>;
  due: Due[];
}
