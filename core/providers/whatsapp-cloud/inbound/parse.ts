import { systemClock } from '../../../model';
import type { InboundEvent } from '../../../model';
import { asId, asObject, asText } from '../../graph/json';
import type { JsonObject } from '../../graph/json';
import { withoutDepths } from '../../meta/inbound/depth';
import type { ParsedWebhook } from '../../provider';
import { parseAccountChange, parseAccountError } from './account';
import { parseEcho, parseMessage } from './messages';
import { peopleOf } from './people';
import { parsePreference, parseUserIdUpdate } from './preferences';
import { activity, itemsOf, toEpochMs, unrecognised } from './scope';
import type { Scope } from './scope';
import { parseStatus } from './statuses';
import { parseTemplateChange } from './templates';

const OBJECT = 'whatsapp_business_account';
/** Entry id of the dashboard's samples; also for an entry that names no account. */
const NO_ACCOUNT = '0';

/**
 * Reads a webhook body of object `whatsapp_business_account`. Any JSON value gives a result: whatever is ours and of no
 * known shape becomes `unrecognised` with its raw object, and never costs its neighbours. Events are in the order of
 * their times, which Meta does not keep; of equal times the order of the body stays (times are whole seconds).
 * @param receivedAt epoch ms, for items without a usable time of their own
 */
export function parseWhatsAppWebhook(
  body: unknown,
  receivedAt: number = systemClock.now(),
): ParsedWebhook {
  const kept = withoutDepths(body);
  const parts = Array.isArray(kept) ? (kept as unknown[]) : [kept];
  const parsed = parts.map((part) => parsePart(part, receivedAt));
  return {
    events: parsed.flatMap((events) => events ?? []).sort((a, b) => a.occurredAt - b.occurredAt),
    foreign: parsed.every((events) => events === null),
  };
}

/** Null for what is none of ours: another `object`, or no object at all. */
function parsePart(part: unknown, receivedAt: number): InboundEvent[] | null {
  const body = asObject(part);
  if (body === null) return null;
  // A sample of the dashboard: `{field, value}` without anything around it.
  if (body.object === undefined && asText(body.field) !== null && asObject(body.value) !== null) {
    return parseChange(businessScope(NO_ACCOUNT, receivedAt), body);
  }
  if (body.object !== OBJECT) return null;
  if (!Array.isArray(body.entry)) {
    return [unrecognised(businessScope(NO_ACCOUNT, receivedAt), body, 'body without entries')];
  }
  return (body.entry as unknown[]).flatMap((entry) => parseEntry(entry, receivedAt));
}

const HOUR_MS = 3_600_000;

function businessScope(businessId: string, receivedAt: number, time: unknown = null): Scope {
  const told = toEpochMs(time);
  const entryTime = told ?? receivedAt;
  const keyTime = told ?? receivedAt - (receivedAt % HOUR_MS);
  return { accountId: businessId, under: 'oldest', entryTime, keyTime };
}

function parseEntry(value: unknown, receivedAt: number): InboundEvent[] {
  const entry = asObject(value);
  const scope = businessScope(asId(entry?.id) ?? NO_ACCOUNT, receivedAt, entry?.time);
  if (entry === null) return [unrecognised(scope, value, 'entry that is no object')];
  const changes = itemsOf(entry.changes);
  if (changes.length === 0) return [unrecognised(scope, entry, 'entry without changes')];
  return changes.flatMap((change) => parseChange(scope, change));
}

/** One change `{field, value}`. `scope` is the business account's; a value that names a number belongs to that one. */
function parseChange(scope: Scope, value: unknown): InboundEvent[] {
  const raw = asObject(value);
  const field = asText(raw?.field);
  const change = asObject(raw?.value);
  if (raw === null || field === null || change === null) {
    return [unrecognised(scope, value, field ?? 'change without a field')];
  }
  const about = parseTemplateChange(scope, field, raw) ?? parseAccountChange(scope, field, raw);
  if (about) return [about];
  const number = numberScope(scope, change);
  const events = parseItems(number, field, change);
  if (events.length > 0) return events;
  return [isKnown(field) ? activity(number, field, raw) : unrecognised(number, raw, field)];
}

/** Fields that say nothing of messages, people, templates or the state of the account. */
const KNOWN_FIELDS = new Set([
  'history',
  'smb_app_state_sync',
  'flows',
  'calls',
  'payment_configuration_update',
  'partner_solutions',
  'automatic_events',
  'account_settings_update',
]);

function isKnown(field: string): boolean {
  return KNOWN_FIELDS.has(field) || field.startsWith('group_');
}

function numberScope(scope: Scope, change: JsonObject): Scope {
  const numberId = asId(asObject(change.metadata)?.phone_number_id);
  return numberId === null ? scope : { ...scope, accountId: numberId, under: undefined };
}

function parseItems(scope: Scope, field: string, change: JsonObject): InboundEvent[] {
  const people = peopleOf(change);
  switch (field) {
    case 'messages':
      return [
        ...itemsOf(change.messages).map((item) => parseMessage(scope, item, people)),
        ...itemsOf(change.statuses).map((item) => parseStatus(scope, item, people)),
        ...itemsOf(change.errors).map((item) => parseAccountError(scope, item)),
      ];
    case 'smb_message_echoes':
      return itemsOf(change.message_echoes).map((item) => parseEcho(scope, item, people));
    case 'user_preferences':
      return itemsOf(change.user_preferences).map((item) => parsePreference(scope, item, people));
    case 'user_id_update':
      return itemsOf(change.user_id_update).map((item) => parseUserIdUpdate(scope, item, people));
    default:
      return [];
  }
}
