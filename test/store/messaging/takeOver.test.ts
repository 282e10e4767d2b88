import { endOverduePauses } from '../../../core/conversations/overdue';
import { sendMessage, settleUnknownSends } from '../../../core/messaging';
import type { EventItem } from '../../../core/model';
import { saveSettings } from '../../../core/tenants';
import { describeOnBothDatabases } from '../../support/storeContext';
import { createWorld, CUSTOMER, OWN_APP, type World } from './support/world';

const INBOX_APP = '263902037430900';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

async function handovers(world: World): Promise<unknown[]> {
  const told = (await world.events()).filter(({ event }) => event === 'conversation.handover');
  return told.map(({ data }) => [data?.action, data?.reason]);
}

async function automation(world: World): Promise<unknown[]> {
  const [row] = await world.rows('conversations');
  return [row?.automation_paused, row?.automation_reason, row?.automation_until];
}

const pausedOf = (item: EventItem) => item.conversation?.automation.paused;

describeOnBothDatabases('taking a conversation over', (context) => {
  it.each([
    ['the Page inbox', { senderAppId: INBOX_APP }],
    ['an app that says no name', { senderAppId: null }],
  ])('pauses when a person answers in %s, and tells it once', async (_where, echo) => {
    const world = await createWorld(context);
    await world.customerWrites();
    const now = context.clock.now();
    const { items } = await world.receive(world.event('echo', echo));
    expect(items.map(({ event }) => event)).toEqual(['conversation.handover', 'message.echo']);
    expect(items[0]).toMatchObject({
      conversation: {
        automation: {
          paused: true,
          reason: 'person',
          until: new Date(now + HOUR_MS).toISOString(),
        },
      },
      data: { action: 'pause', reason: 'person', newOwnerAppId: null },
    });
    context.clock.advance(10 * MINUTE_MS);
    await world.receive(world.event('echo', { ...echo, text: 'e mais isto' }));
    // Each answer counts from anew.
    expect(await automation(world)).toEqual([1, 'person', now + HOUR_MS + 10 * MINUTE_MS]);
    expect(await handovers(world)).toEqual([['pause', 'person']]);
    expect(pausedOf(await world.customerWrites('Obrigada'))).toBe(true);
  });

  it.each([
    'Quero falar com um ATENDENTE, por favor',
    'humano!!',
    'quiero hablar con una persona',
    'Can I talk to a human?',
  ])('pauses when the customer asks for a person: %s', async (text) => {
    const world = await createWorld(context);
    expect(pausedOf(await world.customerWrites('Oi'))).toBe(false);
    expect(pausedOf(await world.customerWrites(text))).toBe(true);
    expect(await handovers(world)).toEqual([['pause', 'requested']]);
    expect(pausedOf(await world.customerWrites('Atendente?'))).toBe(true);
    expect(await handovers(world)).toEqual([['pause', 'requested']]);
  });

  it('pauses when a button with such a word is tapped', async () => {
    const world = await createWorld(context);
    const tap = world.event('postback', { title: 'Falar com atendente', payload: 'HUMAN' });
    const { items } = await world.receive(tap);
    expect(items.find(({ event }) => event === 'message.postback')).toMatchObject({
      conversation: { automation: { paused: true, reason: 'requested' } },
    });
  });

  it.each(['Somos atendentes', 'recursos humanos', 'agente pode ir amanhã?', 'robô'])(
    'takes no other word for one: %s',
    async (text) => {
      const world = await createWorld(context);
      expect(pausedOf(await world.customerWrites(text))).toBe(false);
    },
  );

  it('goes by the words and minutes of the tenant', async () => {
    const world = await createWorld(context);
    const handOver = { words: ['recepção'], resumeWords: ['menu'], minutes: 5 };
    await saveSettings(world.ctx, world.tenantId, { handOver });
    expect(pausedOf(await world.customerWrites('atendente'))).toBe(false);
    const now = context.clock.now();
    expect(pausedOf(await world.customerWrites('a Recepcao, por favor'))).toBe(true);
    expect(await automation(world)).toEqual([1, 'requested', now + 5 * MINUTE_MS]);
    expect(pausedOf(await world.customerWrites('o menu de sábado?'))).toBe(true);
    expect(pausedOf(await world.customerWrites('Menu.'))).toBe(false);
    expect(await handovers(world)).toEqual([
      ['pause', 'requested'],
      ['resume', 'requested'],
    ]);
    await saveSettings(world.ctx, world.tenantId, { handOver: { minutes: 0 } });
    context.clock.advance(1);
    await world.customerWrites('recepção');
    expect(await automation(world)).toEqual([1, 'requested', null]);
  });

  it('leaves to another app what that app holds', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    await world.receive(world.event('handover', { action: 'take', newOwnerAppId: INBOX_APP }));
    await world.receive(world.event('message', { text: 'bot', standby: true }));
    expect(pausedOf(await world.customerWrites('bot'))).toBe(true);
    await world.receive(world.event('echo', { senderAppId: INBOX_APP }));
    expect(await automation(world)).toEqual([1, 'handed_over', null]);
  });

  it('gives back when the time is over, once, whoever looks first', async () => {
    const world = await createWorld(context);
    await world.customerWrites('atendente');
    const wait = await endOverduePauses(world.ctx);
    expect(wait).toBeLessThanOrEqual(10_000);
    expect(await handovers(world)).toEqual([['pause', 'requested']]);
    context.clock.advance(HOUR_MS);
    await Promise.all([endOverduePauses(world.ctx), endOverduePauses(world.ctx)]);
    expect(await handovers(world)).toEqual([
      ['pause', 'requested'],
      ['resume', 'time'],
    ]);
    expect(await automation(world)).toEqual([0, null, null]);

    await world.customerWrites('atendente');
    context.clock.advance(HOUR_MS);
    expect(pausedOf(await world.customerWrites('Ainda aí?'))).toBe(false);
    await endOverduePauses(world.ctx);
    expect(await handovers(world)).toHaveLength(4);
    const types = await world.eventTypes();
    expect(types.slice(-2)).toEqual(['conversation.handover', 'message.received']);
  });

  it('starts nothing for what was written long ago or before it was given back', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    const occurredAt = context.clock.now() - 2 * HOUR_MS;
    await world.receive(world.event('echo', { occurredAt, caughtUp: true }));
    expect(await automation(world)).toEqual([0, null, null]);

    await world.receive(world.event('echo', { text: 'agora' }));
    const late = context.clock.now();
    context.clock.advance(MINUTE_MS);
    await world.customerWrites('bot');
    await world.receive(world.event('echo', { text: 'atrasada', occurredAt: late }));
    expect(await automation(world)).toEqual([0, null, null]);
    expect(await handovers(world)).toEqual([
      ['pause', 'person'],
      ['resume', 'requested'],
    ]);
  });
});

