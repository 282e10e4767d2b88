import { badParameter, undocumented } from './errors.ts';
import { asObject, oneOf, onlyKeys, optionalId, requiredText } from './validation.ts';
import type { Channel } from '../model.ts';

/** Whom a send is for, one of the documented forms. */
export type Recipient = {
  by: 'id' | 'user_ref' | 'comment_id' | 'post_id' | 'phone_number';
  value: string;
};

const RECIPIENT_KEYS = ['id', 'user_ref', 'comment_id', 'post_id', 'phone_number'] as const;

/** Parses `recipient`: exactly one way to name a person. Source: section B.1. */
export function parseRecipient(value: unknown): Recipient {
  if (value === undefined) throw badParameter('The parameter recipient is required.');
  const recipient = asObject(value, 'recipient');
  onlyKeys(recipient, [...RECIPIENT_KEYS, 'name'], 'recipient');
  const given = RECIPIENT_KEYS.filter((key) => recipient[key] !== undefined);
  const [by] = given;
  if (by === undefined || given.length > 1) {
    throw badParameter(`Param recipient must have exactly one of {${RECIPIENT_KEYS.join(', ')}}.`);
  }
  if (recipient.name !== undefined && by !== 'phone_number') {
    throw undocumented('recipient.name goes with recipient.phone_number only.');
  }
  if (by === 'phone_number') {
    if (recipient.name !== undefined) {
      const name = asObject(recipient.name, 'recipient.name');
      onlyKeys(name, ['first_name', 'last_name'], 'recipient.name');
    }
    return { by, value: requiredText(recipient, by, 'recipient') };
  }
  const id = optionalId(recipient, by, 'recipient');
  if (id === undefined) throw badParameter(`Param recipient.${by} must be non-empty.`);
  return { by, value: id };
}

/** The Messenger-only ways of naming a person are refused for an Instagram account. */
export function checkRecipientForm(recipient: Recipient, channel: Channel): void {
  if (channel === 'instagram' && recipient.by !== 'id' && recipient.by !== 'comment_id') {
    throw badParameter(`Param recipient.${recipient.by} is not allowed on Instagram.`);
  }
}

const TYPES = ['RESPONSE', 'UPDATE', 'MESSAGE_TAG', 'UTILITY'] as const;
/** Error 100 since 2026-04-27. Source: section B.5. */
const RETIRED_TAGS = ['CONFIRMED_EVENT_UPDATE', 'ACCOUNT_UPDATE', 'POST_PURCHASE_UPDATE'];

export interface Messaging {
  messagingType?: (typeof TYPES)[number];
  tag?: 'HUMAN_AGENT' | 'CUSTOMER_FEEDBACK';
}

/** Judges `messaging_type`, `tag` and `notification_type`. Source: sections B.1 and B.5. */
export function parseMessaging(
  body: Record<string, unknown>,
  channel: Channel,
  recipient: Recipient,
): Messaging {
  const messaging: Messaging = {};
  if (body.messaging_type !== undefined) {
    messaging.messagingType = oneOf(body.messaging_type, TYPES, 'messaging_type');
  } else if (
    channel === 'messenger' &&
    recipient.by !== 'comment_id' &&
    recipient.by !== 'post_id'
  ) {
    throw badParameter('The parameter messaging_type is required.');
  }
  if (messaging.messagingType === 'UTILITY') {
    if (channel === 'instagram')
      throw badParameter('messaging_type UTILITY is not allowed on Instagram.');
    throw undocumented('utility messages are not offered: Brazil is not on the list.');
  }
  const tagged = messaging.messagingType === 'MESSAGE_TAG';
  if (tagged !== (body.tag !== undefined)) {
    throw badParameter(
      'Param tag is required with messaging_type MESSAGE_TAG, and allowed only with it.',
    );
  }
  if (tagged) messaging.tag = parseTag(body.tag, channel);
  if (body.notification_type !== undefined) {
    if (channel === 'instagram')
      throw badParameter('Param notification_type is not allowed on Instagram.');
    oneOf(body.notification_type, ['REGULAR', 'SILENT_PUSH', 'NO_PUSH'], 'notification_type');
  }
  return messaging;
}

function parseTag(value: unknown, channel: Channel): 'HUMAN_AGENT' | 'CUSTOMER_FEEDBACK' {
  if (typeof value === 'string' && RETIRED_TAGS.includes(value)) {
    throw badParameter(`The message tag ${value} is no longer supported since 2026-04-27.`);
  }
  const allowed =
    channel === 'instagram'
      ? (['HUMAN_AGENT'] as const)
      : (['HUMAN_AGENT', 'CUSTOMER_FEEDBACK'] as const);
  return oneOf(value, allowed, 'tag');
}
