import type { MessagingContext } from '../../../core/messaging';
import { readDueProfiles } from '../../../core/messaging/profiles/readProfiles';
import { EVENT_SCHEMAS } from '../../../core/events';
import { firstFault } from '../../../core/events/schemas';
import { ProviderError, RateLimitedError, TokenExpiredError } from '../../../core/model';
import type { Provider } from '../../../core/providers/provider';
import { describeOnBothDatabases, type StoreContext } from '../../support/storeContext';
import { createWorld, CUSTOMER, type World } from './support/world';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const never = new AbortController().signal;

type Answer = { name: string | null; username: string | null } | Error;

const ANA: Answer = { name: 'Ana Souza', username: 'ana.souza' };
const noConsent = () =>
  new ProviderError('provider_rejected', 'A permission is missing.', 'permission', 230, null);
const down = () =>
  new ProviderError('provider_unavailable', 'Meta is down.', 'unavailable', 2, null);

/** A world whose provider can be asked who people are. */
async function createNameless(context: StoreContext) {
  const world = await createWorld(context, { channel: 'instagram' });
  const asked: string[] = [];
  let answer: () => Answer | Promise<Answer> = () => ANA;
  const readPerson: Provider['readPerson'] = async (_connection, personExternalId) => {
    asked.push(personExternalId);
    const given = await answer();
    if (given instanceof Error) throw given;
    return given;
  };
  const ctxOver = (base: MessagingContext): MessagingContext => ({
    ...base,
    providers: new Map([
      [
        'meta',
        new Proxy<Provider>(world.provider, {
          get: (target, key) =>
            key === 'readPerson' ? readPerson : Reflect.get(target, key, target),
        }),
      ],
    ]),
  });
  const ctx = ctxOver(world.ctx);
  return {
    world,
    asked,
    ctx,
    ctxOver,
    answerWith: (next: () => Answer | Promise<Answer>) => {
      answer = next;
    },
    run: (signal: AbortSignal = never) => readDueProfiles(ctx, signal),
    contact: async () => (await world.rows('contacts'))[0],
    identity: async () => (await world.rows('contact_identities'))[0],
  };
}

const updates = async (world: World) =>
  (await world.events()).filter(({ event }) => event === 'contact.updated');

