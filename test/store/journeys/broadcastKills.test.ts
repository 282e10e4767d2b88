import { describeOnBothDatabases } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor';
import { createWorld, type World } from '../messaging/support/world';
import {
  Customers,
  endBroadcastProcesses,
  startBroadcastProcess,
} from './support/broadcastProcesses';
import { draftTo, meet, names, openAllDay, raiseLimits, shown, start } from './support/draft';

const RECIPIENTS = 1_000;

describeOnBothDatabases('a broadcast whose processes die', (context) => {
  afterEach(endBroadcastProcesses);

  async function createDraft(): Promise<{ world: World; people: string[]; broadcastId: string }> {
    const world = await createWorld(context);
    const people = names(RECIPIENTS);
    await meet(world, people);
    await raiseLimits(world);
    await openAllDay(world);
    const draft = await draftTo(world, people);
    await start(world, draft);
    return { world, people, broadcastId: draft.broadcastId };
  }

  /** Their leases are over, and long enough ago for a look into the conversation. */
  async function letTimePass(world: World, keys: readonly string[]): Promise<void> {
    const rows = await world.rows('idempotency_keys');
    const open = rows.filter(({ key, state }) => state !== 'completed' && keys.includes(key));
    for (const { key } of open) await world.age(key, 70_000);
  }

  const openKeys = async (world: World) =>
    (await world.rows('idempotency_keys')).flatMap(({ key, state }) =>
      state === 'completed' ? [] : [key],
    );

  const isThrough = async (world: World, broadcastId: string) =>
    (await shown(world, { broadcastId })).state === 'completed';

  it('reaches exactly the rest after a kill at half, with the same words', async () => {
    const { world, people, broadcastId } = await createDraft();
    const customers = new Customers();
    const half = customers.until(RECIPIENTS / 2);
    const first = await startBroadcastProcess(context, customers);
    await half;
    await first.kill();
    const cut = await openKeys(world);
    // That message at least was on its way when it died: without it the kill proved nothing.
    expect(cut.length).toBeGreaterThan(0);
    await startBroadcastProcess(context, customers);
    await waitFor(
      async () => {
        await letTimePass(world, cut);
        return await isThrough(world, broadcastId);
      },
      { what: 'the end of the broadcast', intervalMs: 1_000 },
    );
    expect(customers.total).toBe(RECIPIENTS);
    for (const person of people) {
      const inbox = customers.inboxes.get(person) ?? [];
      expect(inbox.map(({ text }) => text)).toEqual([`Oi, ${person}!`]);
    }
    expect(await shown(world, { broadcastId })).toMatchObject({
      counts: { sent: RECIPIENTS, unknown: 0, waiting: 0, failed: 0 },
    });
  });

  it('reaches everybody once with two processes at work', async () => {
    const { world, people, broadcastId } = await createDraft();
    const customers = new Customers();
    await Promise.all([
      startBroadcastProcess(context, customers),
      startBroadcastProcess(context, customers),
    ]);
    await waitFor(() => isThrough(world, broadcastId), {
      what: 'the end of the broadcast',
      intervalMs: 200,
    });
    expect(customers.total).toBe(RECIPIENTS);
    expect(new Set(customers.inboxes.keys())).toEqual(new Set(people));
  });
});
