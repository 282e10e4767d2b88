import type { InboundEvent } from '../../../model';
import { asObject } from '../../graph/json';
import type { JsonObject } from '../../graph/json';
import { parsePersonalActivity } from './activity';
import { isPersonalActivity } from './fields';
import { parseHandover } from './handover';
import { parseMessage } from './message';
import type { MessagingItem } from './messagingItem';
import {
  parseAccountLinking,
  parseFeedback,
  parseOptin,
  parsePolicy,
  parsePostback,
  parseReferralEvent,
} from './actions';
import { parseDelivery, parseEdit, parseReaction, parseRead } from './reports';
import { partyId, toEpochMs, unrecognised } from './scope';
import type { Scope } from './scope';
import { withoutStoryMedia } from './storyMedia';

type Parser = (item: MessagingItem) => InboundEvent;

const pass: Parser = (item) => parseHandover(item, 'pass');
const take: Parser = (item) => parseHandover(item, 'take');
const request: Parser = (item) => parseHandover(item, 'request');

/**
 * Each item has exactly one of these (Messenger and Instagram webhook references). Where the name of the webhook field
 * differs from the key, or is spelt in several ways, the other spellings are here as well.
 */
const PARSERS: ReadonlyArray<readonly [key: string, parse: Parser]> = [
  ['message', parseMessage],
  ['postback', parsePostback],
  ['messaging_postback', parsePostback],
  ['messaging_postbacks', parsePostback],
  ['reaction', parseReaction],
  ['message_reaction', parseReaction],
  ['message_reactions', parseReaction],
  ['read', parseRead],
  ['seen', parseRead],
  ['messaging_seen', parseRead],
  ['message_reads', parseRead],
  ['delivery', parseDelivery],
  ['message_deliveries', parseDelivery],
  ['message_edit', parseEdit],
  ['message_edits', parseEdit],
  ['optin', parseOptin],
  ['messaging_optin', parseOptin],
  ['messaging_optins', parseOptin],
  ['account_linking', parseAccountLinking],
  ['messaging_account_linking', parseAccountLinking],
  ['messaging_feedback', parseFeedback],
  ['pass_thread_control', pass],
  ['take_thread_control', take],
  ['request_thread_control', request],
  ['app_roles', (item) => parseHandover(item, 'roles')],
  ['policy_enforcement', parsePolicy],
  ['policy-enforcement', parsePolicy],
  ['messaging_policy_enforcement', parsePolicy],
  // Last: a referral of its own, not the one inside a message or postback.
  ['referral', parseReferralEvent],
  ['messaging_referral', parseReferralEvent],
  ['messaging_referrals', parseReferralEvent],
];

/** What every item may have beside its own part. */
const COMMON: ReadonlySet<string> = new Set(['sender', 'recipient', 'timestamp']);
/** `{"messaging_handover": {"pass_thread_control": {…}}}`: the name of the field around the part. */
const AROUND: ReadonlySet<string> = new Set(['messaging_handover', 'messaging_handovers']);

/** Never throws; an item of no known shape becomes `unrecognised`. */
export function parseMessagingItem(scope: Scope, value: unknown): InboundEvent {
  const item = asObject(value);
  if (item === null) return unrecognised(scope, value, 'messaging item that is no object');
  const raw = withoutStoryMedia(item);
  const shown = { ...raw, ...contentsOf(raw) };
  for (const [key, parse] of PARSERS) {
    const part = asObject(shown[key]);
    if (part !== null) return parse(itemOf(scope, raw, part));
  }
  const activity = Object.keys(raw).find(isPersonalActivity);
  if (activity !== undefined) {
    return parsePersonalActivity(itemOf(scope, raw, asObject(raw[activity]) ?? {}), activity);
  }
  return unrecognised(scope, raw, kindName(raw));
}

function contentsOf(raw: JsonObject): JsonObject {
  const around = Object.keys(raw).find((key) => AROUND.has(key));
  return (around === undefined ? null : asObject(raw[around])) ?? {};
}

function itemOf(scope: Scope, raw: JsonObject, part: JsonObject): MessagingItem {
  const senderId = partyId(raw.sender);
  const recipientId = partyId(raw.recipient);
  const time = toEpochMs(raw.timestamp);
  return {
    scope,
    raw,
    part,
    personId: senderId === scope.accountId ? recipientId : senderId,
    senderId,
    occurredAt: time ?? scope.entryTime,
    keyTime: time ?? scope.keyTime,
  };
}

/** For the log: the key that names the kind. */
function kindName(raw: JsonObject): string {
  const key = Object.keys(raw).find((name) => !COMMON.has(name));
  return key === undefined ? 'messaging item without content' : key.slice(0, 100);
}
