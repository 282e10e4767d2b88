import { registerDoor } from '../../../core/accounts';
import { EVENT_SCHEMAS } from '../../../core/events';
import { firstFault } from '../../../core/events/schemas';
import { fetchMissed, runCatchUps, type MessagingContext } from '../../../core/messaging';
import {
  NotFoundError,
  RateLimitedError,
  SendError,
  TokenExpiredError,
  type CatchUpResult,
  type EventItem,
} from '../../../core/model';
import { describeOnBothDatabases, type StoreContext } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor';
import { FakeMissed } from './support/fakeMissed';
import { changeCatchUps } from './support/messagingUnits.cjs';
import { createWorld, CUSTOMER } from './support/world';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const never = new AbortController().signal;

/** A world whose provider can be asked for messages afterwards. */
async function createMissing(context: StoreContext) {
  const world = await createWorld(context, { channel: 'instagram' });
  const missed = new FakeMissed(() => world.account);
  const { provider } = world;
  const withMissed = new Proxy(provider, {
    get: (target, key) => (key === 'missed' ? missed : Reflect.get(target, key, target)),
  });
  const ctx: MessagingContext = { ...world.ctx, providers: new Map([['meta', withMissed]]) };
  const now = context.clock.now();
  return {
    world,
    missed,
    ctx,
    now,
    fetch: (parts: Partial<Parameters<typeof fetchMissed>[1]> = {}): Promise<CatchUpResult> =>
      fetchMissed(ctx, {
        tenantId: world.tenantId,
        accountId: world.account.id,
        since: now - 24 * HOUR,
        ...parts,
      }),
    /** A conversation of messages, the last one a minute ago, each a minute apart. */
    conversation(person: string, ...texts: string[]) {
      const messages = texts.map((text, index) => ({
        id: `mid.${person}.${index}`,
        text: text.replace(/^> /, ''),
        at: now - (texts.length - index) * MINUTE,
        out: text.startsWith('> '),
      }));
      const made = { person, messages };
      missed.conversations.push(made);
      return made;
    },
  };
}

const received = (items: EventItem[]) =>
  items.filter(({ event }) => event === 'message.received').map(({ message }) => message?.text);