describeOnBothDatabases('the name of somebody who writes for the first time', (context) => {
  it('is read once, kept, and told once', async () => {
    const { world, run, asked, contact, identity } = await createNameless(context);
    await world.customerWrites();
    expect(await contact()).toMatchObject({ name: null });
    await run();
    await world.customerWrites('Tem vaga?');
    await run();
    expect(asked).toEqual([CUSTOMER]);
    expect(await contact()).toMatchObject({ name: 'Ana Souza' });
    expect(await identity()).toMatchObject({ username: 'ana.souza', profile_due_at: null });
    const told = await updates(world);
    expect(told).toMatchObject([
      {
        connection: { id: world.account.id },
        contact: { externalId: CUSTOMER, name: 'Ana Souza', isNew: false },
        conversation: { id: expect.any(String) as unknown },
        data: { changed: ['name', 'username'], username: 'ana.souza' },
      },
    ]);
    expect(firstFault(EVENT_SCHEMAS['contact.updated'], told[0], 'item')).toBeNull();
    expect(await world.customerWrites('E amanhã?')).toMatchObject({
      contact: { name: 'Ana Souza' },
    });
  });

  it('is not asked for when it came with the message', async () => {
    const { world, run, asked } = await createNameless(context);
    const contact = { externalId: CUSTOMER, name: 'Ana' };
    await world.receive(world.event('message', { contact }));
    await run();
    expect(asked).toEqual([]);
  });

  it('leaves alone what somebody has put there meanwhile', async () => {
    const { world, run, answerWith, contact } = await createNameless(context);
    await world.customerWrites();
    answerWith(async () => {
      const known = { externalId: CUSTOMER, name: 'Dona Ana' };
      await world.receive(world.event('message', { contact: known }));
      return { name: 'Ana Souza', username: null };
    });
    await run();
    expect(await contact()).toMatchObject({ name: 'Dona Ana' });
    expect(await updates(world)).toEqual([]);
  });

  it('that is refused is not asked for again and again', async () => {
    const { world, run, answerWith, asked, identity } = await createNameless(context);
    answerWith(noConsent);
    await world.customerWrites();
    await run();
    context.clock.advance(HOUR);
    await world.customerWrites('Oi de novo');
    await run();
    expect(asked).toHaveLength(1);
    expect(await identity()).toMatchObject({ profile_due_at: null });
    expect(await updates(world)).toEqual([]);
  });

  it('is asked for again when the provider was down, some times and not for ever', async () => {
    const { world, run, answerWith, asked, contact } = await createNameless(context);
    answerWith(down);
    await world.customerWrites();
    await run();
    await run();
    expect(asked).toHaveLength(1);
    context.clock.advance(MINUTE);
    answerWith(() => ANA);
    await run();
    expect(asked).toHaveLength(2);
    expect(await contact()).toMatchObject({ name: 'Ana Souza' });

    const other = await createNameless(context);
    other.answerWith(down);
    await other.world.customerWrites();
    for (let count = 0; count < 8; count += 1) {
      await other.run();
      context.clock.advance(HOUR);
    }
    expect(other.asked).toHaveLength(5);
  });

  it('waits as long as the provider asks the account to', async () => {
    const { world, run, answerWith, asked } = await createNameless(context);
    answerWith(() => new RateLimitedError('Too many calls.', 10 * MINUTE, 0));
    await world.customerWrites();
    await world.receive(world.event('message', { contact: { externalId: 'rui' } }));
    await run();
    const before = asked.length;
    await run();
    expect(asked).toHaveLength(before);
    answerWith(() => ANA);
    context.clock.advance(10 * MINUTE);
    await run();
    expect(asked.slice(before).sort()).toEqual([CUSTOMER, 'rui'].sort());
  });

  it('is asked for only where the account works', async () => {
    const { world, run, answerWith, asked } = await createNameless(context);
    answerWith(() => new TokenExpiredError('The token has ended.'));
    await world.customerWrites();
    await run();
    context.clock.advance(HOUR);
    await run();
    expect(asked).toHaveLength(1);
    expect(await world.rows('accounts')).toMatchObject([{ status: 'expired' }]);
  });

  it('is asked for by whoever comes next when a process was killed in between', async () => {
    const { world, ctxOver, run, answerWith, asked, contact } = await createNameless(context);
    await world.customerWrites();
    const killed = new Promise<Answer>(() => undefined);
    answerWith(() => killed);
    void readDueProfiles(ctxOver(world.ctx), never);
    while (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    answerWith(() => ANA);
    await run();
    expect(asked).toHaveLength(1);
    context.clock.advance(MINUTE);
    await run();
    expect(asked).toHaveLength(2);
    expect(await contact()).toMatchObject({ name: 'Ana Souza' });
    expect(await updates(world)).toHaveLength(1);
  });

  it('is asked for by one of two processes', async () => {
    const { world, ctx, ctxOver, asked } = await createNameless(context);
    for (const externalId of ['a', 'b', 'c']) {
      await world.receive(world.event('message', { contact: { externalId } }));
    }
    const beside = ctxOver(world.beside(context.store));
    await Promise.all([readDueProfiles(ctx, never), readDueProfiles(beside, never)]);
    expect(asked.sort()).toEqual(['a', 'b', 'c']);
    expect(await updates(world)).toHaveLength(3);
  });

  it('is not waited for longer than a day', async () => {
    const { world, run, asked, identity } = await createNameless(context);
    await world.customerWrites();
    context.clock.advance(25 * HOUR);
    await run();
    expect(asked).toEqual([]);
    expect(await identity()).toMatchObject({ profile_due_at: null });
  });

  it('ends where the runner is stopped', async () => {
    const { world, run, asked } = await createNameless(context);
    await world.customerWrites();
    await run(AbortSignal.abort());
    expect(asked).toEqual([]);
  });

  it('of a provider that cannot be asked is not waited for', async () => {
    const { world, identity } = await createNameless(context);
    await world.customerWrites();
    expect((await identity())?.profile_due_at).toEqual(expect.any(Number));
    await readDueProfiles(world.ctx, never);
    expect(await identity()).toMatchObject({ profile_due_at: null });
  });
});

describeOnBothDatabases('somebody whom we wrote to first', (context) => {
  it('is asked for when they answer, for before nobody says who they are', async () => {
    const { world, run, asked } = await createNameless(context);
    const contact = { externalId: CUSTOMER };
    await world.receive(world.event('echo', { contact, text: 'Bem-vindo!' }));
    await run();
    expect(await world.rows('conversations')).toHaveLength(1);
    expect(asked).toEqual([]);
    await world.customerWrites();
    await run();
    expect(asked).toEqual([CUSTOMER]);
    expect(await updates(world)).toHaveLength(1);
  });
});
