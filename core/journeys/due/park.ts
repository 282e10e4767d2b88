import { appendEvent } from '../../store/statements/events';
import { updateJourneyClaim, type JourneyClaimRow } from '../../store/statements/journeys';
import type { TenantTx } from '../../store/unit';

/** What a claim becomes that is over. */
export function ended(state: 'done' | 'skipped' | 'parked', reason: string | null) {
  return { state, reason, owner: null, lease_until: null };
}

/** Gives up on something due, and tells it. */
export async function park(
  tx: TenantTx,
  { triggerId, name }: { triggerId: string; name: string },
  row: Pick<JourneyClaimRow, 'journey_key' | 'attempt'>,
  reason: string,
): Promise<void> {
  await updateJourneyClaim(tx, triggerId, row.journey_key, ended('parked', reason));
  await appendEvent(tx, {
    event: 'event.parked',
    channel: null,
    provider: null,
    connection: null,
    contact: null,
    conversation: null,
    message: null,
    data: {
      journeyKey: row.journey_key,
      consumerId: triggerId,
      consumerName: name,
      attempts: row.attempt,
      reason,
    },
    raw: null,
    occurredAt: tx.now,
  });
}
