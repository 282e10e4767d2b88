/**
 * What users of other systems for the same job complain about most, as far as it concerns what is due by itself: counted
 * at the provider's side.
 */
import { cancelAppointment } from '../../../core/appointments';
import { runScheduled, scheduleMessage } from '../../../core/journeys';
import type { JourneyItem } from '../../../core/journeys/due';
import { settleUnknownSends } from '../../../core/messaging/settle';
import { endEngines, EngineProcess } from '../../support/simulation/engine';
import { ABILITIES } from '../../support/simulation/channels';
import { House } from '../../support/simulation/house';
import { Ledger, type Person } from '../../support/simulation/ledger';
import { SPANS } from '../../support/simulation/life';
import { OtherSide } from '../../support/simulation/otherSide';
import { takeTime, type SimulatedTime } from '../../support/simulation/simulatedTime';
import { HOUR } from '../../support/simulation/reference';
import { WORKFLOWS } from '../../support/simulation/workflows';
import { describeOnBothDatabases, type StoreContext } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor';
import { CUSTOMER } from '../messaging/support/world';
import { createDueWorld, stopTriggers } from './support/due';

const PEOPLE = 60;
const SPAN = SPANS.spring2027(60);
/** Noon in São Paulo, a Monday. */
const START = Date.parse('2027-02-15T15:00Z');

/** Sixty people with an appointment at the same hour, and the processes that remind them. */
async function createWaitingRoom(context: StoreContext, time: SimulatedTime) {
  const ledger = new Ledger();
  const house = new House(context, ledger);
  const other = new OtherSide(
    () => 0.5,
    ledger,
    house,
    context.clock,
    async () => undefined,
  );
  other.isTroubled = false;
  const moveTo = async (at: number) => {
    context.clock.set(at);
    await time.set(at);
  };
  await moveTo(SPAN.from);
  await house.open(
    SPAN,
    Array.from({ length: PEOPLE }, (_, index) => personOf(index)),
  );
  const { target, secret } = context;
  const workflows = WORKFLOWS.filter(({ id }) => id === 'reminder');
  const startEngine = () =>
    EngineProcess.start(
      {
        ...{ target, secret, workflows, tenantId: house.tenantId },
        ...{ abilities: ABILITIES, clockFile: time.clockFile },
      },
      other,
    );
  return { ledger, house, other, moveTo, startEngine };
}

function personOf(index: number): Person {
  const number = index + 1;
  const phone = `+55119${String(81_000_000 + number)}`;
  return {
    ...{ number, kind: 'whatsapp', name: `Cliente ${number}`, zone: null, phone },
    ...{ messengerId: null, birthday: null, agrees: true, contactIds: {} },
  };
}

describeOnBothDatabases('people who are all to be reminded at one moment', (context) => {
  let time: SimulatedTime;

  beforeEach(async () => {
    time = await takeTime(context.target, SPAN.from);
  });

  afterEach(async () => {
    await endEngines();
    await time.end();
  });

  const bookAll = async ({
    ledger,
    house,
  }: Pick<Awaited<ReturnType<typeof createWaitingRoom>>, 'ledger' | 'house'>) => {
    for (const person of ledger.people) {
      const visit = { externalId: `visit-${person.number}`, start: START, minutes: 60 };
      const zone = 'America/Sao_Paulo';
      await house.do({ what: 'book', at: context.clock.now(), person, ...visit, zone });
    }
  };

  const expectOneEach = (ledger: Ledger) => {
    const people = ledger.requests.map(({ person }) => person?.number ?? 0);
    expect(people.toSorted((a, b) => a - b)).toEqual(ledger.people.map(({ number }) => number));
    expectSameWords(ledger);
  };

  const expectSameWords = (ledger: Ledger) => {
    const words = new Set(ledger.requests.map(({ date, time: at }) => `${date} ${at}`));
    expect([...words]).toEqual(['15/02/2027 12:00']);
  };

  it('hear once each from two schedulers that look at the same moment (complaint 6)', async () => {
    const room = await createWaitingRoom(context, time);
    const engines = [await room.startEngine(), await room.startEngine()];
    await bookAll(room);
    await room.moveTo(START - 24 * HOUR);
    await Promise.all(engines.map((engine) => engine.step(null)));
    expectOneEach(room.ledger);
    expect(room.ledger.emissions).toHaveLength(PEOPLE);
  });

  it('hear once each, in the same words, though the process is killed half way (complaint 7)', async () => {
    const room = await createWaitingRoom(context, time);
    const first = await room.startEngine();
    await bookAll(room);
    await room.moveTo(START - 24 * HOUR);
    room.other.beginStep({ engine: first, nth: PEOPLE / 2, accepted: true });
    expect(await first.step(null)).toBe('dead');
    const half = room.ledger.requests.length;
    expect(half).toBeGreaterThanOrEqual(PEOPLE / 2);
    expect(half).toBeLessThan(PEOPLE);

    const next = await room.startEngine();
    await room.other.tellStatuses();
    // Longer than every lease of the one that died.
    for (let look = 1; look <= 3; look += 1) {
      await room.moveTo(context.clock.now() + 70_000);
      await next.step(null);
    }
    // Whether WhatsApp took what was on its way at that moment nobody can know: it is told, and not sent again blindly.
    const { ledger } = room;
    const reached = ledger.requests.map(({ person }) => person?.number);
    const missing = ledger.people.filter(({ number }) => !reached.includes(number));
    expect(new Set(reached).size).toBe(reached.length);
    const lastResults = missing.map(({ contactIds }) => {
      const ids = Object.values(contactIds);
      return ledger.results.findLast(({ result }) => ids.includes(result.contactId ?? ''))?.result
        .status;
    });
    expect(lastResults).toEqual(missing.map(() => 'unknown'));
    expectSameWords(ledger);
  });
});

