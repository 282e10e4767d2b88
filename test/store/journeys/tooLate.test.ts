import { runScheduled, scheduleMessage } from '../../../core/journeys';
import type { JourneyItem, JourneyWatch } from '../../../core/journeys/due';
import { describeOnBothDatabases } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor';
import { templateOf } from '../messaging/support/agreeing';
import { CUSTOMER } from '../messaging/support/world';
import { createDueWorld, HOUR_MS, stopTriggers } from './support/due';

describeOnBothDatabases('a word that waits for the morning', (context) => {
  afterEach(stopTriggers);

  /** Five in the morning in São Paulo, where it is quiet until eight. */
  const EARLY = Date.parse('2026-11-27T08:00Z');
  const EIGHT = EARLY + 3 * HOUR_MS;

  async function waiting(
    watch: Partial<JourneyWatch>,
    prepare: (due: Awaited<ReturnType<typeof createDueWorld>>, contactId: string) => Promise<void>,
  ) {
    const due = await createDueWorld(context);
    const { ctx, tenantId, provider } = due.world;
    provider.moreAbilities = { windowFreeTypes: ['template'] };
    await due.world.customerWrites();
    const [contact] = await due.world.rows('contacts');
    const send = async ({ journeyKey, contact: person }: JourneyItem) => {
      await scheduleMessage(ctx, {
        ...{ tenantId, contactId: person?.id, automatic: true },
        content: { type: 'text', text: 'Até logo!' },
        whenWindowClosed: templateOf('utility'),
        category: 'utility',
        idempotencyKey: `journey/${journeyKey}/main`,
        dueAt: context.clock.now(),
        why: 'quiet_hours',
      });
    };
    await due.start(watch, send);
    await prepare(due, contact?.id ?? '');
    context.clock.set(EARLY);
    await waitFor(async () => (await due.world.rows('scheduled_messages')).length === 1, {
      what: 'the message to wait',
    });
    context.clock.set(EIGHT);
    await runScheduled(ctx);
    const [row] = await due.world.rows('scheduled_messages');
    return { delivered: provider.delivered(CUSTOMER), result: JSON.parse(row?.result ?? '{}') };
  }

  const twoHoursBefore = { offsetMinutes: 120 };

  it('reminds of an appointment that is still to come', async () => {
    const { delivered } = await waiting({ offsetMinutes: 240 }, async (due, contactId) => {
      await due.appointment({ contactId, start: '2026-11-27T09:00' });
    });
    expect(delivered).toBe(1);
  });

  it('does not remind of an appointment that has begun by then', async () => {
    const { delivered, result } = await waiting(twoHoursBefore, async (due, contactId) => {
      await due.appointment({ contactId, start: '2026-11-27T07:00' });
    });
    expect(delivered).toBe(0);
    expect(result).toMatchObject({
      status: 'skipped',
      reason: 'state_changed',
      detail: expect.stringContaining('has begun'),
    });
  });

  it('does not go to a silent lead whose window has closed by then', async () => {
    const nudge = { kind: 'unansweredLead', offsetMinutes: 21 * 60, waitingFor: 'either' } as const;
    const { delivered, result } = await waiting(nudge, async ({ world }) => {
      context.clock.set(EARLY - 21 * HOUR_MS);
      await world.customerWrites('Ainda quero');
    });
    expect(delivered).toBe(0);
    expect(result).toMatchObject({
      status: 'skipped',
      reason: 'state_changed',
      detail: expect.stringContaining('window'),
    });
  });
});
