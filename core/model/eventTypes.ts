/** Every event type of the log (the whole list is the public contract; see docs). */
export const EVENT_TYPES = [
  'message.received',
  'message.sent',
  'message.delivered',
  'message.read',
  'message.failed',
  'message.reaction',
  'message.edited',
  'message.deleted',
  'message.postback',
  'message.echo',
  'message.optin',
  'message.unknown',
  'message.skipped',
  'comment.received',
  'mention.received',
  'conversation.created',
  'conversation.updated',
  'conversation.closed',
  'conversation.handover',
  'contact.created',
  'contact.updated',
  'contact.optedOut',
  'contact.optedIn',
  'contact.erased',
  'deal.created',
  'deal.updated',
  'deal.moved',
  'lead.qualified',
  'workflow.completed',
  'broadcast.completed',
  'connection.connected',
  'connection.expiring',
  'connection.expired',
  'connection.disconnected',
  'connection.error',
  'connection.silent',
  'connection.caughtUp',
  'connection.qualityChanged',
  'connection.activity',
  'template.statusChanged',
  'template.categoryChanged',
  'appointment.created',
  'appointment.updated',
  'appointment.cancelled',
  'feedback.received',
  'webhook.failed',
  'webhook.exhausted',
  'webhook.disabled',
  'webhook.received',
  'provider.unrecognised',
  'event.parked',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** The 13 events of the public contract: what other systems report through `event: emit`, and subscribe to by name. */
export const PUBLIC_EVENT_TYPES = [
  'message.received',
  'message.sent',
  'conversation.created',
  'conversation.updated',
  'conversation.closed',
  'contact.created',
  'contact.updated',
  'deal.created',
  'deal.updated',
  'deal.moved',
  'lead.qualified',
  'workflow.completed',
  'broadcast.completed',
] as const satisfies readonly EventType[];
export type PublicEventType = (typeof PUBLIC_EVENT_TYPES)[number];

/** What `event: emit` takes: those, and what somebody thought of a visit, which is kept as well. */
export const REPORTED_EVENT_TYPES = [
  ...PUBLIC_EVENT_TYPES,
  'feedback.received',
] as const satisfies readonly EventType[];
export type ReportedEventType = (typeof REPORTED_EVENT_TYPES)[number];

/** Told although automation rests: they say that it does, or that it no longer does. */
export const HANDOVER_EVENT_TYPES: readonly EventType[] = ['conversation.handover'];

/**
 * Off unless a trigger asks for them: a busy account produces three of the first per message, a popular post hundreds
 * of likes, and what a Signed Webhook Trigger received is that trigger's business.
 */
export const NOISY_EVENT_TYPES: readonly EventType[] = [
  'message.delivered',
  'message.read',
  'message.echo',
  'connection.activity',
  'webhook.received',
];
