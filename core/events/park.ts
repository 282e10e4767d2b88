import type { EventItem } from '../model';
import { markParked, type DeliveryRow } from '../store/statements/claims';
import { appendEvent } from '../store/statements/events';
import type { TenantTx } from '../store/unit';

/** Who gave up, and why: what the event `event.parked` tells. */
export interface Parking {
  consumerId: string;
  consumerName: string;
  reason: string;
}

/**
 * Gives up on deliveries: their state is `parked`, and for each the log gets `event.parked` with the account, contact
 * and conversation of the event that was not handled. A parked `event.parked` is not told again: a workflow that fails
 * on its own alarm would otherwise feed itself for ever.
 */
export async function parkDeliveries(
  tx: TenantTx,
  deliveries: DeliveryRow[],
  parking: Parking,
): Promise<void> {
  if (deliveries.length === 0) return;
  await markParked(tx, {
    consumerId: parking.consumerId,
    eventIds: deliveries.map((delivery) => delivery.event_id),
    error: parking.reason,
  });
  for (const delivery of deliveries) {
    const parked = JSON.parse(delivery.payload) as EventItem;
    if (parked.event === 'event.parked') continue;
    await appendEvent(tx, {
      event: 'event.parked',
      channel: parked.channel,
      provider: parked.provider,
      connection: parked.connection,
      contact: parked.contact,
      conversation: parked.conversation,
      message: null,
      data: {
        eventId: parked.id,
        eventType: parked.event,
        consumerId: parking.consumerId,
        consumerName: parking.consumerName,
        attempts: delivery.attempt,
        reason: parking.reason,
      },
      raw: null,
      occurredAt: tx.now,
    });
  }
}
