import type { IDataObject } from 'n8n-workflow';
import { CustomerJourneyTrigger } from '../../nodes/CustomerJourney/CustomerJourneyTrigger.node';
import { core } from '../../nodes/shared/loadCore';
import { openApp } from '../../nodes/shared/openApp';
import { waitFor } from '../support/waitFor.ts';
import { triggerContext } from './support/contexts.ts';
import { startInstance, type Instance } from './support/instance.ts';

const MINUTE_MS = 60_000;
const node = new CustomerJourneyTrigger();
let instance: Instance;

beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance.close());

const app = () => openApp({ getCredentials: async () => ({}) as never }, undefined);

/** An appointment that begins in so many minutes. */
async function appointmentIn(minutes: number, externalId: string) {
  return await core.appointments.upsertAppointment(await app(), {
    tenantId: 'default',
    externalId,
    start: new Date(Date.now() + minutes * MINUTE_MS).toISOString(),
    phone: '+5511988887777',
  });
}

const BEFORE = { journey: 'appointmentUpcoming', amount: 2, unit: 'hours' };
const MADE = { journey: 'appointmentCreated' };

const manual = async (parameters: IDataObject) => {
  const context = triggerContext({ node, mode: 'manual', parameters });
  const { manualTriggerFunction } = await node.trigger.call(context);
  await manualTriggerFunction?.();
  return context.executions;
};

describe('the Customer Journey Trigger in the editor', () => {
  it.each([
    [BEFORE, /No appointment matches/],
    [{ journey: 'birthday' }, /No contact has a birthday/],
    [{ journey: 'unansweredLead' }, /No open conversation matches/],
  ])('says what to do when there is nothing for %j', async (parameters, sentence) => {
    await expect(manual(parameters)).rejects.toThrow(sentence);
  });

  it('shows the next one at once, as often as it is asked', async () => {
    const { appointmentId } = await appointmentIn(50 * 60, 'next');
    await appointmentIn(90 * 60, 'after');
    for (let press = 0; press < 2; press += 1) {
      const [[item] = []] = await manual(BEFORE);
      expect(item?.json).toMatchObject({
        journeyKey: expect.stringContaining(`appointmentUpcoming-2h:${appointmentId}:`),
        journey: { kind: 'appointmentUpcoming', appointment: { externalId: 'next' } },
      });
    }
  });

  it('refuses a time of day that is none, naming the field', async () => {
    await expect(manual({ journey: 'birthday', timeOfDay: '9h' })).rejects.toThrow(/Time of Day/);
  });
});

describe('the published Customer Journey Trigger', () => {
  const keysOf = (context: ReturnType<typeof triggerContext>) =>
    context.executions.flat().map(({ json }) => json.journeyKey);

  it('starts on an appointment that is made, once, and again when it is moved', async () => {
    const context = triggerContext({ node, child: 'Send', workflowId: 'made', parameters: MADE });
    const { closeFunction } = await node.trigger.call(context);
    const { appointmentId } = await appointmentIn(600, 'fresh');
    await waitFor(() => context.executions.length === 1, { what: 'an execution' });
    await appointmentIn(700, 'fresh');
    await waitFor(() => context.executions.length === 2, { what: 'one for the move' });
    await closeFunction?.();
    expect(context.executions.map((items) => items.length)).toEqual([1, 1]);
    for (const key of keysOf(context)) {
      expect(key).toMatch(new RegExp(`^appointmentCreated:${appointmentId}:`));
    }
    expect(new Set(keysOf(context)).size).toBe(2);
  });

  it('emits again when its run was lost, and once it was handled never again', async () => {
    const runs = [new Error('the process is going away'), { status: 'waiting' as const }];
    const setup = { node, child: 'Send', workflowId: 'again', parameters: MADE };
    const context = triggerContext(setup, runs);
    const { closeFunction } = await node.trigger.call(context);
    await appointmentIn(800, 'lost');
    await waitFor(() => context.executions.length === 2, { what: 'the second try' });
    await closeFunction?.();
    const later = triggerContext(setup);
    const again = await node.trigger.call(later);
    await appointmentIn(900, 'afterwards');
    await waitFor(() => later.executions.length > 0, { what: 'the next one' });
    await again.closeFunction?.();
    expect(new Set(keysOf(context)).size).toBe(1);
    expect(later.executions).toHaveLength(1);
    expect(keysOf(later)).not.toContain(keysOf(context)[0]);
  });

  it('emits nothing while nothing is connected behind it', async () => {
    const context = triggerContext({ node, workflowId: 'alone', parameters: MADE });
    const { closeFunction } = await node.trigger.call(context);
    await appointmentIn(950, 'unseen');
    await new Promise((resolve) => setTimeout(resolve, 600));
    await closeFunction?.();
    expect(context.executions).toEqual([]);
  });
});
