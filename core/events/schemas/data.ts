import { EVENT_TYPES, type EventType } from '../../model';
import { appointment } from './appointment';
import { MESSAGING_SHAPES } from './messaging';
import {
  anything,
  atLeast,
  author,
  count,
  eventId,
  flag,
  instant,
  instantOrNull,
  orNull,
  text,
  textOrNull,
} from './parts';
import type { EventShape } from './shape';

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
const deal = atLeast({ dealId: text, name: textOrNull, stage: textOrNull }, ['name', 'stage']);
const activity = atLeast({
  field: { ...text, description: "The provider's name for what this is about." },
  item: { ...textOrNull, description: 'post, photo, reaction, comment, …' },
  verb: { ...textOrNull, description: 'add, edited, remove, hide, …' },
  providerId: textOrNull,
  postId: textOrNull,
  parentId: textOrNull,
  text: textOrNull,
  isOwn: { ...flag, description: 'Done by the account itself.' },
  from: orNull(author),
});
const silence = atLeast({
  lastReceivedAt: instantOrNull,
  silentSince: {
    ...instant,
    description: 'Later than the last receipt where this installation was not listening meanwhile.',
  },
  silentForHours: { type: 'number' },
  usual: atLeast({
    perDay: { type: 'number', description: 'Messages a day, on average.' },
    expectedMeanwhile: {
      type: 'number',
      description: 'How many usually come in the time that was silent.',
    },
    longestSilenceHours: count,
  }),
  refusedCalls: { ...count, description: 'Calls refused for a wrong signature.' },
  doors: { type: 'array', items: text, description: 'Addresses at which workflows receive.' },
  checks: { type: 'array', items: text, description: 'What to look at.' },
});
const caughtUp = atLeast({
  reason: { enum: ['silence', 'downtime', 'reconnected', 'manual'] },
  since: { ...instant, description: 'Messages since then were looked for.' },
  status: { enum: ['done', 'failed', 'running'] },
  conversations: count,
  messages: { ...count, description: 'Of customers; each is a message.received of its own.' },
  sentFromElsewhere: { ...count, description: 'By a person of the staff or another tool.' },
  unreadable: {
    type: 'array',
    description: 'What is there and cannot be read any more: look into the inbox.',
    items: atLeast({
      from: orNull(author),
      messages: count,
      atLeast: flag,
      first: instant,
      last: instant,
    }),
  },
  error: textOrNull,
});
const webhookDelivery = atLeast({ subscriptionId: text });

const receivedWebhook = atLeast({
  webhookId: {
    ...textOrNull,
    description: "The sender's id of the message; the same in every repeat.",
  },
  event: { ...textOrNull, description: 'What happened, where the sender says so.' },
  sentAt: { ...instantOrNull, description: 'When the sender signed it, where it says so.' },
  headers: { type: 'object', additionalProperties: text },
  query: { type: 'object' },
  body: { ...anything, description: 'The parsed JSON, else the text.' },
});

/** Every type of the log; the compiler sees that none is missing. */
export const EVENT_SHAPES: Record<EventType, EventShape> = {
  ...MESSAGING_SHAPES,
  'contact.created': {
    description: 'A new contact.',
    has: ['contact'],
    data: atLeast({}),
    dataIsOptional: true,
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
    data: silence,
  },
  'connection.caughtUp': {
    description: 'Messages that no webhook had brought were fetched, or could not be.',
    has: ['connection'],
    data: caughtUp,
  },
  'connection.qualityChanged': {
    description: "The provider's rating or limit of an account changed.",
    has: ['connection'],
    data: atLeast({
      what: {
        ...text,
        description: 'quality, limit, name, review, capability, alert, security, template, …',
      },
      previous: textOrNull,
      current: textOrNull,
      detail: textOrNull,
    }),
  },
  'connection.activity': {
    description:
      'Something happened at the account that is no message: a post, a like, a share, what became of a comment, figures of a story.',
    has: ['connection'],
    data: activity,
  },
  'template.statusChanged': {
    description: 'A message template was approved, refused or paused.',
    has: ['connection'],
    data: atLeast({
      templateName: text,
      language: text,
      status: { ...text, description: "In the provider's word: APPROVED, PAUSED, …" },
      reason: textOrNull,
      category: textOrNull,
    }),
  },
  'template.categoryChanged': {
    description: 'The provider put a message template into another category.',
    has: ['connection'],
    data: atLeast({
      templateName: text,
      language: text,
      previousCategory: textOrNull,
      category: text,
      effectiveAt: {
        ...instantOrNull,
        description: 'When it takes effect, where that is still to come.',
      },
    }),
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
    data: atLeast(
      {
        rating: { type: 'number', description: 'From 1 to 5, unless `best` says otherwise.' },
        best: {
          type: 'number',
          description: 'The highest there is, of a form with another scale.',
        },
        comment: textOrNull,
        appointmentId: { ...textOrNull, description: 'The visit that was rated.' },
        journeyKey: { ...textOrNull, description: 'The due moment in which it was asked for.' },
        previous: {
          ...orNull(atLeast({ rating: { type: 'number' }, comment: textOrNull })),
          description: 'What the same contact had said of the same visit before.',
        },
      },
      ['best', 'comment', 'appointmentId', 'journeyKey', 'previous'],
    ),
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
  'webhook.received': {
    description: 'A Signed Webhook Trigger received a call with a valid signature.',
    has: ['connection'],
    data: receivedWebhook,
  },
  'provider.unrecognised': {
    description: 'The provider sent something this version does not know; it is in raw.',
    has: ['connection'],
    data: atLeast({ what: text }),
  },
  'event.parked': {
    description: 'A trigger gave up on an event after three attempts.',
    has: [],
    data: atLeast(
      {
        eventId,
        eventType: { enum: EVENT_TYPES },
        journeyKey: { ...text, description: 'In place of the event: of what was due by itself.' },
        consumerId: { ...text, description: 'Workflow id and node id of the trigger.' },
        consumerName: text,
        attempts: count,
        reason: text,
      },
      ['eventId', 'eventType', 'journeyKey'],
    ),
  },
};
