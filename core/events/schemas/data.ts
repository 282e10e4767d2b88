import { EVENT_TYPES, SEND_REASONS, type EventType } from '../../model';
import {
  anything,
  atLeast,
  count,
  eventId,
  exactly,
  flag,
  instantOrNull,
  orNull,
  referral,
  text,
  textOrNull,
  type JsonSchema,
} from './parts';

type Part = 'connection' | 'contact' | 'conversation' | 'message';

/** What an event type says, beyond the shape all share. */
export interface EventShape {
  description: string;
  /** Parts that are never null in this type. */
  has: Part[];
  /** `data` of this type; absent: the type has none. */
  data?: JsonSchema;
  /** `data` may be left out. */
  dataIsOptional?: boolean;
}

const inConversation: Part[] = ['connection', 'contact', 'conversation'];
const withMessage: Part[] = [...inConversation, 'message'];

const connectionStatus = atLeast(
  {
    status: { ...text, description: 'The status of the account from now on.' },
    previousStatus: textOrNull,
    action: {
      ...text,
      description: "What the provider did to the account, in the provider's word.",
    },
    reason: { ...textOrNull, description: 'What happened and what to do next.' },
  },
  ['status', 'previousStatus', 'action'],
);
const statusReport = atLeast({
  providerIds: { type: 'array', items: text },
  watermark: {
    ...instantOrNull,
    description: 'Everything until then, where the provider says so.',
  },
  messageIds: {
    type: 'array',
    items: text,
    description: 'The messages whose status this changed.',
  },
});
const outcome = atLeast({
  reason: { enum: SEND_REASONS },
  detail: { ...textOrNull, description: 'What happened and what to do next.' },
  retryable: flag,
});
const target = atLeast({
  targetProviderId: { ...text, description: "The provider's id of the message meant." },
});
const comment = atLeast({
  providerId: textOrNull,
  text: textOrNull,
  postId: textOrNull,
  parentId: textOrNull,
  verb: textOrNull,
  referral: orNull(referral),
  from: orNull(
    exactly({ externalId: text, name: text, username: text, phone: text }, [
      'name',
      'username',
      'phone',
    ]),
  ),
});
const deal = atLeast({ dealId: text, name: textOrNull, stage: textOrNull }, ['name', 'stage']);
const appointment = atLeast({ appointmentId: text });
const webhookDelivery = atLeast({ subscriptionId: text });

