import type { InboundEvent } from '../../../model';
import { withoutDepths } from '../../meta/inbound/depth';
import { asItems, asObject } from '../../graph/json';
import type { JsonObject } from '../../graph/json';
import type { ParsedWebhook } from '../../provider';
import { channelOfType } from '../channels';
import { contentsOf, readContents, readReaction } from './content';
import { personOf } from './people';
import {
  fingerprint,
  idAt,
  inboundEvent,
  unrecognised,
  unwrapped,
  wordsAt,
  type HubCallFacts,
  type Scope,
} from './scope';
import { parseStatus } from './status';
import { readTime } from './time';

export type { HubCallFacts } from './scope';

/**
 * Reads a body that the hub posts: one event, or a list of them. Keys are read by their aliases, because payloads vary;
 * the raw body stays with every event, and what is not understood becomes `unrecognised`, never an exception.
 * @param facts what the address told: it was made for one channel by this package, so it wins over the body
 */
export function parseNotificaMeWebhook(body: unknown, facts: HubCallFacts): ParsedWebhook {
  const kept = withoutDepths(unwrapped(body));
  const parts = asItems(kept);
  const events = parts.flatMap((part) => parsePart(part, facts) ?? []);
  return { events, foreign: events.length === 0 };
}

/** Null for what names no channel of the hub at all. */
function parsePart(part: unknown, facts: HubCallFacts): InboundEvent | null {
  const event = asObject(part);
  const message = asObject(unwrapped(event?.message));
  const type = wordsAt(event, 'type', 'eventType')?.toUpperCase() ?? '';
  const isStatus =
    type === 'MESSAGE_STATUS' || (type === '' && asObject(event?.messageStatus) !== null);
  const isOut = isStatus || directionOf(event, message) === 'OUT';
  const scope = scopeOf(event, message, isOut, facts);
  if (scope === null) return null;
  if (event === null) return unrecognised(scope, part, 'body that is no object');
  if (isStatus) return parseStatus(scope, event);
  if (message === null || (type !== '' && type !== 'MESSAGE')) {
    return unrecognised(scope, event, type === '' ? 'body without a type' : `event ${type}`);
  }
  return parseMessage(scope, event, message, isOut);
}

function directionOf(event: JsonObject | null, message: JsonObject | null): string | null {
  return (wordsAt(message, 'direction') ?? wordsAt(event, 'direction'))?.toUpperCase() ?? null;
}

function scopeOf(
  event: JsonObject | null,
  message: JsonObject | null,
  isOut: boolean,
  facts: HubCallFacts,
): Scope | null {
  const own = isOut ? idAt(message, 'from') : idAt(message, 'to');
  const accountId = facts.accountId ?? own ?? idAt(event, 'channelId');
  const type = wordsAt(message, 'channel') ?? wordsAt(event, 'channel');
  const channel = facts.channel ?? channelOfType(type);
  if (accountId === null || channel === null) return null;
  const time = event?.timestamp ?? message?.timestamp;
  return { channel, accountId, occurredAt: readTime(time, facts.receivedAt, facts.timezone) };
}

function parseMessage(
  scope: Scope,
  event: JsonObject,
  message: JsonObject,
  isOut: boolean,
): InboundEvent {
  const partner = isOut ? idAt(message, 'to') : idAt(message, 'from');
  const contents = contentsOf(message);
  const content = readContents(contents);
  if (partner === null) return unrecognised(scope, event, 'message of nobody');
  if (content === null) return unrecognised(scope, event, 'message without contents');
  const contact = personOf(scope.channel, partner, isOut ? {} : message);
  const { providerId, otherProviderId } = idsOf(event, message);
  const key = [providerId ?? idAt(event, 'id') ?? fingerprint(event)];
  const other = otherProviderId === null ? {} : { otherProviderId };
  const reaction = readReaction(contents);
  if (isOut) {
    if (providerId === null || reaction !== null)
      return unrecognised(scope, event, 'outgoing message');
    const { type, text, attachments } = content;
    const words = { type, text, attachments, metadata: null, senderAppId: null };
    return inboundEvent(scope, event, key, {
      kind: 'echo',
      contact,
      providerId,
      ...other,
      ...words,
    });
  }
  if (reaction !== null) {
    const action = reaction.emoji === null ? 'unreact' : 'react';
    return inboundEvent(scope, event, key, {
      kind: 'reaction',
      contact,
      ...reaction,
      action,
      reaction: null,
    });
  }
  const { details, ...words } = content;
  const quoted = idAt(asObject(message.context), 'id', 'messageId') ?? idAt(message, 'replyTo');
  return inboundEvent(scope, event, key, {
    kind: 'message',
    contact,
    providerId,
    ...other,
    ...words,
    replyTo: quoted === null ? null : { providerId: quoted },
    referral: null,
    standby: false,
    ...(Object.keys(details).length === 0 ? {} : { details }),
  });
}

/**
 * A message has two ids: the provider's own, by which it is quoted and its status told, and the hub's. None is ever made
 * up.
 */
function idsOf(
  event: JsonObject,
  message: JsonObject,
): { providerId: string | null; otherProviderId: string | null } {
  const own = idAt(event, 'providerMessageId') ?? idAt(message, 'providerMessageId', 'externalId');
  const hub = idAt(message, 'id');
  return { providerId: own ?? hub, otherProviderId: own === null || own === hub ? null : hub };
}
