import type { InboundEvent } from '../../../model';
import { asId, asItems, asNumber, asObject, asText, asWords } from '../../graph/json';
import type { JsonObject } from '../../graph/json';
import { parsePersonalActivity } from './activity';
import { readReferral } from './referral';
import type { MessagingItem } from './messagingItem';
import { fingerprint, inboundEvent, unrecognised } from './scope';

/** A tap on a button, a menu entry or an ice breaker. */
export function parsePostback(item: MessagingItem): InboundEvent {
  const { scope, raw, part, personId, occurredAt, keyTime } = item;
  if (personId === null) return unrecognised(scope, raw, 'postback of nobody');
  const mid = asId(part.mid);
  const payload = payloadOf(part.payload);
  const key = mid === null ? [personId, keyTime, fingerprint(payload)] : [mid];
  const title = asWords(part.title);
  const referral = readReferral(part.referral);
  if (scope.standby) {
    // Another app holds the thread: an event that says so, and that is stored all the same.
    return inboundEvent(scope, raw, occurredAt, key, {
      kind: 'message',
      contact: { externalId: personId },
      providerId: mid ?? `postback:${key.join(':')}`,
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

/** What a button was made with: a text, though one that was made by hand may hold anything. */
export function payloadOf(value: unknown): string | null {
  const object = asObject(value);
  return object === null ? asWords(value) : JSON.stringify(object);
}

/**
 * Consent of any kind: the plugins (`ref`), the checkbox plugin, which knows no person yet but only its own `user_ref`,
 * one-time and recurring notifications (their tokens are in `details`).
 */
export function parseOptin(item: MessagingItem): InboundEvent {
  const { scope, raw, part, personId, occurredAt, keyTime } = item;
  return inboundEvent(scope, raw, occurredAt, [personId ?? '', keyTime, fingerprint(part)], {
    kind: 'optin',
    contact: personId === null ? null : { externalId: personId },
    payload: payloadOf(part.payload) ?? asWords(part.ref),
    details: part,
  });
}

export function parsePolicy(item: MessagingItem): InboundEvent {
  const { scope, raw, part, occurredAt, keyTime } = item;
  const action = asText(part.action);
  if (action === null) return unrecognised(scope, raw, 'policy_enforcement without an action');
  return inboundEvent(scope, raw, occurredAt, [fingerprint(part), keyTime], {
    kind: 'policy',
    action,
    reason: asText(part.reason),
  });
}

/** The person came in by an ad or a link, and has not written yet. */
export function parseReferralEvent(item: MessagingItem): InboundEvent {
  const { scope, raw, part, personId, occurredAt, keyTime } = item;
  const referral = readReferral(part);
  if (personId === null || referral === null) return unrecognised(scope, raw, 'referral of nobody');
  return inboundEvent(scope, raw, occurredAt, [personId, keyTime, fingerprint(part)], {
    kind: 'referral',
    contact: { externalId: personId },
    referral,
  });
}

export function parseAccountLinking(item: MessagingItem): InboundEvent {
  const { scope, raw, part, personId, occurredAt, keyTime } = item;
  const status = asText(part.status);
  if (personId === null || (status !== 'linked' && status !== 'unlinked')) {
    return unrecognised(scope, raw, 'account_linking of no known status');
  }
  return inboundEvent(scope, raw, occurredAt, [personId, keyTime, status], {
    kind: 'accountLink',
    contact: { externalId: personId },
    status,
    authorizationCode: asText(part.authorization_code),
  });
}

/** The answer to the customer feedback template; a form without a figure is an activity like any other. */
export function parseFeedback(item: MessagingItem): InboundEvent {
  const { scope, raw, part, personId, occurredAt, keyTime } = item;
  const [first] = asItems(part.feedback_screens)
    .flatMap((screen) => Object.values(asObject(asObject(screen)?.questions) ?? {}))
    .flatMap((answer) => rated(asObject(answer)));
  if (personId === null || first === undefined) {
    return parsePersonalActivity(item, 'messaging_feedback');
  }
  return inboundEvent(scope, raw, occurredAt, [personId, keyTime, fingerprint(part)], {
    kind: 'feedback',
    contact: { externalId: personId },
    ...first,
  });
}

/** The scales of Messenger's forms beside stars and faces (1 to 5): would recommend 0 to 10, was easy 1 to 7. */
const BEST_OF_FORM: Record<string, number> = { nps: 10, ces: 7 };

function rated(
  answer: JsonObject | null,
): Array<{ rating: number; best?: number; comment: string | null }> {
  const rating = asNumber(answer?.payload);
  const comment = asWords(asObject(answer?.follow_up)?.payload);
  const best = BEST_OF_FORM[asText(answer?.type) ?? ''];
  return rating === null ? [] : [{ rating, ...(best !== undefined && { best }), comment }];
}
