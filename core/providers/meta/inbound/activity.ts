import type { InboundContact, InboundEvent } from '../../../model';
import { asId, asObject, asText, asWords } from '../../graph/json';
import type { JsonObject } from '../../graph/json';
import type { MessagingItem } from './messagingItem';
import { fingerprint, inboundEvent, toEpochMs } from './scope';
import type { Scope } from './scope';

/** A change that is known and is no message; its value may be an object or, of a profile, any value. */
export function parseActivity(
  scope: Scope,
  raw: JsonObject,
  field: string,
  author: InboundContact | null = null,
): InboundEvent {
  const change = asObject(raw.value) ?? {};
  const made = toEpochMs(change.created_time);
  return inboundEvent(
    scope,
    raw,
    made ?? scope.entryTime,
    [field, fingerprint(raw.value), scope.keyTime],
    {
      kind: 'activity',
      contact: author,
      field,
      item: asText(change.item),
      verb: asText(change.verb),
      providerId:
        asId(change.comment_id) ??
        asId(change.id) ??
        asId(change.leadgen_id) ??
        asId(change.post_id) ??
        asId(change.media_id),
      postId: asId(change.post_id) ?? asId(change.media_id),
      parentId: asId(change.parent_id),
      text: asWords(change.message) ?? asWords(change.text),
      isOwn: author?.externalId === scope.accountId,
    },
  );
}

/** Something a person does in a conversation that is no message: a game, a payment, a form. */
export function parsePersonalActivity(item: MessagingItem, field: string): InboundEvent {
  const { scope, raw, part, personId, occurredAt, keyTime } = item;
  return inboundEvent(scope, raw, occurredAt, [field, personId ?? '', fingerprint(part), keyTime], {
    kind: 'activity',
    contact: personId === null ? null : { externalId: personId },
    field,
    item: null,
    verb: null,
    providerId: asId(part.mid) ?? asId(part.payment_id),
    postId: null,
    parentId: null,
    text: asText(part.feedback),
    isOwn: personId === scope.accountId,
  });
}
