import { OutcomeUnknownError, type SendResult } from '../../../core/model';
import { describeOnBothDatabases } from '../../support/storeContext';
import { createWorld, CUSTOMER, OWN_APP, type World } from './support/world';

const WELCOME = 'Bem-vindo!';

/** Sends while `meanwhile` happens between the provider's acceptance and its answer. */
async function sendWith(
  world: World,
  meanwhile: (messageId: string, providerMessageId: string) => Promise<unknown>,
): Promise<SendResult> {
  world.provider.behaviours.push(async ({ messageId }, providerMessageId) => {
    await meanwhile(messageId, providerMessageId);
    return 'accept';
  });
  return world.send();
}

async function outbound(world: World) {
  return (await world.rows('messages')).filter(({ direction }) => direction === 'outbound');
}

async function count(world: World, type: string): Promise<number> {
  return (await world.eventTypes()).filter((one) => one === type).length;
}

describeOnBothDatabases('echoes', (context) => {
  it('stores what a person wrote in the inbox as theirs', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    const { items } = await world.receive(world.event('echo', { text: 'Temos sim!' }));
    expect(items).toEqual([
      expect.objectContaining({ event: 'conversation.handover' }),
      expect.objectContaining({
        event: 'message.echo',
        message: expect.objectContaining({
          direction: 'outbound',
          text: 'Temos sim!',
          sentBy: 'person',
          status: 'sent',
        }),
        data: { senderAppId: null },
      }),
    ]);
    expect((await world.rows('conversations'))[0]?.last_outbound_at).toBe(context.clock.now());
  });

  it('knows what our own app sent elsewhere from what another app sent', async () => {
    const world = await createWorld(context);
    await world.receive(
      world.event('echo', { senderAppId: OWN_APP, text: 'a' }),
      world.event('echo', { senderAppId: '263902037430900', text: 'b' }),
    );
    const rows = await outbound(world);
    expect(rows.map(({ text, sent_by }) => [text, sent_by]).sort()).toEqual([
      ['a', 'automation'],
      ['b', 'person'],
    ]);
  });

  it('only confirms a message that is stored already', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    const { providerMessageId } = await world.send();
    const occurredAt = context.clock.now() + 500;
    const echo = world.event('echo', { providerId: providerMessageId as string, occurredAt });
    expect(await world.receive(echo)).toMatchObject({ stored: 1, items: [] });
    const rows = await outbound(world);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ sent_by: 'automation', occurred_at: occurredAt });
  });

  it.each([
    ['messenger', 'its marker'],
    ['instagram', 'equal words'],
  ] as const)(
    'takes an echo on %s that is faster than the answer for ours, by %s, and stores one message',
    async (channel, _how) => {
      const world = await createWorld(context, { channel });
      await world.customerWrites();
      const settledBy: string[] = [];
      const result = await sendWith(world, async (messageId, providerId) => {
        const metadata = channel === 'messenger' ? messageId : null;
        const echo = world.event('echo', { providerId, text: WELCOME, metadata });
        const { items } = await world.receive(echo);
        settledBy.push(...items.map(({ event }) => event));
      });
      expect(settledBy).toEqual(['message.sent']);
      expect(result).toMatchObject({ status: 'sent' });
      expect(result.duplicate).toBeUndefined();
      const rows = await outbound(world);
      expect(rows).toHaveLength(1);
      expect(rows[0]).toMatchObject({
        id: result.messageId,
        provider_id: result.providerMessageId,
        sent_by: 'automation',
        // Our own words, not the echo's object.
        raw: JSON.stringify({ type: 'text', text: WELCOME }),
      });
      expect(await count(world, 'message.sent')).toBe(1);
      expect(await count(world, 'message.echo')).toBe(0);
      expect(await world.send()).toMatchObject({ duplicate: true, status: 'sent' });
    },
  );

  it('stores one message of each of twenty sends whose echoes race with the answers', async () => {
    const world = await createWorld(context, { channel: 'instagram' });
    await world.customerWrites();
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
        world.send({
          idempotencyKey: `key-${index}`,
          content: { type: 'text', text: `Mensagem ${index}` },
        }),
      ),
    );
    await Promise.all(echoes);
    const rows = await outbound(world);
    expect(rows.map(({ id }) => id).sort()).toEqual(results.map((one) => one.messageId).sort());
    expect(rows.every(({ sent_by }) => sent_by === 'automation')).toBe(true);
    expect(await count(world, 'message.sent')).toBe(20);
    expect(await count(world, 'message.echo')).toBe(0);
  });

  it('answers sent, not unknown, when the connection is cut after the echo has come', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    world.provider.behaviours.push(async ({ messageId }, providerId) => {
      await world.receive(world.event('echo', { providerId, metadata: messageId }));
      return new OutcomeUnknownError('The connection was cut.');
    });
    const result = await world.send();
    expect(result).toMatchObject({ status: 'sent', messageId: expect.any(String) });
    expect((await world.rows('idempotency_keys'))[0]).toMatchObject({ state: 'completed' });
  });

  it.each([
    ['messenger', 'its marker'],
    ['instagram', 'equal words'],
  ] as const)('settles an unknown send on %s by its echo, by %s', async (channel, _how) => {
    const world = await createWorld(context, { channel });
    await world.customerWrites();
    world.provider.behaviours.push('acceptThenCut');
    const { status, messageId } = await world.send();
    expect(status).toBe('unknown');
    const metadata = channel === 'messenger' ? messageId : null;
    const echo = world.event('echo', { text: WELCOME, metadata, providerId: 'mid.echo' });
    const { items } = await world.receive(echo);
    expect(items).toEqual([
      expect.objectContaining({
        event: 'message.sent',
        message: expect.objectContaining({ id: messageId, providerId: 'mid.echo' }),
      }),
    ]);
    expect(await world.send()).toMatchObject({
      status: 'sent',
      duplicate: true,
      messageId,
      providerMessageId: 'mid.echo',
    });
    expect(world.provider.calls).toHaveLength(1);
  });

  it('knows its buttons and its picture in an echo that shows them as Instagram does', async () => {
    const contents = [
      {
        content: {
          type: 'buttons',
          text: 'Confirma?',
          buttons: [{ type: 'postback', title: 'Sim', payload: 'S' }],
        },
        echo: { text: null, attachments: [{ type: 'template', title: 'Confirma?' }] },
      },
      {
        content: { type: 'image', url: 'https://clinic.example/a.png' },
        echo: { text: null, attachments: [{ type: 'image', url: 'https://cdn.example/x' }] },
      },
    ] as const;
    for (const { content, echo } of contents) {
      const world = await createWorld(context, { channel: 'instagram' });
      await world.customerWrites();
      world.provider.behaviours.push('acceptThenCut');
      await world.send({ content: content as never });
      const { items } = await world.receive(world.event('echo', echo as never));
      expect(items.map(({ event }) => event)).toEqual(['message.sent']);
    }
  });

  it('takes words that a person wrote before the reservation for theirs', async () => {
    const world = await createWorld(context, { channel: 'instagram' });
    await world.customerWrites();
    world.provider.behaviours.push('cut');
    await world.send();
    const echo = world.event('echo', { text: WELCOME, occurredAt: Date.now() - 60_000 });
    const { items } = await world.receive(echo);
    expect(items.map(({ event }) => event)).toEqual(['message.echo']);
    expect((await world.rows('idempotency_keys'))[0]?.state).toBe('unknown');
  });

  it('takes equal words with another marker or of another app for somebody else’s', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    world.provider.behaviours.push('cut');
    await world.send();
    const { items } = await world.receive(
      world.event('echo', { text: WELCOME, metadata: 'wf:42' }),
      world.event('echo', { text: WELCOME, senderAppId: '263902037430900' }),
      world.event('echo', { text: 'other words' }),
    );
    const echoes = Array(3).fill('message.echo');
    expect(items.map(({ event }) => event)).toEqual(['conversation.handover', ...echoes]);
    expect((await world.rows('idempotency_keys'))[0]?.state).toBe('unknown');
  });

  it('settles none of two equal open sends by an echo, and calls it no person’s', async () => {
    const world = await createWorld(context, { channel: 'instagram' });
    await world.customerWrites();
    world.provider.behaviours.push('acceptThenCut', 'acceptThenCut');
    await world.send({ idempotencyKey: 'a' });
    await world.send({ idempotencyKey: 'b' });
    const { items } = await world.receive(world.event('echo', { text: WELCOME }));
    expect(items).toEqual([]);
    expect(await outbound(world)).toEqual([]);
    const states = (await world.rows('idempotency_keys')).map(({ state }) => state);
    expect(states).toEqual(['unknown', 'unknown']);
  });

  it('gives a message back to the person who typed the same words when the answer names another', async () => {
    const world = await createWorld(context, { channel: 'instagram' });
    await world.customerWrites();
    const result = await sendWith(world, async () => {
      await world.receive(world.event('echo', { text: WELCOME, providerId: 'mid.person' }));
    });
    expect(result.providerMessageId).not.toBe('mid.person');
    const rows = await outbound(world);
    expect(rows.map(({ provider_id, sent_by }) => [provider_id, sent_by]).sort()).toEqual(
      [
        ['mid.person', 'person'],
        [result.providerMessageId, 'automation'],
      ].sort(),
    );
    expect(rows.find(({ id }) => id === result.messageId)?.sent_by).toBe('automation');
    expect(await count(world, 'message.sent')).toBe(1);
    expect(await count(world, 'message.echo')).toBe(1);
    expect(await world.send()).toMatchObject({ providerMessageId: result.providerMessageId });
  });

  it('merges an echo that nothing told apart from a person’s when the answer comes', async () => {
    const world = await createWorld(context, { channel: 'instagram' });
    await world.customerWrites();
    const result = await sendWith(world, async (_messageId, providerId) => {
      // Instagram changed the words on the way.
      await world.receive(world.event('echo', { text: 'Bem-vindo! 😀', providerId }));
    });
    const rows = await outbound(world);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      id: result.messageId,
      sent_by: 'automation',
      text: WELCOME,
      status: 'sent',
    });
  });

  it('keeps the read status of a message that was read before its answer came', async () => {
    const world = await createWorld(context, { channel: 'instagram' });
    await world.customerWrites();
    await sendWith(world, async (_messageId, providerId) => {
      await world.receive(world.event('echo', { text: 'changed', providerId }));
      await world.receive(world.event('read', { providerIds: [providerId] }));
    });
    expect((await outbound(world))[0]).toMatchObject({ sent_by: 'automation', status: 'read' });
  });

  it('makes a contact of someone to whom a person wrote first, without opening the window', async () => {
    const world = await createWorld(context);
    const { items } = await world.receive(
      world.event('echo', { contact: { externalId: 'someone' } }),
    );
    expect(items.map(({ event }) => event)).toEqual([
      'contact.created',
      'conversation.created',
      'conversation.handover',
      'message.echo',
    ]);
    expect(await world.send({ recipientExternalId: 'someone' })).toMatchObject({
      status: 'skipped',
      reason: 'window_closed',
    });
    expect(await world.send({ recipientExternalId: CUSTOMER })).toMatchObject({
      reason: 'window_closed',
    });
  });
});