const STEPS = [
  'before it is due',
  'while its run starts',
  'while it waits for the morning',
  'while nobody knows whether it arrived',
] as const;
type Step = (typeof STEPS)[number];

describeOnBothDatabases('a reminder of an appointment that changes', (context) => {
  afterEach(stopTriggers);

  /** Six in the morning in São Paulo: its reminder waits for eight. Or noon. */
  const startOf = (step: Step) =>
    step === 'while it waits for the morning' ? '2026-11-27T06:00' : '2026-11-27T12:00';

  /** Lives through it, with the change at one step. @returns what the customer got */
  const remind = async (step: Step, change: 'cancelled' | 'moved'): Promise<string[]> => {
    const due = await createDueWorld(context);
    const { world } = due;
    const { ctx, tenantId, provider } = world;
    const texts: string[] = [];
    // It may go without a window, so that the window is not why it does not.
    provider.moreAbilities = { windowMs: null };
    await world.customerWrites();
    const [contact] = await world.rows('contacts');
    const contactId = contact?.id ?? '';
    const about = { externalId: 'visit', contactId, start: startOf(step) };
    let appointmentId = '';
    const alter = async () => {
      if (change === 'cancelled') {
        await cancelAppointment(ctx, tenantId, { appointmentId, externalId: null });
      } else await due.appointment({ ...about, start: '2026-11-30T09:00' });
    };
    const send = async ({ journeyKey, journey, contact: person }: JourneyItem) => {
      const text = `${journey.appointment?.date} ${journey.appointment?.time}`;
      if (step === 'while its run starts' && texts.length === 0) await alter();
      texts.push(text);
      await scheduleMessage(ctx, {
        ...{ tenantId, contactId: person?.id, automatic: true },
        content: { type: 'text', text },
        category: 'utility',
        idempotencyKey: `journey/${journeyKey}/main`,
        sender: 'workflow-1/node-1',
        dueAt: context.clock.now(),
        why: 'quiet_hours',
      });
    };
    await due.start({}, send);
    appointmentId = (await due.appointment(about)).appointmentId;
    if (step === 'before it is due') await alter();
    if (step === 'while nobody knows whether it arrived') provider.behaviours.push('cut');
    const firstDue = Date.parse(`${startOf(step)}-03:00`) - 24 * HOUR;
    context.clock.set(firstDue);
    if (step !== 'before it is due') {
      await waitFor(async () => Object.values(await due.states()).includes('done'), {
        what: 'its run to end',
      });
    }
    if (step === 'while it waits for the morning') {
      await alter();
      context.clock.set(Date.parse('2026-11-26T11:00Z'));
      await runScheduled(ctx);
    }
    if (step === 'while nobody knows whether it arrived') {
      await alter();
      const [key] = await world.rows('idempotency_keys');
      await world.age(key?.key ?? '', 60_000);
      await settleUnknownSends(ctx);
    }
    if (change === 'moved') {
      context.clock.set(Date.parse('2026-11-29T12:00Z'));
      await waitFor(() => provider.delivered(CUSTOMER) > 0, {
        what: 'the reminder of the new time',
      });
    }
    await due.settle();
    const cut = step === 'while nobody knows whether it arrived' ? 1 : 0;
    return provider.calls
      .slice(cut)
      .map(({ content }) => (content.type === 'text' ? content.text : content.type));
  };

  it.each(STEPS)('does not go where it is cancelled %s (complaint 19)', async (step) => {
    expect(await remind(step, 'cancelled')).toEqual([]);
  });

  it.each(STEPS)(
    'goes once, with the new time, where it is moved %s (complaint 19)',
    async (step) => {
      expect(await remind(step, 'moved')).toEqual(['30/11/2026 09:00']);
    },
  );
});

describeOnBothDatabases('a reminder of a few minutes before', (context) => {
  afterEach(stopTriggers);

  const MINUTE_MS = 60_000;

  it.each([0, 1, 14, 16])(
    'of %i minutes, where the appointment is made twenty minutes before, comes then',
    async (offsetMinutes) => {
      const { start, appointment, emitted, settle } = await createDueWorld(context);
      await start({ offsetMinutes });
      const startsAt = context.clock.now() + 20 * MINUTE_MS;
      await appointment({ start: new Date(startsAt).toISOString() });
      context.clock.set(startsAt - (offsetMinutes + 1) * MINUTE_MS);
      await settle();
      expect(emitted).toEqual([]);
      context.clock.advance(MINUTE_MS);
      await waitFor(() => emitted.length > 0, { what: 'the reminder' });
      await settle();
      expect(emitted.map(({ journey }) => journey.dueAt)).toEqual([
        new Date(startsAt - offsetMinutes * MINUTE_MS).toISOString(),
      ]);
    },
  );

  it('comes at once where it was due already when the appointment was made, if late ones are included', async () => {
    const { start, appointment, emitted, settle } = await createDueWorld(context);
    await start({ offsetMinutes: 16, includeLateBookings: true });
    const now = context.clock.now();
    await appointment({ start: new Date(now + 10 * MINUTE_MS).toISOString() });
    await waitFor(() => emitted.length > 0, { what: 'the reminder' });
    expect(emitted[0]?.journey.dueAt).toBe(new Date(now).toISOString());
    // What is over is nothing to remind of.
    await appointment({
      externalId: 'past',
      start: new Date(now - 10 * MINUTE_MS).toISOString(),
    });
    await settle();
    expect(emitted).toHaveLength(1);
  });
});
