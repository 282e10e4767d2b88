import { describeOnBothDatabases } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor';
import { createDueWorld, stopTriggers } from './support/due';
import { endDueProcesses, MOMENTS, startDueProcess } from './support/dueProcesses';
import { endJourneyLeases, explainDue, fillDue } from './support/dueUnits.cjs';

const APPOINTMENTS = 40;
const DUE_AT = Date.parse('2026-11-26T15:00Z');

describeOnBothDatabases('what is due when processes die', (context) => {
  afterEach(async () => {
    await endDueProcesses();
    await stopTriggers();
  });

  it.each(MOMENTS)('is emitted by the next one after a kill at "%s"', async (dieAt) => {
    const { world, start, options, emitted, appointment, states } = await createDueWorld(context);
    // Its place in time is fixed here.
    await (await start()).stop();
    await appointment();
    context.clock.set(DUE_AT);
    const told: string[] = [];
    const child = await startDueProcess(context, options(), (key) => told.push(key), dieAt);
    expect(await child.reached).toBe(dieAt);
    await child.kill();
    expect(told).toHaveLength(dieAt === 'claimed' ? 0 : 1);
    expect(Object.values(await states())).toEqual(['claimed']);

    await start();
    await world.tenant.run(endJourneyLeases, null);
    await waitFor(async () => Object.values(await states())[0] === 'done', {
      what: 'the next process to handle it',
    });
    expect(emitted).toHaveLength(1);
  });

  it('is parked after it has killed three processes', async () => {
    const { world, start, options, emitted, appointment, states } = await createDueWorld(context);
    await (await start()).stop();
    await appointment();
    context.clock.set(DUE_AT);
    for (let kill = 0; kill < 3; kill += 1) {
      const child = await startDueProcess(context, options(), () => undefined, 'claimed');
      await child.reached;
      await child.kill();
      await world.tenant.run(endJourneyLeases, null);
    }
    await start();
    await waitFor(async () => Object.values(await states())[0] === 'parked', {
      what: 'giving up',
    });
    expect(emitted).toHaveLength(0);
  });

  it('is emitted once each by two processes that work at the same time', async () => {
    const { start, options, appointment, states } = await createDueWorld(context);
    await (await start()).stop();
    for (let number = 0; number < APPOINTMENTS; number += 1) {
      await appointment({ externalId: `row-${number}` });
    }
    context.clock.set(DUE_AT);
    const told: string[] = [];
    const tell = (key: string) => told.push(key);
    await Promise.all([
      startDueProcess(context, options(), tell),
      startDueProcess(context, options(), tell),
    ]);
    await waitFor(
      async () => {
        const all = Object.values(await states());
        return all.length === APPOINTMENTS && all.every((state) => state === 'done');
      },
      { what: 'everything to be handled' },
    );
    expect(told).toHaveLength(APPOINTMENTS);
    expect(new Set(told).size).toBe(APPOINTMENTS);
  });
});

const WANTED = {
  starts_at: /appointments_by_start/,
  ends_at: /appointments_by_end/,
  booked_at: /appointments_by_booking/,
  late: /appointments_by_(booking|start)/,
  zones: /contacts_by_zone/,
  birthdays: /contacts_by_birth_day/,
  silent: /conversations_by_inbound/,
  lost: /journey_claims_open/,
};

describeOnBothDatabases('what is due among 20,000 of everything', (context) => {
  it('is found by an index', async () => {
    const tenant = context.newTenant();
    const from = 1_700_000_000_000;
    await tenant.run(fillDue, { count: 20_000, from });
    const span = { from: from + 10_000 * 3_600_000, to: from + 10_024 * 3_600_000 };
    const plans = await tenant.run(explainDue, span);
    for (const [what, index] of Object.entries(WANTED)) {
      expect(plans[what as keyof typeof WANTED]).toMatch(index);
      expect(plans[what as keyof typeof WANTED]).not.toMatch(
        /Seq Scan on (appointments|contacts|conversations)|SCAN [acv]\b/,
      );
    }
  });
});
