import { ProviderError, type ContentWithFiles } from '../../../core/model';
import { settleUnknownSends } from '../../../core/messaging';
import { describeOnBothDatabases, type StoreContext } from '../../support/storeContext';
import { createWorld, CUSTOMER, DAY_MS, type World } from './support/world';

const TEMPLATE: ContentWithFiles = {
  type: 'template',
  template: {
    name: 'lembrete_consulta',
    language: 'pt_BR',
    category: 'utility',
    body: [{ kind: 'text', text: 'Ana' }],
    buttons: [],
    cards: [],
    preview: 'Olá Ana, sua consulta é amanhã.',
  },
};
const FALLBACK = {
  reason: 'window_closed',
  type: 'template',
  template: 'lembrete_consulta',
  language: 'pt_BR',
};

async function templateWorld(context: StoreContext): Promise<World> {
  const world = await createWorld(context);
  world.provider.moreAbilities = { windowFreeTypes: ['template'] };
  world.provider.approvedTemplates = async () => [
    { name: 'lembrete_consulta', language: 'pt_BR', category: 'utility' },
    { name: 'aniversario', language: 'pt_BR', category: 'marketing' },
  ];
  return world;
}

const writesLongAgo = (world: World, context: StoreContext, ago = DAY_MS) =>
  world.receive(world.event('message', { occurredAt: context.clock.now() - ago }));

const sentTypes = (world: World) => world.provider.calls.map(({ content }) => content.type);

describeOnBothDatabases('a free message outside the window', (context) => {
  it('is refused before the call five minutes before its end, and not sooner (complaint 9)', async () => {
    const world = await templateWorld(context);
    const margin = 5 * 60_000;
    await writesLongAgo(world, context, DAY_MS - margin);
    expect(await world.send()).toMatchObject({ status: 'skipped', reason: 'window_closed' });
    expect(world.provider.calls).toEqual([]);
    await writesLongAgo(world, context, DAY_MS - margin - 1_000);
    expect(await world.send()).toMatchObject({ status: 'sent' });
  });

  it('names the approved templates, in words and as data (complaint 10)', async () => {
    const world = await templateWorld(context);
    await writesLongAgo(world, context);
    const result = await world.send();
    expect(result.detail).toMatch(
      /Send an approved template, or set one .* Approved for "Clínica Sol": lembrete_consulta \(pt_BR\), aniversario \(pt_BR\)\.$/,
    );
    expect(result.templates).toEqual([
      { name: 'lembrete_consulta', language: 'pt_BR', category: 'utility' },
      { name: 'aniversario', language: 'pt_BR', category: 'marketing' },
    ]);
    expect(await world.rows('idempotency_keys')).toEqual([]);
  });

  it('names some of many templates', async () => {
    const world = await templateWorld(context);
    const many = Array.from({ length: 250 }, (_, index) => ({
      name: `modelo_${index}`,
      language: 'pt_BR',
    }));
    world.provider.approvedTemplates = async () => many;
    const { detail, templates } = await world.send();
    expect(detail).toMatch(/modelo_9 \(pt_BR\) and 240 more\.$/);
    expect(templates).toHaveLength(50);
  });

  it('says so where there is no template yet', async () => {
    const world = await templateWorld(context);
    world.provider.approvedTemplates = async () => [];
    expect((await world.send()).detail).toMatch(/"Clínica Sol" has no approved template yet/);
  });

  it('stays refused where the templates cannot be read, and does not ask again for each', async () => {
    const world = await templateWorld(context);
    let asked = 0;
    world.provider.approvedTemplates = async () => {
      asked += 1;
      throw new ProviderError('provider_unavailable', 'Down.', 'unavailable', 2, null);
    };
    for (const idempotencyKey of ['a', 'b', 'c']) {
      const result = await world.send({ idempotencyKey });
      expect(result).toMatchObject({ status: 'skipped', reason: 'window_closed' });
      expect(result.detail).toMatch(/could not be read at this moment\.$/);
      expect(result.templates).toBeUndefined();
    }
    expect([asked, world.provider.calls.length]).toEqual([1, 0]);
  });

  it('asks for no templates on a channel that has none', async () => {
    const world = await templateWorld(context);
    world.provider.moreAbilities = {};
    const { detail, templates } = await world.send({ whenWindowClosed: TEMPLATE });
    expect(detail).toMatch(/reach them on a channel that allows it\.$/);
    expect(templates).toBeUndefined();
    expect(world.provider.calls).toEqual([]);
  });
});

