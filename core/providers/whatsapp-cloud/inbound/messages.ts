import type { InboundContact, InboundEvent } from '../../../model';
import { asId, asObject, asText } from '../../graph/json';
import type { JsonObject } from '../../graph/json';
import { aliasesOf } from '../phone';
import { readContent, readReferral, readReplyTo, wordsOf } from './content';
import { personOf } from './people';
import type { People } from './people';
import { inboundEvent, toEpochMs, unrecognised } from './scope';
import type { Scope } from './scope';

interface Item {
  scope: Scope;
  message: JsonObject;
  people: People;
  id: string;
  occurredAt: number;
}

/** One entry of `messages[]`: words, a tap, a reaction, an edit, a withdrawal, or news of the person's number. */
export function parseMessage(scope: Scope, value: unknown, people: People): InboundEvent {
  const message = asObject(value);
  const id = asId(message?.id);
  if (message === null || id === null) return unrecognised(scope, value, 'message without an id');
  const occurredAt = toEpochMs(message.timestamp) ?? scope.entryTime;
  const item: Item = { scope, message, people, id, occurredAt };
  if (message.type === 'system') return parseSystem(item);
  const contact = senderOf(item);
  if (contact === null) return unrecognised(scope, message, 'message of nobody');
  switch (message.type) {
    case 'reaction':
      return parseReaction(item, contact);
    case 'edit':
      return parseEdit(item, contact);
    case 'revoke':
      return parseRevoke(item, contact);
    default:
      return parseWords(item, contact);
  }
}

function senderOf({ message, people }: Item): InboundContact | null {
  return personOf({ phone: asId(message.from), userId: asId(message.from_user_id) }, people);
}

function parseWords(item: Item, contact: InboundContact): InboundEvent {
  const { scope, message, id, occurredAt } = item;
  const content = readContent(message);
  if (content === null)
    return unrecognised(scope, message, `message ${asText(message.type) ?? ''}`);
  const { details, ...words } = content;
  return inboundEvent(scope, message, occurredAt, [id], {
    kind: 'message',
    contact,
    providerId: id,
    ...words,
    replyTo: readReplyTo(message),
    referral: readReferral(message),
    // An answer would go to the person alone, past the group.
    standby: asText(message.group_id) !== null,
    ...(Object.keys(details).length === 0 ? {} : { details }),
  });
}

function parseReaction(item: Item, contact: InboundContact): InboundEvent {
  const { scope, message, id, occurredAt } = item;
  const reaction = asObject(message.reaction);
  const targetProviderId = asId(reaction?.message_id);
  if (targetProviderId === null) return unrecognised(scope, message, 'reaction');
  // Taken back: the emoji is absent or empty.
  const emoji = asText(reaction?.emoji);
  return inboundEvent(scope, message, occurredAt, [id], {
    kind: 'reaction',
    contact,
    targetProviderId,
    action: emoji === null ? 'unreact' : 'react',
    reaction: null,
    emoji,
  });
}

function parseEdit(item: Item, contact: InboundContact): InboundEvent {
  const { scope, message, id, occurredAt } = item;
  const edit = asObject(message.edit);
  const targetProviderId = asId(edit?.original_message_id);
  if (targetProviderId === null) return unrecognised(scope, message, 'edit');
  return inboundEvent(scope, message, occurredAt, [id], {
    kind: 'edit',
    contact,
    targetProviderId,
    text: wordsOf(asObject(edit?.message)),
  });
}

function parseRevoke(item: Item, contact: InboundContact): InboundEvent {
  const { scope, message, id, occurredAt } = item;
  const targetProviderId = asId(asObject(message.revoke)?.original_message_id);
  if (targetProviderId === null) return unrecognised(scope, message, 'revoke');
  return inboundEvent(scope, message, occurredAt, [id], {
    kind: 'delete',
    contact,
    targetProviderId,
  });
}

/** The person has a new number, a new user id or a new device: no words, and nothing to answer. */
function parseSystem(item: Item): InboundEvent {
  const { scope, message, people, id, occurredAt } = item;
  const system = asObject(message.system) ?? {};
  const type = asText(system.type) ?? '';
  const before = personOf(
    { phone: asId(message.from), userId: asId(message.from_user_id) },
    people,
  );
  const phone = asId(system.wa_id) ?? asId(system.new_wa_id);
  const userId = asId(system.user_id);
  const isDevice = type === 'customer_identity_changed';
  const now = isDevice ? before : personOf({ phone, userId }, []);
  if (now === null) return unrecognised(scope, message, `system ${type}`);
  const aliases = new Set([
    ...(now.aliases ?? []),
    ...(before ? [before.externalId, ...(before.aliases ?? [])] : []),
    ...(phone === null ? [] : aliasesOf(phone)),
  ]);
  aliases.delete(now.externalId);
  return inboundEvent(scope, message, occurredAt, [id], {
    kind: 'identity',
    contact: {
      ...now,
      ...(before?.name === undefined ? {} : { name: before.name }),
      ...(aliases.size === 0 ? {} : { aliases: [...aliases] }),
    },
    what: isDevice ? 'device' : phone === null ? 'userId' : 'phone',
  });
}

/** One entry of `message_echoes[]`: written in the WhatsApp Business app of a number that both use. */
export function parseEcho(scope: Scope, value: unknown, people: People): InboundEvent {
  const message = asObject(value);
  const id = asId(message?.id);
  const contact =
    message && personOf({ phone: asId(message.to), userId: asId(message.to_user_id) }, people);
  const content = message && readContent(message);
  if (message === null || id === null || contact === null || content === null) {
    return unrecognised(scope, value, 'message echo');
  }
  const { type, text, attachments } = content;
  return inboundEvent(scope, message, toEpochMs(message.timestamp) ?? scope.entryTime, [id], {
    kind: 'echo',
    contact,
    providerId: id,
    type,
    text,
    attachments,
    metadata: null,
    senderAppId: null,
  });
}
