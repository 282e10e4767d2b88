import type { InboundEvent } from '../../../model';
import { asId, asItems, asNumber, asText, asWords } from '../../graph/json';
import type { MessagingItem } from './messagingItem';
import { fingerprint, inboundEvent, toEpochMs, unrecognised } from './scope';

/** What became of a message that is known already. */

export function parseReaction(item: MessagingItem): InboundEvent {
  const { scope, raw, part, personId, senderId, occurredAt, keyTime } = item;
  const mid = asId(part.mid);
  const emoji = asText(part.emoji);
  const reaction = asText(part.reaction);
  // Without a word for it, an emoji is put there and none is taken away.
  const action = asText(part.action) ?? ((emoji ?? reaction) ? 'react' : null);
  if (personId === null || mid === null || (action !== 'react' && action !== 'unreact')) {
    return unrecognised(scope, raw, 'reaction of no known form');
  }
  return inboundEvent(scope, raw, occurredAt, [mid, senderId ?? '', action, keyTime], {
    kind: 'reaction',
    contact: { externalId: personId },
    targetProviderId: mid,
    action,
    reaction,
    emoji,
  });
}

/**
 * Messenger names the time up to which everything was read, Instagram the message. With neither, it is known that the
 * person has read, and not what.
 */
export function parseRead(item: MessagingItem): InboundEvent {
  const { scope, raw, part, personId, occurredAt, keyTime } = item;
  if (personId === null) return unrecognised(scope, raw, 'read by nobody');
  const watermark = toEpochMs(part.watermark);
  const mid = asId(part.mid);
  return inboundEvent(scope, raw, occurredAt, [personId, watermark ?? mid ?? keyTime], {
    kind: 'read',
    contact: { externalId: personId },
    providerIds: mid === null ? [] : [mid],
    watermark,
  });
}

export function parseDelivery(item: MessagingItem): InboundEvent {
  const { scope, raw, part, personId, occurredAt, keyTime } = item;
  if (personId === null) return unrecognised(scope, raw, 'delivery to nobody');
  const watermark = toEpochMs(part.watermark);
  const providerIds = asItems(part.mids).flatMap((mid) => asId(mid) ?? []);
  const what = watermark ?? (providerIds.length > 0 ? fingerprint(providerIds) : keyTime);
  return inboundEvent(scope, raw, occurredAt, [personId, what], {
    kind: 'delivery',
    contact: { externalId: personId },
    providerIds,
    watermark,
  });
}

export function parseEdit(item: MessagingItem): InboundEvent {
  const { scope, raw, part, personId, occurredAt, keyTime } = item;
  const mid = asId(part.mid);
  if (personId === null || mid === null) {
    return unrecognised(scope, raw, 'message_edit without its message');
  }
  return inboundEvent(scope, raw, occurredAt, [mid, asNumber(part.num_edit) ?? keyTime], {
    kind: 'edit',
    contact: { externalId: personId },
    targetProviderId: mid,
    text: asWords(part.text),
  });
}
