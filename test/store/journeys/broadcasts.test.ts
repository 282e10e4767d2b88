import {
  moveBroadcast,
  previewBroadcast,
  retryFailed,
  testBroadcast,
  type BroadcastAction,
  type BroadcastItem,
} from '../../../core/journeys/broadcasts';
import { setLimits } from '../../../core/limits';
import { ProviderError, TokenExpiredError } from '../../../core/model';
import { describeOnBothDatabases } from '../../support/storeContext';
import { changeAccounts } from '../messaging/support/messagingUnits.cjs';
import { agreeingWorld, templateOf } from '../messaging/support/agreeing';
import { createWorld, CUSTOMER, DAY_MS, type World } from '../messaging/support/world';
import { draftTo, meet, names, raiseLimits, runOnce, shown, start, textsTo } from './support/draft';

const HOUR_MS = 3_600_000;

describeOnBothDatabases('broadcasts', (context) => {
  /** By day, so that no quiet hours are in the way. */
  const NOON = Date.parse('2026-11-25T15:00:00Z');

  async function createPeople(count: number): Promise<{ world: World; people: string[] }> {
    const world = await createWorld(context);
    context.clock.set(NOON);
    const people = names(count);
    await meet(world, people);
    await raiseLimits(world);
    return { world, people };
  }

  const act = (world: World, { broadcastId }: BroadcastItem, action: BroadcastAction) =>
    moveBroadcast(world.ctx, { tenantId: world.tenantId, broadcastId }, action);

  const refused = (detail = 'Refused.') =>
    new ProviderError('provider_rejected', detail, 'policy', 1, null);

  it('sends each of its people their own message once, and says when it is through', async () => {
    const { world, people } = await createPeople(5);
    const draft = await draftTo(world, people);
    expect(draft).toMatchObject({
      state: 'draft',
      total: 5,
      duplicates: 0,
      leftOut: [],
      counts: { waiting: 5, sent: 0 },
    });
    await runOnce(world);
    expect(world.provider.calls).toHaveLength(0);
    await start(world, draft);
    await runOnce(world);
    for (const person of people) expect(textsTo(world, person)).toEqual([`Oi, ${person}!`]);
    expect(await shown(world, draft)).toMatchObject({
      state: 'completed',
      progress: 100,
      counts: { waiting: 0, sent: 5, skipped: 0, failed: 0, unknown: 0 },
    });
    const event = (await world.events()).find(({ event: type }) => type === 'broadcast.completed');
    expect(event).toMatchObject({
      connection: { id: world.account.id },
      data: { broadcastId: draft.broadcastId, name: 'Novidades', total: 5, sent: 5, failed: 0 },
    });
    await runOnce(world);
    expect(world.provider.calls).toHaveLength(5);
  });

  it('has everybody in it once, and names who is left out', async () => {
    const { world, people } = await createPeople(2);
    const [ana = '', bia = ''] = people;
    const [contact] = await world.rows('contacts');
    const message = async () => ({ content: { type: 'text' as const, text: 'Oi' } });
    const draft = await draftTo(world, [], {
      people: [
        { item: 0, recipient: ana, message },
        { item: 1, recipient: ` ${ana} `, message },
        { item: 2, contactId: contact?.id, message },
        { item: 3, message },
        { item: 4, contactId: 'nobody', message },
        { item: 5, recipient: bia, message },
        {
          item: 6,
          recipient: 'carla',
          message: async () => ({ content: { type: 'text', text: 'x'.repeat(2_000) } }),
        },
      ],
    });
    expect(draft).toMatchObject({ total: 2, duplicates: 2 });
    expect(draft.leftOut.map(({ item }) => item).sort()).toEqual([3, 4, 6]);
    expect(draft.leftOut.find(({ item }) => item === 4)?.error).toContain('Clínica Sol');
    expect(draft.leftOut.find(({ item }) => item === 6)?.error).toContain('longer');
  });

  it('gives the same draft for the same key, frozen as it was', async () => {
    const { world, people } = await createPeople(3);
    const first = await draftTo(world, people.slice(0, 2));
    const again = await draftTo(world, people);
    expect(again).toMatchObject({ broadcastId: first.broadcastId, total: 2 });
    expect(await world.rows('broadcasts')).toHaveLength(1);
  });

  it('keeps what is said sealed', async () => {
    const { world } = await createPeople(0);
    await draftTo(world, ['segredo-1']);
    const rows = await world.rows('broadcast_recipients');
    expect(rows).toHaveLength(1);
    expect(rows[0]?.request).not.toContain('Oi');
  });

  it('starts once, however many start it, and refuses steps out of turn', async () => {
    const { world, people } = await createPeople(3);
    const draft = await draftTo(world, people);
    await expect(act(world, draft, 'pause')).rejects.toThrow('never started');
    await Promise.all([start(world, draft), start(world, draft), start(world, draft)]);
    await Promise.all([runOnce(world), runOnce(world), runOnce(world)]);
    for (const person of people) expect(world.provider.delivered(person)).toBe(1);
    await runOnce(world);
    await expect(act(world, draft, 'resume')).rejects.toThrow('is through');
  });

  it('pauses, goes on, and ends', async () => {
    const { world, people } = await createPeople(3);
    const draft = await draftTo(world, people);
    await start(world, draft);
    await act(world, draft, 'pause');
    await runOnce(world);
    expect(world.provider.calls).toHaveLength(0);
    await act(world, draft, 'resume');
    await runOnce(world);
    expect(world.provider.calls).toHaveLength(3);

    const other = await draftTo(world, people, { createKey: 'draft-2' });
    await start(world, other);
    await act(world, other, 'cancel');
    await runOnce(world);
    expect(world.provider.calls).toHaveLength(3);
    await expect(act(world, other, 'resume')).rejects.toThrow('is cancelled');
  });

  it('waits for its hour', async () => {
    const { world, people } = await createPeople(1);
    const draft = await draftTo(world, people);
    const name = { tenantId: world.tenantId, broadcastId: draft.broadcastId };
    await moveBroadcast(world.ctx, name, 'start', '2026-11-25T13:00:00');
    await runOnce(world);
    expect(world.provider.calls).toHaveLength(0);
    // One o'clock in São Paulo.
    context.clock.advance(HOUR_MS);
    await runOnce(world);
    expect(world.provider.calls).toHaveLength(1);
  });

  it('waits for a cap that ends within the hour, so that a weekly one reaches everybody each week', async () => {
    const world = await agreeingWorld(context);
    await raiseLimits(world);
    const content = templateOf('marketing');
    const people = [{ item: 0, recipient: CUSTOMER, message: async () => ({ content }) }];
    const weekly = async (createKey: string) => {
      const draft = await draftTo(world, [], { people, createKey, category: 'marketing' });
      await start(world, draft);
      await runOnce(world);
      return draft;
    };
    await weekly('first');
    expect(world.provider.calls).toHaveLength(1);
    context.clock.advance(7 * DAY_MS - HOUR_MS / 2);
    const second = await weekly('second');
    expect(await shown(world, second)).toMatchObject({ counts: { waiting: 1, skipped: 0 } });
    expect(world.provider.calls).toHaveLength(1);
    context.clock.advance(HOUR_MS / 2);
    await runOnce(world);
    expect(world.provider.calls).toHaveLength(2);
    context.clock.advance(7 * DAY_MS - 2 * HOUR_MS);
    const third = await weekly('third');
    expect(await shown(world, third)).toMatchObject({ counts: { waiting: 0, skipped: 1 } });
  });

  it('leaves out whom it may not write to, with the reason', async () => {
    const { world, people } = await createPeople(2);
    const draft = await draftTo(world, [...people, 'stranger']);
    await start(world, draft);
    await runOnce(world);
    expect(await shown(world, draft)).toMatchObject({
      state: 'completed',
      counts: { sent: 2, skipped: 1 },
      reasons: { window_closed: 1 },
    });
  });

  it('leaves a share of the limits to answers, and goes on when they begin anew', async () => {
    const { world, people } = await createPeople(6);
    await setLimits(world.ctx, world.tenantId, world.account.id, { perMinute: 5 });
    const draft = await draftTo(world, people, { settings: { share: 80 } });
    await start(world, draft);
    await runOnce(world);
    await runOnce(world);
    expect(world.provider.calls).toHaveLength(4);
    const waiting = await shown(world, draft);
    expect(waiting.note).toContain('share of the limits');
    expect(await world.send({ recipientExternalId: people[0] })).toMatchObject({ status: 'sent' });
  });

  it('stops by itself when too many fail, and goes on where a person says so', async () => {
    const { world, people } = await createPeople(120);
    world.provider.behaviours.push(...people.slice(0, 60).map(() => refused()));
    const draft = await draftTo(world, people);
    await start(world, draft);
    await runOnce(world);
    const stopped = await shown(world, draft);
    expect(stopped.state).toBe('stopped');
    expect(stopped.note).toContain('messages failed, most of them for "provider_rejected"');
    // What was under way when it was seen arrives; nobody else is bothered.
    expect(stopped.counts.failed).toBeLessThanOrEqual(60);
    expect(stopped.counts.waiting).toBeGreaterThanOrEqual(60);
    await runOnce(world);
    expect(world.provider.calls).toHaveLength(stopped.counts.failed);
    world.provider.behaviours.length = 0;
    context.clock.advance(1_000);
    await act(world, draft, 'resume');
    await runOnce(world);
    const { failed } = stopped.counts;
    expect(await shown(world, draft)).toMatchObject({
      state: 'completed',
      counts: { failed, sent: 120 - failed },
    });
  });

  it('stops at once where nobody else would be reached, with nobody given up', async () => {
    const { world, people } = await createPeople(50);
    world.provider.behaviours.push(new TokenExpiredError('The token is dead.'));
    const draft = await draftTo(world, people);
    await start(world, draft);
    await runOnce(world);
    const stopped = await shown(world, draft);
    expect(stopped).toMatchObject({ state: 'stopped', counts: { failed: 0 } });
    expect(stopped.note).toContain('connected again');
    await changeAccountsOf(world, { status: 'active', status_reason: null });
    await act(world, draft, 'resume');
    await runOnce(world);
    expect(await shown(world, draft)).toMatchObject({ state: 'completed', counts: { sent: 50 } });
    for (const person of people) expect(world.provider.delivered(person)).toBe(1);
  });

  it('does not begin while the number has the lowest quality', async () => {
    const { world, people } = await createPeople(2);
    await changeAccountsOf(world, { health: JSON.stringify({ qualityRating: 'RED' }) });
    const draft = await draftTo(world, people);
    await start(world, draft);
    await runOnce(world);
    const stopped = await shown(world, draft);
    expect(stopped.state).toBe('stopped');
    expect(stopped.note).toContain('quality');
    const name = { tenantId: world.tenantId, broadcastId: draft.broadcastId };
    const { stoppedBy } = await previewBroadcast(world.ctx, { ...name, show: 0, look: 0 });
    expect(stoppedBy).toBe(stopped.note);
    expect(world.provider.calls).toHaveLength(0);
  });

  it('tries the failed again, and nobody else', async () => {
    const { world, people } = await createPeople(4);
    world.provider.behaviours.push(refused(), 'accept', refused(), 'accept');
    const draft = await draftTo(world, people);
    await start(world, draft);
    await runOnce(world);
    expect(await shown(world, draft)).toMatchObject({ state: 'completed', counts: { failed: 2 } });
    const { tenantId } = world;
    const retried = await retryFailed(world.ctx, { tenantId, broadcastId: draft.broadcastId });
    expect(retried).toMatchObject({ retried: 2, state: 'running' });
    await runOnce(world);
    expect(await shown(world, draft)).toMatchObject({ state: 'completed', counts: { sent: 4 } });
    for (const person of people) expect(world.provider.delivered(person)).toBe(1);
  });

  it('tries again by itself what failed for a moment', async () => {
    const { world, people } = await createPeople(1);
    world.provider.behaviours.push(
      new ProviderError('provider_unavailable', 'Down.', 'unavailable', 2, null),
    );
    const draft = await draftTo(world, people);
    await start(world, draft);
    await runOnce(world);
    expect(await shown(world, draft)).toMatchObject({ state: 'running', counts: { waiting: 1 } });
    context.clock.advance(31_000);
    await runOnce(world);
    expect(await shown(world, draft)).toMatchObject({ state: 'completed', counts: { sent: 1 } });
    expect(world.provider.calls).toHaveLength(2);
  });

  it('does not send again what nobody knows the outcome of, and is through when it is known', async () => {
    const { world, people } = await createPeople(2);
    world.provider.behaviours.push('acceptThenCut');
    const draft = await draftTo(world, people);
    await start(world, draft);
    await runOnce(world);
    expect(await shown(world, draft)).toMatchObject({ state: 'running', counts: { unknown: 1 } });
    context.clock.advance(16_000);
    await runOnce(world);
    expect(world.provider.calls).toHaveLength(2);
    const [person = ''] = people.filter((one) => world.provider.delivered(one) === 1);
    expect(person).not.toBe('');
  });

  it('refuses a runner that has lost its lease', async () => {
    const { world, people } = await createPeople(4);
    await setLimits(world.ctx, world.tenantId, world.account.id, { perMinute: 2 });
    const draft = await draftTo(world, people, { settings: { share: 100 } });
    await start(world, draft);
    await runOnce(world, 8);
    expect(world.provider.calls).toHaveLength(2);
    await raiseLimits(world);
    context.clock.advance(60_000);
    await runOnce(world, 7);
    expect(world.provider.calls).toHaveLength(2);
    await runOnce(world, 8);
    expect(world.provider.calls).toHaveLength(4);
  });

  it('shows before it starts what would happen, with the real words, and sends nothing', async () => {
    const { world, people } = await createPeople(2);
    const draft = await draftTo(world, [...people, 'stranger']);
    const { tenantId } = world;
    const name = { tenantId, broadcastId: draft.broadcastId };
    const preview = await previewBroadcast(world.ctx, { ...name, show: 2, look: 100 });
    expect(preview).toMatchObject({
      total: 3,
      looked: 3,
      wouldSend: 2,
      wouldSendTemplate: 0,
      wouldSkip: { window_closed: 1 },
    });
    expect(preview.messages.map(({ text }) => text)).toEqual(people.map((one) => `Oi, ${one}!`));
    expect(world.provider.calls).toHaveLength(0);
    expect((await world.rows('contacts')).length).toBe(2);
  });

  it('sends one of its messages to whoever tests it, and nobody counts as reached', async () => {
    const { world, people } = await createPeople(2);
    await world.customerWrites();
    const draft = await draftTo(world, people);
    const { tenantId } = world;
    const test = {
      tenantId,
      broadcastId: draft.broadcastId,
      recipient: CUSTOMER,
      position: 2,
      idempotencyKey: 'test-1',
    };
    expect(await testBroadcast(world.ctx, test)).toMatchObject({ status: 'sent' });
    expect(textsTo(world, CUSTOMER)).toEqual([`Oi, ${people[1]}!`]);
    expect(await shown(world, draft)).toMatchObject({ state: 'draft', counts: { waiting: 2 } });
    await expect(testBroadcast(world.ctx, { ...test, position: 3 })).rejects.toThrow('number 3');
  });

  it('lets a customer’s answer overtake it', async () => {
    const { world, people } = await createPeople(300);
    world.provider.pace = () => ({ perSecond: 80 });
    const draft = await draftTo(world, people);
    await world.customerWrites();
    await start(world, draft);
    let before = 0;
    let answered: Promise<unknown> | undefined;
    let at = -1;
    world.provider.behaviours.push(
      ...people.slice(0, 60).map(() => 'accept' as const),
      async () => {
        before = world.provider.calls.length;
        answered = world.send().then(() => {
          at = world.provider.calls.findIndex((call) => call.recipientExternalId === CUSTOMER);
        });
        return 'accept';
      },
    );
    await runOnce(world);
    await runOnce(world);
    await answered;
    // At 80 a second, so many are two seconds.
    expect(at - before).toBeLessThan(160);
    expect(at).toBeGreaterThan(0);
    expect(world.provider.delivered(CUSTOMER)).toBe(1);
  });

  const changeAccountsOf = (world: World, change: object) =>
    world.tenant.run(changeAccounts, change);
});
