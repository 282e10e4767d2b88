import { saveSettings } from '../../../core/tenants';
import { describeOnBothDatabases } from '../../support/storeContext';
import { createWorld, DAY_MS, type World } from './support/world';
import type { StoreContext } from '../../support/storeContext';

const QUESTION = {
  type: 'buttons' as const,
  text: 'Podemos contar com você?',
  buttons: [
    { type: 'postback' as const, title: 'Confirmar', payload: 'CONFIRM:1', words: ['sim'] },
    { type: 'postback' as const, title: 'Falar com atendente', payload: 'PERSON' },
    { type: 'postback' as const, title: 'Parar', payload: 'Parar' },
  ],
};

/** Somebody on a channel without buttons. */
async function textWorld(context: StoreContext): Promise<World> {
  const world = await createWorld(context);
  world.provider.moreAbilities = { contentTypes: ['text'], buttonTypes: [], maxButtons: 0 };
  await world.customerWrites();
  context.clock.advance(10_000);
  return world;
}

let keys = 0;
async function ask(world: World, content: object = QUESTION): Promise<void> {
  keys += 1;
  const result = await world.send({
    content: content as typeof QUESTION,
    idempotencyKey: `ask-${keys}`,
  });
  expect(result.status).toBe('sent');
}

const payloadOf = async (world: World, text: string) => {
  const { message } = await world.customerWrites(text);
  return message?.buttonPayload;
};

/** The provider's id of the message of ours whose content has these words. */
async function quotable(world: World, words: string): Promise<string> {
  const sent = (await world.rows('messages')).find(
    ({ direction, raw }) => direction === 'outbound' && raw?.includes(words),
  );
  if (!sent?.provider_id) throw new Error(`No message with ${words} was sent.`);
  return sent.provider_id;
}

const payloadQuoting = async (world: World, text: string, providerId: string) => {
  const event = world.event('message', { text, replyTo: { providerId } });
  const { items } = await world.receive(event);
  expect(items.map(({ event }) => event)).toContain('message.received');
  return items.find(({ event }) => event === 'message.received')?.message?.buttonPayload;
};