describeOnBothDatabases('fetching what was missed', (context) => {
  it('stores each message once, with its real time, marked as caught up', async () => {
    const { world, fetch, conversation, now } = await createMissing(context);
    conversation('ana', 'Oi', 'Tem vaga?');
    conversation('rui', 'Bom dia');
    expect(await fetch()).toEqual({
      reason: 'manual',
      since: new Date(now - 24 * HOUR).toISOString(),
      status: 'done',
      conversations: 2,
      messages: 3,
      sentFromElsewhere: 0,
      unreadable: [],
      error: null,
    });
    const items = await world.events();
    expect(received(items).sort()).toEqual(['Bom dia', 'Oi', 'Tem vaga?']);
    const oi = items.find(({ message }) => message?.text === 'Oi');
    expect(oi).toMatchObject({
      timestamp: new Date(Math.floor((now - 2 * MINUTE) / 1_000) * 1_000).toISOString(),
      data: { caughtUp: true },
      contact: { externalId: 'ana', isNew: true },
      conversation: {
        windowClosesAt: new Date(
          Math.floor((now - 2 * MINUTE) / 1_000) * 1_000 + 24 * HOUR,
        ).toISOString(),
      },
    });
    expect((await world.rows('events')).filter((row) => row.caught_up === 1)).toHaveLength(7);
    const identities = await world.rows('contact_identities');
    expect(identities.map(({ username }) => username).sort()).toEqual(['u.ana', 'u.rui']);

    expect(await fetch()).toMatchObject({ status: 'done', messages: 0 });
    expect(await world.events()).toHaveLength(items.length);
  });

  it('tells what it came to, and says nothing when nothing was missing', async () => {
    const { world, fetch, conversation } = await createMissing(context);
    await fetch();
    expect(await world.eventTypes()).toEqual(['connection.connected']);
    conversation('ana', 'Oi');
    await fetch();
    expect((await world.events()).at(-1)).toMatchObject({
      event: 'connection.caughtUp',
      connection: { id: world.account.id },
      data: { reason: 'manual', status: 'done', messages: 1, unreadable: [] },
    });
  });

  it('leaves out what came by webhook, and drops what a webhook brings afterwards', async () => {
    const { world, fetch, conversation, missed, now } = await createMissing(context);
    const byWebhook = (id: string, text: string) =>
      world.event('message', { providerId: id, dedupeKey: `message:${id}`, text });
    await world.receive(byWebhook('mid.1', 'first'));
    missed.conversations.push({
      person: CUSTOMER,
      messages: [
        { id: 'mid.1', text: 'first', at: now - MINUTE },
        { id: 'mid.2', text: 'second', at: now },
      ],
    });
    conversation('ana', 'third');
    expect(await fetch()).toMatchObject({ messages: 2 });
    expect(await world.receive(byWebhook('mid.2', 'second'))).toMatchObject({
      stored: 0,
      duplicates: 1,
      items: [],
    });
    expect(received(await world.events()).sort()).toEqual(['first', 'second', 'third']);
    expect(await world.rows('messages')).toHaveLength(3);
  });

  it('finds one message of both ways at the same moment once', async () => {
    const { world, fetch, missed, now } = await createMissing(context);
    const ids = Array.from({ length: 12 }, (_, index) => `mid.${index}`);
    missed.readable = 50;
    missed.conversations.push({
      person: CUSTOMER,
      messages: ids.map((id, index) => ({ id, text: id, at: now - 12_000 + index * 1_000 })),
    });
    await Promise.all([
      fetch(),
      ...ids.map((id) =>
        world.receive(
          world.event('message', { providerId: id, dedupeKey: `message:${id}`, text: id }),
        ),
      ),
    ]);
    expect(received(await world.events()).sort()).toEqual([...ids].sort());
  });

  it('knows a message that a webhook brought without an id', async () => {
    const { world, fetch, missed, now } = await createMissing(context);
    const at = now - MINUTE + 345;
    const unnamed = { providerId: null, text: 'Oi', occurredAt: at };
    await world.receive(world.event('message', unnamed));
    await world.receive(
      world.event('postback', { providerId: null, title: 'Sim', occurredAt: at + 5_000 }),
    );
    missed.conversations.push({
      person: CUSTOMER,
      messages: [
        { id: 'mid.a', text: 'Oi', at },
        { id: 'mid.b', text: 'Sim', at: at + 5_000 },
        // The same words a minute later are another message.
        { id: 'mid.c', text: 'Oi', at: at + MINUTE },
      ],
    });
    expect(await fetch()).toMatchObject({ messages: 1 });
    expect(await world.rows('messages')).toHaveLength(3);
  });

  it('knows a message that came by webhook under another id', async () => {
    const { world, fetch, missed, now } = await createMissing(context);
    const at = now - MINUTE + 345;
    const named = { providerId: 'm_A', dedupeKey: 'message:m_A', text: 'Oi', occurredAt: at };
    await world.receive(world.event('message', named));
    await world.receive(
      world.event('echo', { providerId: 'm_B', dedupeKey: 'echo:m_B', text: 'Oi', occurredAt: at }),
    );
    missed.conversations.push({
      person: CUSTOMER,
      messages: [
        { id: 'other.a', text: 'Oi', at },
        { id: 'other.b', text: 'Oi', at, out: true },
        { id: 'other.c', text: 'Oi', at },
      ],
    });
    // Three were said, two of them are here.
    expect(await fetch()).toMatchObject({ messages: 1, sentFromElsewhere: 0 });
  });

  it('records what a person of the staff wrote in the inbox, and never our own as theirs', async () => {
    const { world, fetch, missed, now, ctx } = await createMissing(context);
    await world.customerWrites();
    const { providerMessageId } = await world.send();
    missed.conversations.push({
      person: CUSTOMER,
      messages: [
        { id: providerMessageId ?? '', text: 'Bem-vindo!', at: ctx.clock.now(), out: true },
        { id: 'mid.staff', text: 'Fala com a Bia', at: now, out: true },
      ],
    });
    expect(await fetch()).toMatchObject({ messages: 0, sentFromElsewhere: 1 });
    const items = await world.events();
    expect(items.find(({ event }) => event === 'message.echo')).toMatchObject({
      message: { text: 'Fala com a Bia', sentBy: 'person', direction: 'outbound' },
      data: { caughtUp: true },
    });
    expect(items.filter(({ message }) => message?.text === 'Bem-vindo!')).toHaveLength(1);
  });

  it('confirms a send of ours whose outcome nobody knew', async () => {
    const { world, fetch, missed, ctx } = await createMissing(context);
    await world.customerWrites();
    world.provider.behaviours.push('cut');
    expect(await world.send()).toMatchObject({ status: 'unknown' });
    missed.conversations.push({
      person: CUSTOMER,
      messages: [{ id: 'mid.ours', text: 'Bem-vindo!', at: ctx.clock.now() + 1_000, out: true }],
    });
    await fetch();
    const [message] = (await world.rows('messages')).filter(
      ({ direction }) => direction === 'outbound',
    );
    expect(message).toMatchObject({
      provider_id: 'mid.ours',
      status: 'sent',
      sent_by: 'automation',
    });
    expect(await world.eventTypes()).toContain('message.sent');
  });

  it('takes nothing from before the time that was asked for', async () => {
    const { world, fetch, missed, now } = await createMissing(context);
    missed.conversations.push({
      person: 'ana',
      messages: [
        { id: 'mid.1', text: 'last week', at: now - 7 * 24 * HOUR },
        { id: 'mid.2', text: 'today', at: now - HOUR },
      ],
    });
    missed.conversations.push({
      person: 'rui',
      messages: [{ id: 'mid.3', text: 'last month', at: now - 30 * 24 * HOUR }],
    });
    expect(await fetch()).toMatchObject({ messages: 1, conversations: 1 });
    expect(received(await world.events())).toEqual(['today']);
  });

  it('tells what is there and cannot be read any more, but not what is known', async () => {
    const { world, fetch, conversation, missed, now } = await createMissing(context);
    missed.readable = 2;
    missed.listed = 4;
    const { messages } = conversation('ana', 'a', 'b', 'c', 'd', 'e', 'f');
    await world.receive(
      world.event('message', {
        contact: { externalId: 'ana' },
        providerId: 'mid.ana.3',
        dedupeKey: 'message:mid.ana.3',
        text: 'd',
      }),
    );
    const { unreadable, messages: found } = await fetch();
    expect(found).toBe(2);
    const at = new Date(Math.floor((messages[2]?.at ?? now) / 1_000) * 1_000).toISOString();
    expect(unreadable).toEqual([
      {
        from: { externalId: 'ana', username: 'u.ana' },
        messages: 1,
        atLeast: true,
        first: at,
        last: at,
      },
    ]);
    const items = await world.events();
    expect(items.at(-1)?.data).toMatchObject({ unreadable });
    const faults = items.map((item) => firstFault(EVENT_SCHEMAS[item.event], item, item.event));
    expect(faults.filter((fault) => fault !== null)).toEqual([]);
  });

  it('goes on where it was interrupted', async () => {
    const { world, fetch, conversation, missed, ctx } = await createMissing(context);
    missed.pageSize = 1;
    conversation('ana', 'one');
    conversation('rui', 'two', 'two again', 'two, the oldest');
    conversation('bia', 'three', 'three again');
    const abort = new AbortController();
    missed.before = async (call) => {
      if ('list' in call && call.list === '1') abort.abort();
    };
    expect(await fetch({ signal: abort.signal })).toMatchObject({
      status: 'running',
      messages: 1,
    });
    missed.calls.length = 0;
    expect(await runCatchUps(ctx, never)).toBe(1);
    // The page that was not finished is read again, the one before is not.
    expect(missed.calls.filter((call) => 'list' in call)).toEqual([{ list: '1' }, { list: '2' }]);
    expect(received(await world.events())).toHaveLength(6);
  });

  it('is taken over from a process that died in the middle, and by one process at a time', async () => {
    const { world, fetch, conversation, missed, ctx } = await createMissing(context);
    conversation('ana', 'one');
    conversation('rui', 'two');
    let reads = 0;
    const stopped = Promise.withResolvers<undefined>();
    missed.before = async (call) => {
      if ('read' in call && (reads += 1) === 2) await stopped.promise;
    };
    const dying = fetch();
    await waitFor(() => reads === 2, { what: 'the second conversation to be read' });
    expect(await runCatchUps(ctx, never)).toBe(0);
    await world.tenant.run(changeCatchUps, { lease_until: 1 });
    missed.before = () => Promise.resolve();
    expect(await runCatchUps(ctx, never)).toBe(1);
    stopped.resolve(undefined);
    // The one that was thought dead notices that it is no longer its work, and leaves the result alone.
    expect(await dying).toMatchObject({ status: 'done', messages: 2 });
    expect(received(await world.events()).sort()).toEqual(['one', 'two']);
  });

  it('begins again from the newest when it is asked for anew, and looks back as far as anybody asked', async () => {
    const { world, fetch, conversation, missed, now, ctx } = await createMissing(context);
    missed.pageSize = 1;
    conversation('ana', 'one');
    conversation('rui', 'two', 'two again');
    const abort = new AbortController();
    missed.before = async (call) => {
      if ('list' in call && call.list === '1') abort.abort();
    };
    await fetch({ signal: abort.signal, since: now - 24 * HOUR });
    missed.before = () => Promise.resolve();
    missed.calls.length = 0;
    conversation('new', 'three');
    expect(await fetch({ since: now - HOUR })).toMatchObject({
      since: new Date(now - 24 * HOUR).toISOString(),
      status: 'done',
      messages: 3,
    });
    expect(missed.calls[0]).toEqual({ list: null });
    expect(await runCatchUps(ctx, never)).toBe(0);
    expect(received(await world.events())).toHaveLength(4);
  });

  it('waits when the provider says that there are too many calls, and counts that as no failure', async () => {
    const { world, fetch, conversation, missed, ctx } = await createMissing(context);
    conversation('ana', 'one');
    missed.before = () => Promise.reject(new RateLimitedError('Too many calls.', 90_000, 0));
    expect(await fetch()).toMatchObject({ status: 'running', error: 'Too many calls.' });
    const [row] = await world.rows('catch_ups');
    expect(row?.next_try_at).toBeGreaterThan(Date.now() + 80_000);
    expect(row?.failures).toBe(0);
    missed.before = () => Promise.resolve();
    expect(await runCatchUps(ctx, never)).toBe(0);
    await world.tenant.run(changeCatchUps, { next_try_at: 1 });
    expect(await runCatchUps(ctx, never)).toBe(1);
    expect(received(await world.events())).toEqual(['one']);
  });

  it('makes a call again that was one too many, and goes on', async () => {
    const { fetch, conversation, missed } = await createMissing(context);
    conversation('ana', 'one');
    let refusals = 0;
    missed.before = async (call) => {
      if ('read' in call && (refusals += 1) === 1) throw new RateLimitedError('Too many.', 1, 0);
    };
    expect(await fetch()).toMatchObject({ status: 'done', messages: 1 });
    expect(missed.calls.map((call) => Object.keys(call)[0])).toEqual(['list', 'read', 'read']);
  });

  it('tries again what may pass, and gives up with the reason what does not', async () => {
    const { world, fetch, conversation, missed, ctx } = await createMissing(context);
    conversation('ana', 'one');
    missed.before = () =>
      Promise.reject(new SendError('provider_unavailable', 'Meta is away.', true));
    await fetch();
    for (let run = 0; run < 10; run += 1) {
      await world.tenant.run(changeCatchUps, { next_try_at: 1 });
      await runCatchUps(ctx, never);
    }
    expect(missed.calls).toHaveLength(6);
    expect((await world.events()).at(-1)).toMatchObject({
      event: 'connection.caughtUp',
      data: { status: 'failed', messages: 0, error: 'Meta is away.' },
    });
  });

  it('says that the token has ended, on the account as well', async () => {
    const { world, fetch, missed } = await createMissing(context);
    missed.before = () =>
      Promise.reject(new TokenExpiredError('The token has ended.', { hint: 'Make a new one.' }));
    expect(await fetch()).toMatchObject({ status: 'failed' });
    expect((await world.rows('accounts'))[0]).toMatchObject({ status: 'expired' });
    expect(await world.eventTypes()).toContain('connection.expired');
  });

  it('does not count as received: a webhook that is deaf stays deaf', async () => {
    const { world, fetch, conversation } = await createMissing(context);
    conversation('ana', 'one');
    const { tenantId } = world;
    const door = { tenantId, doorId: 'door-1', credentialId: null, url: 'https://n8n.example/1' };
    await registerDoor(world.ctx, { ...door, provider: 'meta' });
    await fetch();
    expect((await world.rows('accounts'))[0]?.last_received_at).toBeNull();
  });

  it('refuses an account of another tenant, and a time out of reach', async () => {
    const { fetch, now } = await createMissing(context);
    const other = await createMissing(context);
    await expect(fetch({ accountId: other.world.account.id })).rejects.toThrow(NotFoundError);
    await expect(fetch({ since: now - 31 * 24 * HOUR })).rejects.toThrow('30 days');
    await expect(fetch({ since: context.clock.now() + 1 })).rejects.toThrow('30 days');
  });

  it('says of a provider that cannot be asked that it cannot', async () => {
    const { world, now } = await createMissing(context);
    const result = await fetchMissed(world.ctx, {
      tenantId: world.tenantId,
      accountId: world.account.id,
      since: now - HOUR,
    });
    expect(result).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('cannot be asked'),
    });
  });
});
