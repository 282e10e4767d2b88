import {
  insertMessages,
  insertWebhookDeliveries,
  listActiveSubscriptions,
  listEventsAfter,
  listEventsInGaps,
  listPayloads,
  lockCursor,
  saveCursor,
  type EventHead,
  type NewDelivery,
  type NewMessage,
} from '../store/instance/webhookFanOut';
import { instanceUnit, type Tx } from '../store/unit';
import { bodyOfEvent } from './body';
import { gapsBetween, remainingGaps } from './gaps';
import { isNeverInAll } from './input';
import { isSince, tellsOf, wantsKind, wantsOf, type Wants } from './match';
import { appendWebhookEvent } from './settle.unit';

const PAGE = 250;

/**
 * Turns the next page of the log into deliveries, under the lock of the cursor: one for each subscription that wants
 * the event. Any process may take the next page.
 * @returns whether there is more at once
 */
export const fanOutEvents = instanceUnit(
  __filename,
  'fanOutEvents',
  async (tx, args: { gapMs: number }): Promise<{ more: boolean; created: number }> => {
    const cursor = await lockCursor(tx);
    if (!cursor) return { more: false, created: 0 };
    const late = await listEventsInGaps(tx, cursor.gaps);
    const next = await listEventsAfter(tx, cursor.seq, PAGE);
    if (late.length === 0 && next.length === 0 && cursor.gaps.length === 0) {
      return { more: false, created: 0 };
    }
    const now = await tx.databaseNow();
    const created = await deliver(tx, [...late, ...next], now);
    const fresh = gapsBetween(
      cursor.seq,
      next.map(({ seq }) => seq),
    );
    const left = remainingGaps(
      cursor.gaps,
      late.map(({ seq }) => seq),
      now,
    );
    if (next.length > 0 || left.length !== cursor.gaps.length || late.length > 0) {
      await saveCursor(tx, {
        seq: next.at(-1)?.seq ?? cursor.seq,
        // SQLite has one writer: there a missing number is one that was undone.
        gaps:
          tx.dialect === 'sqlite'
            ? []
            : [...left, ...fresh.map((gap) => ({ ...gap, until: now + args.gapMs }))],
      });
    }
    return { more: next.length === PAGE, created };
  },
);

async function deliver(tx: Tx, events: EventHead[], now: number): Promise<number> {
  const tenants = [...new Set(events.map((event) => event.tenant_id))];
  const subscriptions = await listActiveSubscriptions(tx, tenants);
  if (subscriptions.length === 0) return 0;
  const all = subscriptions.map(wantsOf);
  const wanted = events.flatMap((event) => {
    const takers = all.filter((wants) => wantsKind(wants, event) && isSince(wants, event.seq));
    return takers.length > 0 ? [{ event, takers }] : [];
  });
  return await createDeliveries(tx, wanted, now);
}

/** @returns how many deliveries are new */
export async function createDeliveries(
  tx: Tx,
  wanted: { event: EventHead; takers: Wants[] }[],
  now: number,
  trigger: 'auto' | 'manual' = 'auto',
): Promise<number> {
  const payloads = await listPayloads(
    tx,
    wanted.map(({ event }) => event.seq),
  );
  const messages: NewMessage[] = [];
  const deliveries: NewDelivery[] = [];
  for (const { event, takers } of wanted) {
    const payload = payloads.get(event.seq);
    if (payload === undefined) continue;
    const result = bodyOfEvent(payload);
    const refused = 'refused' in result ? result.refused : null;
    messages.push({
      tenant_id: event.tenant_id,
      event_id: event.id,
      body: 'body' in result ? result.body : '',
    });
    for (const wants of takers) {
      if (isNeverInAll(event.type) && tellsOf(wants, payload)) continue;
      deliveries.push({
        id: tx.newId(),
        tenant_id: event.tenant_id,
        subscription_id: wants.id,
        event_id: event.id,
        event_type: event.type,
        state: refused === null ? 'pending' : 'dead',
        trigger_kind: trigger,
        next_at: now,
        reason: refused,
        settled_at: refused === null ? null : now,
      });
    }
  }
  await insertMessages(tx, messages);
  const created = new Set(await insertWebhookDeliveries(tx, deliveries));
  await tellOfRefused(
    tx,
    deliveries.filter(({ id, state }) => state === 'dead' && created.has(id)),
  );
  for (const tenantId of new Set(deliveries.map(({ tenant_id }) => tenant_id))) {
    tx.signal({ topic: 'webhooks', tenantId });
  }
  return created.size;
}

async function tellOfRefused(tx: Tx, refused: NewDelivery[]): Promise<void> {
  for (const delivery of refused) {
    if (isNeverInAll(delivery.event_type)) continue;
    const { id, tenant_id, subscription_id } = delivery;
    await appendWebhookEvent(
      tx,
      { id: subscription_id, tenant_id, name: '' },
      'webhook.exhausted',
      {
        deliveryId: id,
        eventId: delivery.event_id,
        eventType: delivery.event_type,
        attempt: 0,
        httpStatus: null,
        error: delivery.reason,
        nextAttemptAt: null,
      },
    );
  }
}
