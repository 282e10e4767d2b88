import type { InboundEvent } from '../../../../core/model';
import { parseMetaWebhook } from '../../../../core/providers/meta';

export const eventsOf = (body: unknown): InboundEvent[] => parseMetaWebhook(body, 5).events;

/** The one event of a body that holds one. */
export function eventOf(body: unknown): InboundEvent {
  const { events, foreign } = parseMetaWebhook(body, 5);
  expect(foreign).toBe(false);
  expect(events).toHaveLength(1);
  return events[0] as InboundEvent;
}
