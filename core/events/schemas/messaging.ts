import { SEND_REASONS, type EventType } from '../../model';
import {
  anything,
  atLeast,
  author,
  flag,
  instantOrNull,
  orNull,
  referral,
  text,
  textOrNull,
} from './parts';
import type { EventShape, Part } from './shape';

const inConversation: Part[] = ['connection', 'contact', 'conversation'];
const withMessage: Part[] = [...inConversation, 'message'];

// Reports may be about somebody who never wrote here: a conversation from before the account was connected.
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
const outcome = atLeast(
  {
    reason: { enum: SEND_REASONS },
    detail: { ...textOrNull, description: 'What happened and what to do next.' },
    retryable: flag,
    retryAfterMs: {
      type: 'number',
      description: 'Milliseconds until trying again makes sense, where the provider says so.',
    },
  },
  ['retryAfterMs'],
);
/** What only some kinds of messages have: `contacts`, `items` of an order, answers of a `form`, `voice`, `forwarded`. */
const details = atLeast(
  {
    caughtUp: { ...flag, description: 'No webhook had brought it: it was fetched afterwards.' },
  },
  ['caughtUp'],
);
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
  from: orNull(author),
});

/** What happens in and around a conversation. */
export const MESSAGING_SHAPES = {
  'message.received': {
    description: 'A contact wrote.',
    has: withMessage,
    data: details,
    dataIsOptional: true,
  },
  'message.sent': {
    description: 'A message of ours was accepted by the provider.',
    has: withMessage,
  },
  'message.delivered': {
    description: 'A message of ours reached the contact.',
    has: ['connection'],
    data: statusReport,
  },
  'message.read': {
    description: 'The contact read a message of ours.',
    has: ['connection'],
    data: statusReport,
  },
  'message.failed': {
    description: 'A message of ours was not delivered.',
    has: ['connection'],
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
    has: ['connection'],
    data: target,
  },
  'message.deleted': {
    description: 'A contact took a message back; its content is gone here too.',
    has: ['connection'],
    data: target,
  },
  'message.postback': {
    description: 'A contact pressed a button or an entry of the menu.',
    has: withMessage,
    data: details,
    dataIsOptional: true,
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
  'message.skipped': {
    description: 'A message that was to go later did not: something stood in its way, or changed.',
    has: inConversation,
    data: atLeast({
      reason: { enum: SEND_REASONS },
      detail: { ...textOrNull, description: 'What happened and what to do next.' },
      scheduledId: text,
      dueAt: { ...text, description: 'ISO 8601: when it was meant to go.' },
    }),
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
    data: atLeast({}),
    dataIsOptional: true,
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
    data: atLeast(
      {
        action: {
          enum: ['pause', 'resume', 'pass', 'take', 'request', 'roles'],
          description:
            'What we did (pause, resume), or what another app of the provider asked for.',
        },
        reason: {
          ...text,
          description:
            'Of pause and resume: `person` (somebody of the staff answered), `requested` (the contact asked), `time`, `operation` or what it was told, `closed`, `own_message`.',
        },
        until: { ...instantOrNull, description: 'Of a pause: null = until it is given back.' },
        newOwnerAppId: textOrNull,
        previousOwnerAppId: textOrNull,
        metadata: textOrNull,
      },
      ['reason', 'until'],
    ),
  },
} satisfies Partial<Record<EventType, EventShape>>;
