import type { InboundEvent } from '../../../model';
import { asId, asObject, asText } from '../json';
import { messageTypeOf, readAttachments, readReferral, readReplyTo } from './attachments';
import type { MessagingItem } from './messaging';
import { inboundEvent, unrecognised } from './scope';

/** `message`: from the person, an echo of our own side, or the person's withdrawal of one. */
export function parseMessage(item: MessagingItem): InboundEvent {
  const { scope, raw, part, personId, senderId, occurredAt } = item;
  const mid = asId(part.mid);
  if (mid === null || personId === null) return unrecognised(scope, raw, 'message');
  // A note of the owner to themselves: neither a customer nor an answer to one.
  if (part.is_self === true || raw.is_self === true || personId === scope.accountId) {
    return unrecognised(scope, raw, 'message to oneself');
  }
  const contact = { externalId: personId };
  if (part.is_deleted === true) {
    return inboundEvent(scope, raw, occurredAt, [mid], {
      kind: 'delete',
      contact,
      targetProviderId: mid,
    });
  }
  const text = asText(part.text);
  const attachments = readAttachments(part);
  const type = messageTypeOf(part, text, attachments);
  // What the account itself sent is an echo, flagged or not: nothing may ever answer it.
  if (part.is_echo === true || senderId === scope.accountId) {
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
  return inboundEvent(scope, raw, occurredAt, [mid], {
    kind: 'message',
    contact,
    providerId: mid,
    type,
    text,
    attachments,
    buttonPayload: asText(asObject(part.quick_reply)?.payload),
    replyTo: readReplyTo(part),
    referral: readReferral(part.referral),
    standby: scope.standby,
  });
}