describeOnBothDatabases('echoes of our own sends', (context) => {
  it('never pause, whether they come before, with or after the answer', async () => {
    for (const channel of ['messenger', 'instagram'] as const) {
      const world = await createWorld(context, { channel });
      await world.customerWrites();
      world.provider.behaviours.push(async ({ messageId }, providerId) => {
        const metadata = channel === 'messenger' ? messageId : null;
        await world.receive(world.event('echo', { providerId, text: 'Bem-vindo!', metadata }));
        return 'accept';
      });
      await world.send();
      const { providerMessageId } = await world.send({ idempotencyKey: 'key-2' });
      const providerId = providerMessageId as string;
      await world.receive(world.event('echo', { providerId, text: 'Bem-vindo!' }));
      await world.receive(world.event('echo', { senderAppId: OWN_APP, text: 'from elsewhere' }));
      expect([channel, await automation(world)]).toEqual([channel, [0, null, null]]);
      expect(await handovers(world)).toEqual([]);
    }
  });

  it('never pause where two processes send at once and the echoes race with the answers', async () => {
    const world = await createWorld(context, { channel: 'instagram' });
    await world.customerWrites();
    const beside = world.beside(await context.openAnother());
    const echoes: Promise<unknown>[] = [];
    for (let index = 0; index < 20; index += 1) {
      world.provider.behaviours.push(async ({ content }, providerId) => {
        const text = content.type === 'text' ? content.text : null;
        echoes.push(world.receive(world.event('echo', { providerId, text })));
        return 'accept';
      });
    }
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        sendMessage(index % 2 === 0 ? world.ctx : beside, {
          tenantId: world.tenantId,
          accountId: world.account.id,
          recipientExternalId: CUSTOMER,
          content: { type: 'text', text: `Mensagem ${index}` },
          idempotencyKey: `key-${index}`,
        }),
      ),
    );
    await Promise.all(echoes);
    expect(results.map(({ status }) => status)).toEqual(Array(20).fill('sent'));
    expect(await automation(world)).toEqual([0, null, null]);
    expect(await handovers(world)).toEqual([]);
  });

  it('do not pause where their words are not ours, while a send has no result', async () => {
    const world = await createWorld(context, { channel: 'instagram' });
    await world.customerWrites();
    world.provider.behaviours.push(async (_send, providerId) => {
      // As when the channel shows a card by other words than ours.
      await world.receive(world.event('echo', { providerId, text: 'Bem-vindo! (cartão)' }));
      expect(await automation(world)).toEqual([0, null, null]);
      return 'accept';
    });
    await world.send();
    expect((await world.rows('messages')).map(({ sent_by }) => sent_by).sort()).toEqual([
      'automation',
      'contact',
    ]);
    expect(await handovers(world)).toEqual([]);
  });

  it('do not pause while a send into the conversation is unknown, nor after it was given up', async () => {
    const world = await createWorld(context, { channel: 'instagram' });
    await world.customerWrites();
    world.provider.behaviours.push('cut');
    expect((await world.send()).status).toBe('unknown');
    await world.receive(world.event('echo', { text: 'Outra coisa' }));
    expect(await automation(world)).toEqual([0, null, null]);
    world.provider.readFailure = new Error('unreadable');
    await world.age('key-1', 10 * MINUTE_MS);
    expect(await settleUnknownSends(world.ctx)).toMatchObject({ failed: 1 });
    await world.receive(world.event('echo', { text: 'Bem-vindo!' }));
    expect(await automation(world)).toEqual([0, null, null]);
    expect(await handovers(world)).toEqual([]);
    // What surely comes from another app is a person's all the same.
    await world.receive(world.event('echo', { senderAppId: INBOX_APP, text: 'Sou a Ana' }));
    expect(await automation(world)).toEqual([1, 'person', expect.any(Number)]);
  });

  it('pause after all where the answer shows that it was a person who said the same', async () => {
    const world = await createWorld(context, { channel: 'instagram' });
    await world.customerWrites();
    world.provider.behaviours.push(async () => {
      const text = 'Bem-vindo!';
      await world.receive(world.event('echo', { providerId: 'mid.person', text }));
      return 'accept';
    });
    await world.send();
    expect(await handovers(world)).toEqual([['pause', 'person']]);
    expect(await automation(world)).toEqual([1, 'person', expect.any(Number)]);
  });

  it('end a pause that they had caused', async () => {
    const world = await createWorld(context, { channel: 'instagram' });
    await world.customerWrites();
    // Told before our own reservation is there: as when another process sends at this very moment.
    const providerId = `mid.${CUSTOMER}.1`;
    await world.receive(world.event('echo', { providerId, text: 'Bem-vindo!' }));
    expect(await automation(world)).toEqual([1, 'person', expect.any(Number)]);
    await world.send();
    expect(await automation(world)).toEqual([0, null, null]);
    expect(await handovers(world)).toEqual([
      ['pause', 'person'],
      ['resume', 'own_message'],
    ]);
  });
});
