import type { InboundEvent } from '../../../model';
import { asId, asObject, asText, asWords, isTrue } from '../../graph/json';
import { payloadOf } from './actions';
import { parsePersonalActivity } from './activity';
import { messageTypeOf, readAttachments, readReplyTo } from './attachments';
import type { MessagingItem } from './messagingItem';
import { readReferral } from './referral';
import { fingerprint, inboundEvent, partyId, unrecognised } from './scope';

/** `message`: from the person, an echo of our own side, or the withdrawal of one. */
export function parseMessage(item: MessagingItem): InboundEvent {
  const { scope, raw, part, senderId, occurredAt, keyTime } = item;
  // What the account itself sent is an echo, flagged or not: nothing may ever answer it.
  const isEcho = isTrue(part.is_echo) || senderId === scope.accountId;
  const personId = isEcho ? personOfEcho(item) : item.personId;
  if (personId === null) return unrecognised(scope, raw, 'message of nobody');
  // A note of the owner to themselves: neither a customer nor an answer to one.
  if (isTrue(part.is_self) || isTrue(raw.is_self) || personId === scope.accountId) {
    return parsePersonalActivity({ ...item, personId: scope.accountId }, 'messages');
  }
  const contact = { externalId: personId };
  const mid = asId(part.mid);
  if (isTrue(part.is_deleted)) {
    if (mid === null) return unrecognised(scope, raw, 'deletion without its message');
    return inboundEvent(scope, raw, occurredAt, [mid], {
      kind: 'delete',
      contact,
      targetProviderId: mid,
    });
  }
  const text = asWords(part.text);
  const attachments = readAttachments(part);
  const type = messageTypeOf(part, text, attachments);
  if (isEcho) {
    if (mid === null) return unrecognised(scope, raw, 'echo without an id');
    return inboundEvent(scope, raw, occurredAt, [mid], {
      kind: 'echo',
      contact,
      providerId: mid,
      type,
      text,
      attachments,
      metadata: asText(part.metadata),
      senderAppId: asId(part.app_id),
    });
  }
  const key = mid === null ? [personId, keyTime, fingerprint(part)] : [mid];
  return inboundEvent(scope, raw, occurredAt, key, {
    kind: 'message',
    contact,
    providerId: mid,
    type,
    text,
    attachments,
    buttonPayload: payloadOf(asObject(part.quick_reply)?.payload),
    replyTo: readReplyTo(part),
    referral: readReferral(part.referral),
    standby: scope.standby,
  });
}

/** An echo goes from the account to the person: to the recipient, unless that is the account (recordings have both). */
function personOfEcho({ scope, raw, senderId }: MessagingItem): string | null {
  const recipientId = partyId(raw.recipient);
  if (senderId === scope.accountId) return recipientId;
  return recipientId === null || recipientId === scope.accountId ? senderId : recipientId;
}
