import { recordInbound, sendMessage, type SendMessageInput } from '../../../core/messaging';
import { resolveTargets } from '../../../core/messaging/target.unit';
import { getAccount, noteAccountStatus } from '../../../core/accounts';
import type { SendResult } from '../../../core/model';
import { describeOnBothDatabases } from '../../support/storeContext';
import { createWorld, type World } from './support/world';

const MANY = 60;
const person = (index: number) => `person-${index}`;
const people = Array.from({ length: MANY }, (_, index) => person(index));

describeOnBothDatabases('many messages at once', (context) => {
  /** Everybody has written, so that every window is open. */
  async function create(): Promise<World> {
    const world = await createWorld(context);
    await world.receive(
      ...people.map((externalId) => world.event('message', { contact: { externalId } })),
    );
    return world;
  }

  const inputFor = (world: World, externalId: string): SendMessageInput => ({
    tenantId: world.tenantId,
    accountId: world.account.id,
    recipientExternalId: externalId,
    content: { type: 'text', text: `Oi, ${externalId}` },
    idempotencyKey: `key-${externalId}`,
  });
  const sendTo = (world: World, externalId: string) =>
    sendMessage(world.ctx, inputFor(world, externalId));
  const outgoing = async (world: World) =>
    (await world.rows('messages')).filter(({ direction }) => direction === 'outbound');

  it('are all sent, each stored with its result and told once', async () => {
    const world = await create();
    const results = await Promise.all(people.map((one) => sendTo(world, one)));
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['sent']));
    for (const one of people) expect(world.provider.delivered(one)).toBe(1);

    const rows = await outgoing(world);
    expect(rows.map(({ text }) => text).sort()).toEqual(people.map((one) => `Oi, ${one}`).sort());
    const byId = new Map(rows.map((row) => [row.id, row]));
    for (const { messageId, providerMessageId, conversationId, contactId } of results) {
      expect(byId.get(messageId ?? '')).toMatchObject({
        provider_id: providerMessageId,
        conversation_id: conversationId,
        contact_id: contactId,
        status: 'sent',
        sent_by: 'automation',
      });
    }
    const events = (await world.events()).filter(({ event }) => event === 'message.sent');
    expect(events.map(({ message }) => message?.id).sort()).toEqual([...byId.keys()].sort());
    expect(
      events.every(({ contact, message }) => message?.text === `Oi, ${contact?.externalId}`),
    ).toBe(true);
    const answered = (await world.rows('conversations')).map((row) => row.last_outbound_at);
    expect(answered).toEqual(people.map(() => context.clock.now()));

    const again = await Promise.all(people.map((one) => sendTo(world, one)));
    expect(again).toEqual(
      results.map(({ rateLimit: _, ...result }) => ({ ...result, duplicate: true })),
    );
    expect(world.provider.calls).toHaveLength(MANY);
  });

  it('with one key are one message', async () => {
    const world = await create();
    const input = inputFor(world, person(0));
    const results = await Promise.all(
      Array.from({ length: 20 }, () => sendMessage(world.ctx, input)),
    );
    const fresh = results.filter(({ status, duplicate }) => status === 'sent' && !duplicate);
    expect(fresh).toHaveLength(1);
    expect(world.provider.delivered(person(0))).toBe(1);
    expect(await outgoing(world)).toHaveLength(1);
  });

  it('from two processes with the same keys are one message each', async () => {
    const world = await create();
    const beside = world.beside(await context.openAnother());
    const results = await Promise.all(
      people.flatMap((one) => [
        sendMessage(world.ctx, inputFor(world, one)),
        sendMessage(beside, inputFor(world, one)),
      ]),
    );
    const fresh = results.filter(({ status, duplicate }) => status === 'sent' && !duplicate);
    expect(fresh).toHaveLength(MANY);
    for (const one of people) expect(world.provider.delivered(one)).toBe(1);
  });

  it('each have their own answer: a stranger, nobody, another account, no recipient', async () => {
    const world = await create();
    const other = await createWorld(context);
    const [known, stranger, missing, conversation, nobody] = await Promise.allSettled([
      sendTo(world, person(0)),
      sendTo(world, 'a stranger'),
      sendMessage(world.ctx, { ...inputFor(world, person(1)), accountId: other.account.id }),
      sendMessage(world.ctx, {
        ...inputFor(world, person(2)),
        accountId: undefined,
        recipientExternalId: undefined,
        conversationId: (await world.rows('conversations')).at(-1)?.id,
      }),
      sendMessage(world.ctx, {
        ...inputFor(world, person(3)),
        recipientExternalId: undefined,
      }),
    ]);
    expect(known).toMatchObject({ value: { status: 'sent' } });
    expect(stranger).toMatchObject({ value: { status: 'skipped', reason: 'window_closed' } });
    expect(missing).toMatchObject({ reason: { code: 'not_found' } });
    expect(conversation).toMatchObject({ value: { status: 'sent' } });
    expect(nobody).toMatchObject({ reason: { code: 'invalid_input', field: 'recipient' } });
  });

  it('do not mistake each other’s results: some refused, some cut, some sent', async () => {
    const world = await create();
    const refusal = new Error('The provider breaks.');
    people.forEach((_, index) => {
      world.provider.behaviours.push(
        (['accept', 'acceptThenCut', refusal] as const)[index % 3] ?? 'accept',
      );
    });
    const results = await Promise.all(people.map((one) => sendTo(world, one)));
    const called = world.provider.calls.map(({ recipientExternalId }) => recipientExternalId);
    called.forEach((externalId, index) => {
      const result = results[people.indexOf(externalId)];
      expect([externalId, result?.status]).toEqual([
        externalId,
        index % 3 === 0 ? 'sent' : 'unknown',
      ]);
    });
    expect(await outgoing(world)).toHaveLength(MANY / 3);
  });

  it('whose echoes are faster than the answers are stored once', async () => {
    const world = await create();
    for (const _ of people) {
      world.provider.behaviours.push(async (request, providerId) => {
        await world.receive(
          world.event('echo', {
            providerId,
            metadata: request.messageId,
            text: 'text' in request.content ? request.content.text : null,
            contact: { externalId: request.recipientExternalId },
          }),
        );
        return 'accept';
      });
    }
    const results = await Promise.all(people.map((one) => sendTo(world, one)));
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['sent']));
    const rows = await outgoing(world);
    expect(rows).toHaveLength(MANY);
    expect(rows.map(({ id }) => id).sort()).toEqual(
      results.map(({ messageId }) => messageId).sort(),
    );
    const types = await world.eventTypes();
    expect(types.filter((type) => type === 'message.sent')).toHaveLength(MANY);
    expect(types).not.toContain('message.echo');
  });

  it('bring an account back that had expired', async () => {
    const world = await create();
    const { ctx, tenantId, account } = world;
    await noteAccountStatus(ctx, tenantId, account.id, 'expired', 'The token was dead.');
    const results = await Promise.all(people.map((one) => sendTo(world, one)));
    expect(results.every(({ status }) => status === 'sent')).toBe(true);
    expect(await getAccount(ctx, tenantId, account.id)).toMatchObject({ status: 'active' });
    const types = await world.eventTypes();
    expect(types.filter((type) => type === 'connection.connected')).toHaveLength(2);
    expect(await outgoing(world)).toHaveLength(MANY);
  });

  it('and what the same people write meanwhile do not get in each other’s way', async () => {
    const world = await create();
    const writing = [...people].reverse();
    const received: unknown[] = [];
    const sending = people.map((one) => sendTo(world, one));
    for (let round = 0; round < 6; round += 1) {
      const events = writing.map((externalId) =>
        world.event('message', { contact: { externalId } }),
      );
      received.push(
        await recordInbound(world.ctx, { tenantId: world.tenantId, doorId: 'door-1', events }),
      );
    }
    const results: SendResult[] = await Promise.all(sending);
    expect(results.filter(({ status }) => status !== 'sent')).toEqual([]);
    expect(received).toHaveLength(6);
    const rows = await world.rows('messages');
    expect(rows.filter(({ direction }) => direction === 'inbound')).toHaveLength(7 * MANY);
  });

  it('find nobody at an account of another tenant', async () => {
    const theirs = await create();
    const query = { accountId: theirs.account.id, recipientExternalId: person(0) };
    const recipient = { text: '', externalId: person(0), forms: [person(0)], phone: null };
    const targets = await context.newTenant().run(resolveTargets, {
      queries: [query, { ...query, recipientExternalId: person(1) }, { ...query, recipient }],
    });
    expect(targets).toMatchObject([
      { ok: false, error: { name: 'NotFoundError' } },
      { ok: false, error: { name: 'NotFoundError' } },
      { ok: false, error: { name: 'NotFoundError' } },
    ]);
  });
});
