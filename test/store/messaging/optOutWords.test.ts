import { saveSettings } from '../../../core/tenants';
import { describeOnBothDatabases } from '../../support/storeContext';
import { agreeingWorld, NO_QUIET, templateOf } from './support/agreeing';
import { createWorld, type World } from './support/world';

const consents = async (world: World) =>
  (await world.rows('contact_consents')).map(({ purpose, state, source, note }) => ({
    purpose,
    state,
    source,
    note,
  }));

const told = async (world: World) =>
  (await world.eventTypes()).filter((type) => type.startsWith('contact.opted'));

let keys = 0;
const sends = (world: World, category: 'utility' | 'marketing') => {
  keys += 1;
  const content = templateOf(category);
  return world.send({ content, category, idempotencyKey: `word ${keys}` });
};

describeOnBothDatabases('words that stop marketing', (context) => {
  it.each([
    'parar',
    'PARAR!',
    ' Páre. ',
    'Sair',
    'stop',
    'STOP ALL',
    'Darme de baja',
    'unsubscribe',
  ])('are known in three languages, however they are written: %s', async (text) => {
    const world = await createWorld(context);
    await world.customerWrites(text);
    expect(await consents(world)).toEqual([
      { purpose: 'marketing', state: 'out', source: 'reply', note: text.trim() },
    ]);
    const { event, data } = (await world.events()).at(-1) ?? {};
    expect([event, data]).toEqual([
      'contact.optedOut',
      { purpose: 'marketing', source: 'reply', detail: text.trim() },
    ]);
  });

  it.each(['Pode parar na frente da clínica?', 'não vou sair hoje', 'stopped', 'Oi', '🛑', ''])(
    'are whole messages, and nothing within a sentence: %s',
    async (text) => {
      const world = await createWorld(context);
      await world.customerWrites(text);
      expect(await consents(world)).toEqual([]);
      expect(await told(world)).toEqual([]);
    },
  );

  it('are told once, however often they are written', async () => {
    const world = await createWorld(context);
    await world.customerWrites('parar');
    context.clock.advance(1_000);
    await world.customerWrites('sair');
    expect(await told(world)).toEqual(['contact.optedOut']);
  });

  it('stop marketing and nothing else', async () => {
    const world = await agreeingWorld(context);
    context.clock.advance(1_000);
    await world.customerWrites('parar');
    expect(await sends(world, 'marketing')).toMatchObject({ reason: 'opted_out' });
    expect(await sends(world, 'utility')).toMatchObject({ status: 'sent' });
    const answer = { content: { type: 'text', text: 'Certo.' }, category: 'response' } as const;
    expect(await world.send(answer)).toMatchObject({ status: 'sent' });
  });

  it('are taken back by others: only by whom they had stopped, and told once', async () => {
    const world = await createWorld(context);
    await world.customerWrites('voltar');
    // Of somebody who never agreed to anything it is no consent.
    expect(await consents(world)).toEqual([]);
    context.clock.advance(1_000);
    await world.customerWrites('parar');
    context.clock.advance(1_000);
    await world.customerWrites('VOLTAR');
    context.clock.advance(1_000);
    await world.customerWrites('start');
    expect(await consents(world)).toMatchObject([{ purpose: 'marketing', state: 'in' }]);
    expect(await told(world)).toEqual(['contact.optedOut', 'contact.optedIn']);
  });

  it('are no words of a button: what it cancels is what its message was about', async () => {
    const world = await createWorld(context);
    const button = { text: 'Parar', buttonPayload: 'CANCEL:apt_9' };
    await world.receive(world.event('message', button));
    await world.receive(world.event('postback', { title: 'Parar', payload: 'CANCEL:apt_9' }));
    await world.receive(world.event('message', { type: 'image', text: 'parar' }));
    expect(await consents(world)).toEqual([]);
  });

  it.each([
    ['Parar', 'text'],
    ['Stop', 'postback'],
  ] as const)(
    'are those of a button that brings nothing but its label, such as %s under a template (%s)',
    async (text, type) => {
      const world = await createWorld(context);
      await world.receive(world.event('message', { type, text, buttonPayload: text }));
      expect(await consents(world)).toEqual([
        { purpose: 'marketing', state: 'out', source: 'reply', note: text },
      ]);
      expect(await told(world)).toEqual(['contact.optedOut']);
    },
  );

  it.each(['Parar', null])(
    'are those of a button of Messenger that brings nothing but its label (payload: %s)',
    async (payload) => {
      const world = await createWorld(context);
      await world.receive(world.event('postback', { title: 'Parar', payload }));
      expect(await told(world)).toEqual(['contact.optedOut']);
      await world.receive(world.event('postback', { title: 'Voltar', payload: null }));
      expect(await told(world)).toEqual(['contact.optedOut']);
    },
  );

  it('are no words of a button that agrees or cancels: "Voltar", "Cancelar"', async () => {
    const world = await agreeingWorld(context);
    await sends(world, 'marketing');
    context.clock.advance(60_000);
    for (const text of ['Cancelar', 'Voltar']) {
      await world.receive(world.event('message', { text, buttonPayload: text }));
    }
    expect(await told(world)).toEqual(['contact.optedIn']);
  });

  it('"Cancelar" means the appointment after a reminder, and marketing after marketing', async () => {
    const world = await agreeingWorld(context);
    await sends(world, 'utility');
    context.clock.advance(60_000);
    await world.customerWrites('Cancelar');
    expect(await told(world)).toEqual(['contact.optedIn']);

    await sends(world, 'marketing');
    context.clock.advance(60_000);
    await world.customerWrites('Cancelar');
    expect(await told(world)).toEqual(['contact.optedIn', 'contact.optedOut']);
  });

  it('"Cancelar" is no answer to marketing of long ago, nor to what was never sent', async () => {
    const world = await agreeingWorld(context);
    await world.customerWrites('cancelar');
    expect(await told(world)).toEqual(['contact.optedIn']);
    await sends(world, 'marketing');
    context.clock.advance(8 * 24 * 3_600_000);
    await world.customerWrites('cancelar');
    expect(await told(world)).toEqual(['contact.optedIn']);
  });

  it("are the tenant's own where it has set some", async () => {
    const world = await createWorld(context);
    await saveSettings(world.ctx, world.tenantId, {
      quietHours: NO_QUIET,
      optOut: { words: ['Chega!'], optInWords: ['Quero de novo'] },
    });
    await world.customerWrites('parar');
    expect(await told(world)).toEqual([]);
    await world.customerWrites('chega');
    context.clock.advance(1_000);
    await world.customerWrites('quero de novo!!!');
    expect(await told(world)).toEqual(['contact.optedOut', 'contact.optedIn']);
  });

  it('come once though the provider tells them twice, and a late one takes nothing back', async () => {
    const world = await createWorld(context);
    const now = context.clock.now();
    const stop = world.event('message', { text: 'parar', occurredAt: now });
    await world.receive(stop);
    await world.receive(stop);
    await world.receive(world.event('message', { text: 'voltar', occurredAt: now + 2_000 }));
    // Written before, and delivered after.
    await world.receive(world.event('message', { text: 'stop', occurredAt: now + 1_000 }));
    expect(await consents(world)).toMatchObject([{ state: 'in' }]);
    expect(await told(world)).toEqual(['contact.optedOut', 'contact.optedIn']);
  });
});
