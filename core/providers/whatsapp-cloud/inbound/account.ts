import type { AccountHealth, InboundEvent } from '../../../model';
import { asId, asList, asNumber, asObject, asText } from '../../graph/json';
import type { JsonObject } from '../../graph/json';
import { failureOf } from '../errors';
import { fingerprint, inboundEvent, present, unrecognised } from './scope';
import type { Scope } from './scope';

type Parser = (scope: Scope, raw: JsonObject, value: JsonObject) => InboundEvent | null;

const PARSERS = new Map<string, Parser>(
  Object.entries({
    account_update: parseAccountUpdate,
    account_review_update: (scope, raw, value) =>
      quality(scope, raw, 'review', { current: asText(value.decision) }),
    account_alerts: parseAlert,
    business_capability_update: parseCapability,
    phone_number_quality_update: parseQuality,
    phone_number_name_update: parseName,
    business_username_update: parseUsername,
    phone_number_username_update: parseUsername,
    security: (scope, raw, value) =>
      quality(scope, raw, 'security', { current: asText(value.event) }),
  } satisfies Record<string, Parser>),
);

/** News of a business account or one of its numbers. Undefined for a field that is about something else. */
export function parseAccountChange(
  scope: Scope,
  field: string,
  raw: JsonObject,
): InboundEvent | undefined {
  const parser = PARSERS.get(field);
  if (!parser) return undefined;
  const value = asObject(raw.value) ?? {};
  return parser(placed(scope, value), raw, value) ?? unrecognised(scope, raw, field);
}

/** Where a number is named, that number is meant; else every number of the business account. */
function placed(scope: Scope, value: JsonObject): Scope {
  const phone = (asText(value.display_phone_number) ?? asText(value.phone_number))?.replace(
    /\D/g,
    '',
  );
  return { ...scope, under: phone ? { phone } : 'all' };
}

interface QualityFacts {
  previous?: string | null;
  current: string | null;
  detail?: string | null;
  health?: AccountHealth;
}

function quality(
  scope: Scope,
  raw: JsonObject,
  what: string,
  { previous = null, current, detail = null, health }: QualityFacts,
): InboundEvent | null {
  if (current === null) return null;
  const key = [what, fingerprint(raw.value), scope.keyTime];
  return inboundEvent(scope, raw, scope.entryTime, key, {
    kind: 'quality',
    what,
    previous,
    current,
    detail,
    health: health ?? null,
  });
}

/** `event` is FLAGGED, UNFLAGGED, UPGRADE, DOWNGRADE or ONBOARDING; FLAGGED means that the rating has become low. */
function parseQuality(scope: Scope, raw: JsonObject, value: JsonObject): InboundEvent | null {
  const event = asText(value.event);
  const limit = asText(value.current_limit) ?? asText(value.max_daily_conversations_per_business);
  const rating = { FLAGGED: 'RED', UNFLAGGED: 'GREEN' }[event ?? ''];
  return quality(scope, raw, rating === undefined ? 'limit' : 'quality', {
    previous: asText(value.old_limit),
    current: rating ?? limit ?? event,
    detail: event,
    health: present({ messagingLimit: limit, qualityRating: rating ?? null }),
  });
}

function parseName(scope: Scope, raw: JsonObject, value: JsonObject): InboundEvent | null {
  const decision = asText(value.decision);
  const name = asText(value.requested_verified_name);
  return quality(scope, raw, 'name', {
    current: decision,
    detail: asText(value.rejection_reason) ?? name,
    health: present({
      nameStatus: decision,
      verifiedName: decision === 'APPROVED' ? name : null,
    }),
  });
}

function parseUsername(scope: Scope, raw: JsonObject, value: JsonObject): InboundEvent | null {
  return quality(scope, raw, 'username', {
    current: asText(value.status),
    detail: asText(value.username),
  });
}

function parseCapability(scope: Scope, raw: JsonObject, value: JsonObject): InboundEvent | null {
  const most = asNumber(value.max_daily_conversations_per_business);
  const word = asText(value.max_daily_conversations_per_business);
  const current = word ?? (most === null ? null : String(most));
  return quality(scope, raw, 'capability', {
    current,
    detail: 'People who may be written to first in 24 hours',
    health: present({ messagingLimit: current }),
  });
}

function parseAlert(scope: Scope, raw: JsonObject, value: JsonObject): InboundEvent | null {
  const alert = asObject(value.alert_info) ?? value;
  return quality(scope, raw, 'alert', {
    current: asText(alert.alert_type),
    detail: asText(alert.alert_description),
  });
}

/** What an `account_update` does to the accounts; everything else is only of note. */
const ACTIONS = new Map([
  ['ACCOUNT_DELETED', 'disconnect'],
  ['ACCOUNT_OFFBOARDED', 'disconnect'],
  ['PARTNER_REMOVED', 'disconnect'],
  ['PARTNER_APP_UNINSTALLED', 'disconnect'],
  ['ACCOUNT_RECONNECTED', 'unblock'],
  ['ACCOUNT_RESTRICTION', 'warning'],
  ['ACCOUNT_VIOLATION', 'warning'],
]);

function parseAccountUpdate(scope: Scope, raw: JsonObject, value: JsonObject): InboundEvent | null {
  const event = asText(value.event);
  if (event === null) return null;
  const ban = asText(asObject(value.ban_info)?.waba_ban_state);
  const action = ACTIONS.get(event) ?? (event === 'DISABLED_UPDATE' ? banAction(ban) : undefined);
  if (action === undefined) return quality(scope, raw, 'account', { current: event });
  return inboundEvent(scope, raw, scope.entryTime, [event, fingerprint(value), scope.keyTime], {
    kind: 'policy',
    action,
    reason: reasonFor(event, value),
  });
}

function banAction(state: string | null): string {
  if (state === 'REINSTATE') return 'unblock';
  return state === 'DISABLE' ? 'block' : 'warning';
}

function reasonFor(event: string, value: JsonObject): string {
  const restrictions = asList(value.restriction_info)
    .map((item) => asText(asObject(item)?.restriction_type))
    .filter((type) => type !== null);
  const violation = asText(asObject(value.violation_info)?.violation_type);
  const ban = asObject(value.ban_info);
  const details = [
    ...restrictions,
    violation,
    asText(ban?.waba_ban_state),
    asText(ban?.waba_ban_date),
  ].filter((part) => part !== null);
  return details.length === 0 ? event : `${event}: ${details.join(', ')}`;
}

/** One entry of the `errors[]` of a value: about the number, not about one message. */
export function parseAccountError(scope: Scope, value: unknown): InboundEvent {
  const failure = failureOf(value, 'Something at this number');
  if (failure === null) return unrecognised(scope, value, 'errors');
  const key = [asId(failure.code) ?? '', fingerprint(value), scope.keyTime];
  return inboundEvent(scope, value, scope.entryTime, key, {
    kind: 'policy',
    action: failure.stopsAccount ? 'block' : 'error',
    reason: failure.detail,
  });
}
