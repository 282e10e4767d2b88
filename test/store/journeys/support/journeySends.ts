import { cancelAppointment, upsertAppointment } from '../../../../core/appointments';
import { journeySendKey, versionAt, type SendResult } from '../../../../core/model';
import type { SendMessageInput } from '../../../../core/messaging';
import type { ScheduleMessageInput } from '../../../../core/journeys';
import type { StoreContext } from '../../../support/storeContext';
import { createScheduling, HOUR_MS, type Scheduling } from './scheduling';

/** Somebody with an open window and an appointment in two days, and the messages of their journeys. */
export interface JourneySends extends Scheduling {
  contactId: string;
  appointmentId: string;
  startsAt: number;
  /** Journey keys, as a trigger makes them. */
  reminder: string;
  birthday: string;
  lead: string;
  moveTo(startsAt: number): Promise<unknown>;
  cancel(): Promise<unknown>;
  /** Sends the message of a journey key. */
  sendFor(journeyKey: string, changes?: Partial<SendMessageInput>): Promise<SendResult>;
  scheduleFor(journeyKey: string, changes?: Partial<ScheduleMessageInput>): Promise<SendResult>;
}

export async function createJourneySends(context: StoreContext): Promise<JourneySends> {
  const scheduling = await createScheduling(context);
  const { world, schedule } = scheduling;
  const { ctx, tenantId } = world;
  const item = (await world.events()).find(({ event }) => event === 'message.received');
  const contactId = item?.contact?.id ?? '';
  const wroteAt = context.clock.now();
  const startsAt = Math.floor(wroteAt / HOUR_MS) * HOUR_MS + 48 * HOUR_MS;
  const moveTo = (at: number) =>
    upsertAppointment(ctx, {
      tenantId,
      externalId: 'row-1',
      start: new Date(at).toISOString(),
      contactId,
    });
  const { appointmentId } = await moveTo(startsAt);
  return {
    ...scheduling,
    contactId,
    appointmentId,
    startsAt,
    reminder: `appointmentUpcoming-24h:${appointmentId}:${versionAt(startsAt)}`,
    birthday: `birthday:${contactId}:2026`,
    lead: `unansweredLead-21h:${contactId}:${versionAt(wroteAt)}`,
    moveTo,
    cancel: () => cancelAppointment(ctx, tenantId, { appointmentId, externalId: null }),
    sendFor: (journeyKey, changes) =>
      world.send({ idempotencyKey: journeySendKey(journeyKey, 'main'), ...changes }),
    scheduleFor: (journeyKey, changes) =>
      schedule({ idempotencyKey: journeySendKey(journeyKey, 'main'), ...changes }),
  };
}