describeOnBothDatabases('a template for a closed window', (context) => {
  it('goes in place of the message, and the result says so, the first time and again', async () => {
    const world = await templateWorld(context);
    await writesLongAgo(world, context);
    const result = await world.send({ whenWindowClosed: TEMPLATE });
    expect(result).toMatchObject({ status: 'sent', fallback: FALLBACK });
    expect(world.provider.calls).toMatchObject([{ content: TEMPLATE }]);
    expect(await world.send({ whenWindowClosed: TEMPLATE })).toMatchObject({
      status: 'sent',
      duplicate: true,
      fallback: FALLBACK,
      messageId: result.messageId,
    });
    expect(await world.rows('messages')).toMatchObject([
      { direction: 'inbound' },
      { id: result.messageId, type: 'template', text: 'Olá Ana, sua consulta é amanhã.' },
    ]);
  });

  it('reaches somebody who never wrote', async () => {
    const world = await templateWorld(context);
    expect(await world.send({ whenWindowClosed: TEMPLATE })).toMatchObject({ fallback: FALLBACK });
  });

  it('is left alone while the window is open', async () => {
    const world = await templateWorld(context);
    await world.customerWrites();
    const result = await world.send({ whenWindowClosed: TEMPLATE });
    expect(result.status).toBe('sent');
    expect(result.fallback).toBeUndefined();
    expect(sentTypes(world)).toEqual(['text']);
  });

  it('goes where only the provider knows that the window is closed, under the same key', async () => {
    const world = await templateWorld(context);
    await world.customerWrites();
    world.provider.behaviours.push(
      new ProviderError('window_closed', 'More than 24 hours.', 'window', 131047, null),
    );
    const result = await world.send({ whenWindowClosed: TEMPLATE });
    expect(result).toMatchObject({ status: 'sent', fallback: FALLBACK });
    expect(sentTypes(world)).toEqual(['text', 'template']);
    expect(world.provider.delivered(CUSTOMER)).toBe(1);
    expect(await world.send({ whenWindowClosed: TEMPLATE })).toMatchObject({ duplicate: true });
  });

  it('does not go where part of the message has gone', async () => {
    const world = await templateWorld(context);
    world.provider.moreAbilities = {
      windowFreeTypes: ['template'],
      textLimit: { max: 20, unit: 'characters' },
    };
    await world.customerWrites();
    world.provider.behaviours.push(
      'accept',
      new ProviderError('window_closed', 'More than 24 hours.', 'window', 131047, null),
    );
    const content = { type: 'text' as const, text: 'Uma frase longa. Outra frase longa.' };
    const result = await world.send({ content, whenWindowClosed: TEMPLATE });
    expect(result).toMatchObject({ status: 'failed', reason: 'window_closed' });
    expect(sentTypes(world)).toEqual(['text', 'text']);
  });

  it('that is refused says that it was the template', async () => {
    const world = await templateWorld(context);
    world.provider.behaviours.push(
      new ProviderError('template_unavailable', 'The template is paused.', 'policy', 132015, null),
    );
    expect(await world.send({ whenWindowClosed: TEMPLATE })).toMatchObject({
      status: 'failed',
      reason: 'template_unavailable',
      fallback: FALLBACK,
    });
  });

  it('of which nobody knows whether it went is settled with the same words', async () => {
    const world = await templateWorld(context);
    world.provider.behaviours.push('acceptThenCut');
    const cut = await world.send({ whenWindowClosed: TEMPLATE });
    expect(cut).toMatchObject({ status: 'unknown', fallback: FALLBACK });
    const marker = world.provider.calls[0]?.messageId ?? '';
    await world.receive(world.event('status', { providerId: 'wamid.1', status: 'sent', marker }));
    expect(await world.send({ whenWindowClosed: TEMPLATE })).toMatchObject({
      status: 'sent',
      duplicate: true,
      providerMessageId: 'wamid.1',
      fallback: FALLBACK,
    });
    expect((await settleUnknownSends(world.ctx)).checked).toBe(0);
  });
});
