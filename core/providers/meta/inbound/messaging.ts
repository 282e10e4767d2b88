import type { InboundEvent } from '../../../model';
import { asId, asList, asNumber, asObject, asText } from '../json';
import type { JsonObject } from '../json';
import { readReferral } from './attachments';
import { parseHandover } from './handover';
import { parseMessage } from './message';
import { fingerprint, inboundEvent, partyId, toEpochMs, unrecognised } from './scope';
import type { Scope } from './scope';
import { withoutStoryMedia } from './storyMedia';

/** One item of `messaging[]` or `standby[]`, ready for its parser. */
export interface MessagingItem {
  scope: Scope;
  raw: JsonObject;
  /** The part that names the kind, such as the value of `message`. */
  part: JsonObject;
  /** The person: whichever side is not the account. Null where nobody is named. */
  personId: string | null;
  senderId: string | null;
  occurredAt: number;
}

type Parser = (item: MessagingItem) => InboundEvent;

/** Each item has exactly one of these (Messenger and Instagram webhook references); `policy-enforcement` is the older spelling. */
const PARSERS: ReadonlyArray<readonly [key: string, parse: Parser]> = [
  ['message', parseMessage],
  ['postback', parsePostback],
  ['reaction', parseReaction],
  ['read', parseRead],
  ['delivery', parseDelivery],
  ['message_edit', parseEdit],
  ['optin', parseOptin],
  ['pass_thread_control', (item) => parseHandover(item, 'pass')],
  ['take_thread_control', (item) => parseHandover(item, 'take')],
  ['request_thread_control', (item) => parseHandover(item, 'request')],
  ['app_roles', (item) => parseHandover(item, 'roles')],
  ['policy_enforcement', parsePolicy],
  ['policy-enforcement', parsePolicy],
  // Last: a referral of its own, not the one inside a message or postback.
  ['referral', parseReferralEvent],
];

/** Never throws; an item of no known shape becomes `unrecognised`. */
export function parseMessagingItem(scope: Scope, value: unknown): InboundEvent {
  const item = asObject(value);
  if (item === null) return unrecognised(scope, value, 'messaging item that is no object');
  const raw = withoutStoryMedia(item);
  for (const [key, parse] of PARSERS) {
    const part = asObject(raw[key]);
    if (part === null) continue;
    const senderId = partyId(raw.sender);
    const recipientId = partyId(raw.recipient);
    const personId = senderId === scope.accountId ? recipientId : senderId;
    const occurredAt = toEpochMs(raw.timestamp) ?? scope.entryTime;
    return parse({ scope, raw, part, personId, senderId, occurredAt });
  }
  return unrecognised(scope, raw, kindName(raw));
}

/** For the log: the key that names the kind, such as `account_linking`. */
function kindName(raw: JsonObject): string {
  const common = new Set(['sender', 'recipient', 'timestamp']);
  const key = Object.keys(raw).find((name) => !common.has(name));
  return key === undefined ? 'messaging item without content' : key.slice(0, 100);
}

function parsePostback(item: MessagingItem): InboundEvent {
  const { scope, raw, part, personId, occurredAt } = item;
  if (personId === null) return unrecognised(scope, raw, 'postback');
  const mid = asId(part.mid);
  const payload = asText(part.payload);
  const key = mid === null ? [personId, occurredAt, fingerprint(payload)] : [mid];
  const title = asText(part.title);
  const referral = readReferral(part.referral);
  if (scope.standby) {
    // Another app holds the thread: an event that says so, and that is stored all the same.
    const providerId = mid ?? `postback:${key.join(':')}`;
    return inboundEvent(scope, raw, occurredAt, key, {
      kind: 'message',
      contact: { externalId: personId },
      providerId,
      type: 'postback',
      text: title,
      attachments: [],
      buttonPayload: payload,
      replyTo: null,
      referral,
      standby: true,
    });
  }
  return inboundEvent(scope, raw, occurredAt, key, {
    kind: 'postback',
    contact: { externalId: personId },
    providerId: mid,
    title,
    payload,
    referral,
  });
}

function parseReaction(item: MessagingItem): InboundEvent {
  const { scope, raw, part, personId, senderId, occurredAt } = item;
  const mid = asId(part.mid);
  const action = asText(part.action);
  if (personId === null || mid === null || (action !== 'react' && action !== 'unreact')) {
    return unrecognised(scope, raw, 'reaction');
  }
  return inboundEvent(scope, raw, occurredAt, [mid, senderId ?? '', action, occurredAt], {
    kind: 'reaction',
    contact: { externalId: personId },
    targetProviderId: mid,
    action,
    reaction: asText(part.reaction),
    emoji: asText(part.emoji),
  });
}

/** Messenger names the time up to which everything was read, Instagram the message. */
function parseRead(item: MessagingItem): InboundEvent {
  const { scope, raw, part, personId, occurredAt } = item;
  const watermark = toEpochMs(part.watermark);
  const mid = asId(part.mid);
  if (personId === null || (watermark === null && mid === null)) {
    return unrecognised(scope, raw, 'read');
  }
  return inboundEvent(scope, raw, occurredAt, [personId, watermark ?? mid ?? ''], {
    kind: 'read',
    contact: { externalId: personId },
    providerIds: mid === null ? [] : [mid],
    watermark,
  });
}

function parseDelivery(item: MessagingItem): InboundEvent {
  const { scope, raw, part, personId, occurredAt } = item;
  const watermark = toEpochMs(part.watermark);
  const providerIds = asList(part.mids).flatMap((mid) => asId(mid) ?? []);
  if (personId === null || (watermark === null && providerIds.length === 0)) {
    return unrecognised(scope, raw, 'delivery');
  }
  return inboundEvent(scope, raw, occurredAt, [personId, watermark ?? fingerprint(providerIds)], {
    kind: 'delivery',
    contact: { externalId: personId },
    providerIds,
    watermark,
  });
}

function parseEdit(item: MessagingItem): InboundEvent {
  const { scope, raw, part, personId, occurredAt } = item;
  const mid = asId(part.mid);
  if (personId === null || mid === null) return unrecognised(scope, raw, 'message_edit');
  return inboundEvent(scope, raw, occurredAt, [mid, asNumber(part.num_edit) ?? occurredAt], {
    kind: 'edit',
    contact: { externalId: personId },
    targetProviderId: mid,
    text: asText(part.text),
  });
}

/** The checkbox plugin knows no person yet, only its own `user_ref`. */
function parseOptin(item: MessagingItem): InboundEvent {
  const { scope, raw, part, personId, occurredAt } = item;
  return inboundEvent(scope, raw, occurredAt, [personId ?? '', occurredAt, fingerprint(part)], {
    kind: 'optin',
    contact: personId === null ? null : { externalId: personId },
    payload: asText(part.payload) ?? asText(part.ref),
    details: part,
  });
}

function parsePolicy(item: MessagingItem): InboundEvent {
  const { scope, raw, part, occurredAt } = item;
  const action = asText(part.action);
  if (action === null) return unrecognised(scope, raw, 'policy_enforcement');
  return inboundEvent(scope, raw, occurredAt, [fingerprint(action), occurredAt], {
    kind: 'policy',
    action,
    reason: asText(part.reason),
  });
}

function parseReferralEvent(item: MessagingItem): InboundEvent {
  const { scope, raw, part, personId, occurredAt } = item;
  const referral = readReferral(part);
  if (personId === null || referral === null) return unrecognised(scope, raw, 'referral');
  return inboundEvent(scope, raw, occurredAt, [personId, occurredAt, fingerprint(part)], {
    kind: 'referral',
    contact: { externalId: personId },
    referral,
  });
}