/** Every type of the log; the compiler and a test see that none is missing. */
export const EVENT_SHAPES: Record<EventType, EventShape> = {
  'message.received': {
    description: 'A contact wrote.',
    has: withMessage,
  },
  'message.sent': {
    description: 'A message of ours was accepted by the provider.',
    has: withMessage,
  },
  'message.delivered': {
    description: 'A message of ours reached the contact.',
    has: inConversation,
    data: statusReport,
  },
  'message.read': {
    description: 'The contact read a message of ours.',
    has: inConversation,
    data: statusReport,
  },
  'message.failed': {
    description: 'A message of ours was not delivered.',
    has: inConversation,
    data: outcome,
  },
  'message.reaction': {
    description: 'A contact put an emoji on a message, or took it back.',
    has: inConversation,
    data: atLeast({
      action: { enum: ['react', 'unreact'] },
      reaction: textOrNull,
      emoji: textOrNull,
      targetProviderId: text,
    }),
  },
  'message.edited': {
    description: 'A contact changed the text of a message.',
    has: inConversation,
    data: target,
  },
  'message.deleted': {
    description: 'A contact took a message back; its content is gone here too.',
    has: inConversation,
    data: target,
  },
  'message.postback': {
    description: 'A contact pressed a button or an entry of the menu.',
    has: withMessage,
  },
  'message.echo': {
    description: 'A person of the staff wrote, in an app or inbox of the provider.',
    has: inConversation,
    data: atLeast({ senderAppId: textOrNull }),
  },
  'message.optin': {
    description: 'A contact agreed to be written to.',
    has: ['connection'],
    data: atLeast({ payload: textOrNull, details: anything }),
  },
  'message.unknown': {
    description: 'Nobody could find out whether a message of ours was sent; it is not sent again.',
    has: inConversation,
    data: outcome,
  },
  'comment.received': {
    description: 'Somebody commented on a post.',
    has: ['connection'],
    data: comment,
  },
  'mention.received': {
    description: 'Somebody mentioned the account.',
    has: ['connection'],
    data: comment,
  },
  'conversation.created': {
    description: 'The first contact between an account and a person.',
    has: inConversation,
  },
  'conversation.updated': {
    description: 'Something about a conversation changed.',
    has: inConversation,
    data: atLeast({ changed: { type: 'array', items: text }, referral }, ['referral']),
  },
  'conversation.closed': {
    description: 'A conversation was closed.',
    has: inConversation,
    data: atLeast({}),
    dataIsOptional: true,
  },
  'conversation.handover': {
    description: 'Who answers a conversation changed: automation, a person, another app.',
    has: ['connection'],
    data: atLeast({
      action: { enum: ['pass', 'take', 'request', 'roles'] },
      newOwnerAppId: textOrNull,
      previousOwnerAppId: textOrNull,
      metadata: textOrNull,
    }),
  },
  'contact.created': {
    description: 'A new contact.',
    has: ['contact'],
  },
  'contact.updated': {
    description: 'A contact changed.',
    has: ['contact'],
    data: atLeast({}),
    dataIsOptional: true,
  },
  'contact.optedOut': {
    description: 'A contact does not want to be written to.',
    has: ['contact'],
    data: atLeast({}),
    dataIsOptional: true,
  },
  'contact.optedIn': {
    description: 'A contact agreed to be written to.',
    has: ['contact'],
    data: atLeast({}),
    dataIsOptional: true,
  },
  'contact.erased': {
    description: 'Everything about a contact was erased.',
    has: [],
    data: atLeast({ contactId: text }),
  },
  'deal.created': { description: 'A deal was made.', has: [], data: deal },
  'deal.updated': { description: 'A deal changed.', has: [], data: deal },
  'deal.moved': {
    description: 'A deal moved to another stage.',
    has: [],
    data: atLeast({ dealId: text, fromStage: textOrNull, toStage: text }),
  },
  'lead.qualified': {
    description: 'The stage of a lead changed.',
    has: ['contact'],
    data: atLeast({ fromStage: textOrNull, toStage: text }),
  },
  'workflow.completed': {
    description: 'A workflow reported that it is through.',
    has: [],
    data: atLeast({}),
  },
  'broadcast.completed': {
    description: 'A broadcast is through.',
    has: [],
    data: atLeast({ broadcastId: text }),
  },
  'connection.connected': {
    description: 'An account was connected.',
    has: ['connection'],
    data: connectionStatus,
  },
  'connection.expiring': {
    description: 'An account has to be renewed soon.',
    has: ['connection'],
    data: connectionStatus,
  },
  'connection.expired': {
    description: "An account's access has ended: reconnect it.",
    has: ['connection'],
    data: connectionStatus,
  },
  'connection.disconnected': {
    description: 'An account was disconnected.',
    has: ['connection'],
    data: connectionStatus,
  },
  'connection.error': {
    description: 'An account cannot be used at present.',
    has: ['connection'],
    data: connectionStatus,
  },
  'connection.silent': {
    description: 'An account that usually receives has fallen silent.',
    has: ['connection'],
    data: atLeast({}),
  },
  'connection.qualityChanged': {
    description: "The provider's rating or limit of an account changed.",
    has: ['connection'],
    data: atLeast({}),
  },
  'template.statusChanged': {
    description: 'A message template was approved, refused or paused.',
    has: ['connection'],
    data: atLeast({
      templateName: text,
      language: text,
      status: text,
      reason: textOrNull,
    }),
  },
  'template.categoryChanged': {
    description: 'The provider put a message template into another category.',
    has: ['connection'],
    data: atLeast({}),
  },
  'appointment.created': { description: 'An appointment was made.', has: [], data: appointment },
  'appointment.updated': { description: 'An appointment changed.', has: [], data: appointment },
  'appointment.cancelled': {
    description: 'An appointment was cancelled.',
    has: [],
    data: appointment,
  },
  'feedback.received': {
    description: 'A contact rated a visit.',
    has: ['contact'],
    data: atLeast({ rating: { type: 'number' }, comment: textOrNull }, ['comment']),
  },
  'webhook.failed': {
    description: 'A delivery to a webhook failed and is tried again.',
    has: [],
    data: webhookDelivery,
  },
  'webhook.exhausted': {
    description: 'A delivery to a webhook was given up.',
    has: [],
    data: webhookDelivery,
  },
  'webhook.disabled': {
    description: 'A webhook was switched off after too many failures.',
    has: [],
    data: webhookDelivery,
  },
  'provider.unrecognised': {
    description: 'The provider sent something this version does not know; it is in raw.',
    has: ['connection'],
    data: atLeast({ what: text }),
  },
  'event.parked': {
    description: 'A trigger gave up on an event after three attempts.',
    has: [],
    data: atLeast({
      eventId,
      eventType: { enum: EVENT_TYPES },
      consumerId: { ...text, description: 'Workflow id and node id of the trigger.' },
      consumerName: text,
      attempts: count,
      reason: text,
    }),
  },
};