describeOnBothDatabases('a choice that somebody types', (context) => {
  it('is as good as tapped where the channel shows no buttons', async () => {
    const world = await textWorld(context);
    await ask(world);
    expect(world.provider.calls.at(-1)?.content).toMatchObject({
      type: 'text',
      text: 'Podemos contar com você?\n\n1 - Confirmar\n2 - Falar com atendente\n3 - Parar',
    });
    context.clock.advance(10_000);
    const item = await world.customerWrites('Sim!');
    expect(item.message).toMatchObject({ text: 'Sim!', buttonPayload: 'CONFIRM:1', type: 'text' });
    expect(await payloadOf(world, '1')).toBe('CONFIRM:1');
    expect(await payloadOf(world, 'sim, mas mais tarde')).toBeNull();
  });

  it('may come before the provider has answered us, also where nobody knows whether it left', async () => {
    const world = await textWorld(context);
    const meant: unknown[] = [];
    world.provider.behaviours.push(async () => {
      meant.push(await payloadOf(world, 'Sim!'));
      return 'cut';
    });
    const unknown = await world.send({ content: QUESTION, idempotencyKey: 'overtaken' });
    expect(unknown.status).toBe('unknown');
    expect(meant).toEqual(['CONFIRM:1']);
    expect(await payloadOf(world, '1')).toBe('CONFIRM:1');
  });

  it('answers what is under way before the former message, and neither where nobody knows if it left', async () => {
    const world = await textWorld(context);
    await ask(world);
    context.clock.advance(10_000);
    const meant: unknown[] = [];
    const says = async () => {
      for (const text of ['1', 'manter', 'sim']) meant.push(await payloadOf(world, text));
    };
    world.provider.behaviours.push(async () => {
      await says();
      return 'cut';
    });
    const content = {
      ...QUESTION,
      buttons: [{ type: 'postback' as const, title: 'Manter', payload: 'KEEP:1' }],
    };
    const { status } = await world.send({ content, idempotencyKey: 'keep' });
    expect([status, ...meant.splice(0)]).toEqual(['unknown', 'KEEP:1', 'KEEP:1', 'CONFIRM:1']);
    await says();
    expect(meant).toEqual([null, 'KEEP:1', 'CONFIRM:1']);
  });

  it('answers our newest message alone', async () => {
    const world = await textWorld(context);
    await ask(world);
    context.clock.advance(10_000);
    await ask(world, { type: 'text', text: 'Quantas pessoas vêm?' });
    context.clock.advance(10_000);
    expect(await payloadOf(world, '1')).toBeNull();
  });

  it('answers the message that it quotes, and none where that is no question of ours', async () => {
    const world = await textWorld(context);
    await ask(world);
    const question = await quotable(world, 'CONFIRM:1');
    context.clock.advance(10_000);
    await ask(world, { type: 'text', text: 'Quantas pessoas vêm?' });
    const plain = await quotable(world, 'Quantas pessoas vêm?');
    await ask(world, {
      ...QUESTION,
      buttons: [{ type: 'postback', title: 'Manter', payload: 'KEEP:1' }],
    });
    context.clock.advance(10_000);
    const { message: theirs } = await world.customerWrites('1');
    expect(theirs?.buttonPayload).toBe('KEEP:1');
    expect(await payloadQuoting(world, '1', question)).toBe('CONFIRM:1');
    expect(await payloadQuoting(world, 'manter', question)).toBeNull();
    expect(await payloadQuoting(world, '1', plain)).toBeNull();
    expect(await payloadQuoting(world, '1', theirs?.providerId ?? '')).toBeNull();
    expect(await payloadQuoting(world, '1', 'mid.unknown')).toBeNull();
  });

  it('is conversation a week later, also where the message is quoted', async () => {
    const world = await textWorld(context);
    await ask(world);
    const question = await quotable(world, 'CONFIRM:1');
    context.clock.advance(7 * DAY_MS - 60_000);
    expect(await payloadOf(world, 'sim')).toBe('CONFIRM:1');
    expect(await payloadQuoting(world, 'sim', question)).toBe('CONFIRM:1');
    context.clock.advance(120_000);
    expect(await payloadOf(world, 'sim')).toBeNull();
    expect(await payloadQuoting(world, 'sim', question)).toBeNull();
  });

  it('is no answer to a message that was written by a person', async () => {
    const world = await textWorld(context);
    await ask(world);
    context.clock.advance(10_000);
    await world.receive(world.event('echo', { text: 'Sou a Bia. Prefere 1 ou 2?' }));
    context.clock.advance(10_000);
    expect(await payloadOf(world, '1')).toBeNull();
  });

  it('is for the person who has taken the conversation over', async () => {
    const world = await textWorld(context);
    await ask(world);
    context.clock.advance(10_000);
    await world.customerWrites('atendente');
    expect(await payloadOf(world, '1')).toBeNull();
  });

  it('says what its label says: a person is called, marketing is stopped', async () => {
    const world = await textWorld(context);
    await saveSettings(world.ctx, world.tenantId, {
      handOver: { words: ['falar com atendente'] },
    });
    await ask(world);
    context.clock.advance(10_000);
    await world.customerWrites('3');
    expect(await world.rows('contact_consents')).toMatchObject([
      { purpose: 'marketing', state: 'out', note: 'Parar' },
    ]);
    const item = await world.customerWrites('2');
    expect(item.message?.buttonPayload).toBe('PERSON');
    expect(await world.eventTypes()).toContain('conversation.handover');
  });

  it('is a word for a person and against marketing, too, where it is one', async () => {
    const world = await textWorld(context);
    const words = (title: string, payload: string, word: string) => ({
      type: 'postback' as const,
      title,
      payload,
      words: [word],
    });
    await ask(world, {
      ...QUESTION,
      buttons: [words('Parar avisos', 'MUTE', 'parar'), words('Equipe', 'TEAM', 'atendente')],
    });
    context.clock.advance(10_000);
    expect(await payloadOf(world, 'PARAR')).toBe('MUTE');
    expect(await world.rows('contact_consents')).toMatchObject([
      { purpose: 'marketing', state: 'out', note: 'PARAR' },
    ]);
    expect(await payloadOf(world, 'atendente')).toBe('TEAM');
    expect(await world.eventTypes()).toContain('conversation.handover');
  });

  it('is no words below a picture', async () => {
    const world = await textWorld(context);
    await ask(world);
    context.clock.advance(10_000);
    const picture = { type: 'image' as const, text: 'sim', attachments: [] };
    await world.receive(world.event('message', picture));
    const { message } = (await world.events()).at(-1) ?? {};
    expect(message).toMatchObject({ text: 'sim', buttonPayload: null });
  });

  it('is mere text where the channel has shown the buttons', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    context.clock.advance(10_000);
    await ask(world);
    context.clock.advance(10_000);
    expect(await payloadOf(world, '1')).toBeNull();
  });
});
