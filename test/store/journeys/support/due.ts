import { upsertAppointment, type AppointmentInput } from '../../../../core/appointments';
import {
  startJourneyTrigger,
  type JourneyItem,
  type JourneyTrigger,
  type JourneyTriggerOptions,
  type JourneyWatch,
} from '../../../../core/journeys/due';
import type { StoreContext } from '../../../support/storeContext';
import { createWorld, type World } from '../../messaging/support/world';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
/** A Wednesday at noon in São Paulo. */
export const NOON = Date.parse('2026-11-25T15:00:00Z');

export const TUNING = {
  pollMs: 20,
  leaseMs: 20_000,
  renewMs: 5_000,
  retryDelaysMs: [10, 10],
  stopGraceMs: 5_000,
};

export function watchOf(changes: Partial<JourneyWatch> = {}): JourneyWatch {
  return {
    kind: 'appointmentUpcoming',
    offsetMinutes: 24 * 60,
    timeOfDay: '09:00',
    leapDay: 'february28',
    hours: 'any',
    holidays: 'ignore',
    catchUpMs: 6 * HOUR_MS,
    leastLeftMs: 2 * HOUR_MS,
    includeLateBookings: false,
    waitingFor: 'contact',
    stages: [],
    ...changes,
  };
}

export interface DueWorld {
  world: World;
  options(watch?: Partial<JourneyWatch>): Omit<JourneyTriggerOptions, 'emit'>;
  /** Starts the trigger; what it emits is in `emitted`, and ended at the end of the test. */
  start(
    watch?: Partial<JourneyWatch>,
    emit?: (item: JourneyItem) => Promise<unknown>,
    own?: Partial<Pick<JourneyTriggerOptions, 'triggerId' | 'tuning'>>,
  ): Promise<JourneyTrigger>;
  emitted: JourneyItem[];
  keys(): string[];
  appointment(
    changes?: Partial<AppointmentInput>,
  ): Promise<{ appointmentId: string; start: string }>;
  /** Looks a few times more. */
  settle(): Promise<void>;
  /** States of all claims by key. */
  states(): Promise<Record<string, string>>;
}

const started = new Set<JourneyTrigger>();

/** For afterEach. */
export async function stopTriggers(): Promise<void> {
  await Promise.all([...started].map((trigger) => trigger.stop()));
  started.clear();
}

export async function createDueWorld(context: StoreContext): Promise<DueWorld> {
  const world = await createWorld(context);
  context.clock.set(NOON);
  const { tenantId } = world;
  const emitted: JourneyItem[] = [];
  const options = (watch: Partial<JourneyWatch> = {}) => ({
    triggerId: 'workflow-1:node-1',
    tenantId,
    name: 'Lembretes',
    watch: watchOf(watch),
    tuning: TUNING,
  });
  return {
    world,
    options,
    emitted,
    keys: () => emitted.map(({ journeyKey }) => journeyKey),
    async start(watch, emit = async () => undefined, own = {}) {
      const trigger = await startJourneyTrigger(world.ctx, {
        ...options(watch),
        ...own,
        emit: async (item) => {
          emitted.push(item);
          await emit(item);
        },
      });
      started.add(trigger);
      return trigger;
    },
    appointment: (changes = {}) =>
      upsertAppointment(world.ctx, {
        tenantId,
        externalId: 'row-1',
        title: 'Consulta',
        start: '2026-11-27T12:00',
        timeZone: 'America/Sao_Paulo',
        phone: '(11) 98888-7777',
        ...changes,
      }),
    settle: () => new Promise((resolve) => setTimeout(resolve, 200)),
    async states() {
      const rows = await world.rows('journey_claims');
      return Object.fromEntries(rows.map((row) => [row.journey_key, row.state]));
    },
  };
}
