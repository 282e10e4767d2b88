import { instantOf } from '../../../shared/fieldValues';

/** The fields of `attemptFilters` as the typed reader gives them. */
interface AttemptFilterFields {
  event?: string;
  eventId?: string;
  from?: string;
  status?: 'failed' | 'success' | 'unknown';
  subscriptionId?: string;
  to?: string;
  trigger?: 'auto' | 'manual' | 'test';
}

/** What core takes: empty fields do not restrict. @throws InvalidInputError naming the field */
export function readAttemptFilter(fields: AttemptFilterFields) {
  const { event, eventId, status, subscriptionId, trigger } = fields;
  const from = instantOf('From', fields.from);
  const to = instantOf('To', fields.to);
  return {
    ...(event?.trim() && { event: event.trim() }),
    ...(eventId?.trim() && { eventId: eventId.trim() }),
    ...(status && { status }),
    ...(subscriptionId && { subscriptionId }),
    ...(trigger && { trigger }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

export function readQueueFilter(fields: {
  state?: 'cancelled' | 'dead' | 'delivered' | 'pending';
  subscriptionId?: string;
}) {
  const { state, subscriptionId } = fields;
  return { ...(state && { state }), ...(subscriptionId && { subscriptionId }) };
}
