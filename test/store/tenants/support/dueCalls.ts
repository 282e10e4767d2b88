import * as due from '../../../../core/journeys/due';
import type { JourneyWatch } from '../../../../core/journeys/due';
import { DEFAULT_SETTINGS } from '../../../../core/tenants';
import type { World } from '../../messaging/support/world';
import { insertRows } from './tenantUnits.cjs';

const TRIGGER = 'workflow-1:due';
const HELD = 'held';

const WATCH: JourneyWatch = {
  kind: 'appointmentUpcoming',
  offsetMinutes: 60,
  timeOfDay: '09:00',
  leapDay: 'february28',
  hours: 'any',
  holidays: 'ignore',
  catchUpMs: 3_600_000,
  leastLeftMs: 0,
  includeLateBookings: false,
  waitingFor: 'contact',
  stages: [],
};

/** A trigger that waits, with something in the hands of a runner and something left behind. */
export async function awaitJourneys(
  { tenant }: World,
  owner: string,
  secret: string,
): Promise<void> {
  const claim = (journey_key: string, lease_until: number) => ({
    trigger_id: TRIGGER,
    journey_key,
    state: 'claimed',
    attempt: 1,
    due_at: 1,
    owner,
    lease_until,
    reason: secret,
    created_at: 1,
    updated_at: 1,
  });
  const journey = 'appointmentUpcoming-1h';
  await tenant.run(insertRows, {
    journey_triggers: [
      { id: TRIGGER, name: secret, journey, since: 1, created_at: 1, updated_at: 1 },
    ],
    journey_claims: [claim(HELD, 1e15), claim(`${journey}:nobody:2026-01-01T00:00Z`, 1)],
  });
}

/** The appointment from a row, under its key. */
async function keyOf(theirs: World): Promise<string> {
  const rows = await theirs.rows('appointments');
  const row = rows.find(({ account_id }) => account_id === '');
  if (!row) throw new Error('Nothing to steal.');
  return `appointmentUpcoming-1h:${row.id}:2027-01-01T10:00Z`;
}

/** The calls of core/journeys/due, made of ids of the victim. */
export async function dueCallsWithIdsOf(theirs: World): Promise<Record<string, unknown>> {
  const { quietHours, timeZone, custom } = DEFAULT_SETTINGS;
  const settings = { quietHours, timeZone, custom };
  const [{ owner } = { owner: null }] = await theirs.rows('journey_claims');
  const trigger = { triggerId: TRIGGER, name: 'stolen' };
  return {
    openJourneyTrigger: { ...trigger, watch: WATCH },
    claimJourneys: {
      ...trigger,
      watch: WATCH,
      settings,
      owner: 'thief',
      leaseMs: 1,
      maxAttempts: 3,
      limit: 10,
      inFlight: [],
    },
    settleJourney: { ...trigger, owner, key: HELD, attempt: 1, failure: null },
    returnJourneys: { triggerId: TRIGGER, owner, claims: [{ key: HELD, attempt: 1 }] },
    renewJourneys: { triggerId: TRIGGER, owner, keys: [HELD], leaseMs: 1 },
    previewJourney: { watch: WATCH, settings },
    readJourneyChange: { key: await keyOf(theirs) },
  };
}

/** Functions of the room, called by a thief with ids of the victim. */
export function dueOperationsWithIdsOf(
  theirs: World,
  ctx: World['ctx'],
  tenantId: string,
): Record<string, () => unknown> {
  return {
    previewJourney: () => due.previewJourney(ctx, tenantId, WATCH),
    recheckJourney: async () => due.recheckJourney(ctx, tenantId, await keyOf(theirs)),
    async startJourneyTrigger() {
      const emitted: unknown[] = [];
      const trigger = await due.startJourneyTrigger(ctx, {
        triggerId: TRIGGER,
        tenantId,
        name: 'stolen',
        watch: WATCH,
        emit: async (item) => emitted.push(item),
      });
      await trigger.stop();
      return emitted;
    },
  };
}
