import type { DeliveryFailure, InboundEvent, MessagePrice } from '../../../model';
import { asId, asList, asObject, asText } from '../../graph/json';
import type { JsonObject } from '../../graph/json';
import { failureOf } from '../errors';
import { personOf } from './people';
import type { People } from './people';
import { activity, inboundEvent, toEpochMs, unrecognised } from './scope';
import type { Scope } from './scope';

const STATUSES = new Map(
  Object.entries({
    sent: 'sent',
    delivered: 'delivered',
    read: 'read',
    // A voice message that was listened to was read before.
    played: 'read',
    failed: 'failed',
  } as const),
);

/** Rare, and of no consequence for what became of the message. */
const OTHER_STATUSES = new Set(['deleted', 'warning']);

/** One entry of `statuses[]`. They come in any order, and `delivered` may be left out. */
export function parseStatus(scope: Scope, value: unknown, people: People): InboundEvent {
  const report = asObject(value);
  const providerId = asId(report?.id);
  const name = asText(report?.status) ?? '';
  const status = STATUSES.get(name);
  if (report === null || providerId === null) return unrecognised(scope, value, `status ${name}`);
  if (status === undefined) {
    return OTHER_STATUSES.has(name)
      ? activity(scope, 'messages', report, { item: 'status', verb: name, providerId })
      : unrecognised(scope, report, `status ${name}`);
  }
  const occurredAt = toEpochMs(report.timestamp) ?? scope.entryTime;
  return inboundEvent(scope, report, occurredAt, [providerId, name], {
    kind: 'status',
    contact: recipientOf(report, people),
    providerId,
    status,
    marker: asText(report.biz_opaque_callback_data),
    price: priceOf(asObject(report.pricing)),
    failure: status === 'failed' ? failureFor(report) : null,
  });
}

function recipientOf(report: JsonObject, people: People) {
  const ids = { phone: asId(report.recipient_id), userId: asId(report.recipient_user_id) };
  return personOf(ids, people);
}

function priceOf(pricing: JsonObject | null): MessagePrice | null {
  if (pricing === null) return null;
  return {
    billable: pricing.billable === true,
    model: asText(pricing.pricing_model),
    type: asText(pricing.type),
    category: asText(pricing.category),
  };
}

function failureFor(report: JsonObject): DeliveryFailure {
  const [first] = asList(report.errors);
  return (
    failureOf(first, 'The message') ?? {
      code: 0,
      reason: 'provider_rejected',
      detail: 'The message failed, and WhatsApp does not say why.',
      retryable: false,
      stopsAccount: false,
    }
  );
}
