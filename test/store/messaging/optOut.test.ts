import { ProviderError, type OutboundContent } from '../../../core/model';
import { prune } from '../../../core/runtime';
import { describeOnBothDatabases, type StoreContext } from '../../support/storeContext';
import { createWorld, CUSTOMER, type World } from './support/world';

const DAY_MS = 24 * 3_600_000;

const template = (category?: string): OutboundContent => ({
  type: 'template',
  template: {
    name: category ?? 'birthday',
    language: 'pt_BR',
    ...(category === undefined ? {} : { category }),
    body: [],
    buttons: [],
    cards: [],
  },
});

async function templateWorld(context: StoreContext, options = {}): Promise<World> {
  const world = await createWorld(context, options);
  world.provider.moreAbilities = { windowFreeTypes: ['template'] };
  return world;
}

let keys = 0;
const sends = (world: World, content: OutboundContent) => {
  keys += 1;
  return world.send({ content, idempotencyKey: `key ${keys}` });
};

async function optedOut(context: StoreContext, category = 'marketing_messages') {
  const world = await templateWorld(context);
  await world.customerWrites();
  await world.receive(world.event('preference', { category }));
  return world;
}

describeOnBothDatabases('somebody who stopped marketing messages', (context) => {
  it('gets no marketing template, and the provider is not asked', async () => {
    const world = await optedOut(context);
    const result = await sends(world, template('marketing'));
    expect(result).toMatchObject({
      status: 'skipped',
      reason: 'opted_out',
      detail: expect.stringMatching(/stopped marketing messages .* Leave them out\./),
    });
    expect(world.provider.calls).toEqual([]);
    expect(await world.rows('idempotency_keys')).toEqual([]);
  });

  it('still gets other templates, and answers in an open window', async () => {
    const world = await optedOut(context);
    expect(await sends(world, template('utility'))).toMatchObject({ status: 'sent' });
    expect(await sends(world, { type: 'text', text: 'Oi!' })).toMatchObject({ status: 'sent' });
  });

  it('gets it again after wanting it again', async () => {
    const world = await optedOut(context);
    const later = context.clock.now() + 1;
    await world.receive(world.event('preference', { wants: 'resume', occurredAt: later }));
    expect(await sends(world, template('marketing'))).toMatchObject({ status: 'sent' });
  });

  it('is protected from a template of which only the provider knows that it is marketing', async () => {
    const world = await optedOut(context);
    world.provider.approvedTemplates = async () => [
      { name: 'birthday', language: 'pt_BR', category: 'marketing' },
    ];
    expect(await sends(world, template())).toMatchObject({ reason: 'opted_out' });
  });

  it('is another person at another tenant', async () => {
    await optedOut(context);
    const other = await templateWorld(context);
    expect(await sends(other, template('marketing'))).toMatchObject({ status: 'sent' });
  });

  it('is not asked twice: what the provider refuses for it is on record and told', async () => {
    const world = await templateWorld(context);
    world.provider.behaviours.push(
      new ProviderError('opted_out', 'They want none (code 131050).', 'policy', 131050, null),
    );
    expect(await sends(world, template('marketing'))).toMatchObject({ status: 'failed' });
    expect((await world.eventTypes()).slice(-2)).toEqual(['message.failed', 'contact.optedOut']);
    expect(await sends(world, template('marketing'))).toMatchObject({ status: 'skipped' });
    expect(world.provider.calls).toHaveLength(1);
  });
});

describeOnBothDatabases('somebody who stopped all messages', (context) => {
  it('is not written to first, and is answered', async () => {
    const world = await optedOut(context, 'all_messages');
    expect(await sends(world, template('utility'))).toMatchObject({ reason: 'opted_out' });
    expect(await sends(world, { type: 'text', text: 'Oi!' })).toMatchObject({ status: 'sent' });
  });
});

describeOnBothDatabases('marketing that the provider holds back for a day', (context) => {
  const capped = () =>
    new ProviderError('frequency_cap', 'Enough (code 131049).', 'policy', 131049, null, {
      retryAfterMs: DAY_MS,
    });

  it('is not tried again before that, and says when', async () => {
    const world = await templateWorld(context);
    world.provider.behaviours.push(capped());
    expect(await sends(world, template('marketing'))).toMatchObject({
      status: 'failed',
      reason: 'frequency_cap',
      retryable: true,
      retryAfterMs: DAY_MS,
    });
    const again = await sends(world, template('marketing'));
    expect(again).toMatchObject({ status: 'skipped', reason: 'frequency_cap' });
    expect(again.retryAfterMs).toBeGreaterThan(DAY_MS - 60_000);
    expect(world.provider.calls).toHaveLength(1);
    expect(await sends(world, template('utility'))).toMatchObject({ status: 'sent' });
    context.clock.advance(DAY_MS + 60_000);
    expect(await sends(world, template('marketing'))).toMatchObject({ status: 'sent' });
  });

  it('is forgotten when it is over, and not before', async () => {
    const world = await templateWorld(context);
    world.provider.behaviours.push(capped());
    await sends(world, template('marketing'));
    await prune(world.ctx);
    expect(await world.rows('recipient_limits')).toHaveLength(1);
    context.clock.advance(DAY_MS + 1);
    await prune(world.ctx);
    expect(await world.rows('recipient_limits')).toEqual([]);
  });

  it('is held back too where a status tells it later', async () => {
    const world = await templateWorld(context);
    const { providerMessageId } = await sends(world, template('marketing'));
    const { items } = await world.receive(
      world.event('status', {
        contact: { externalId: CUSTOMER },
        providerId: providerMessageId ?? '',
        status: 'failed',
        failure: {
          reason: 'frequency_cap',
          detail: 'Enough (code 131049).',
          retryable: true,
          retryAfterMs: DAY_MS,
          code: 131049,
          stopsAccount: false,
        },
      }),
    );
    expect(items).toMatchObject([
      { event: 'message.failed', data: { reason: 'frequency_cap', retryAfterMs: DAY_MS } },
    ]);
    expect(await sends(world, template('marketing'))).toMatchObject({ reason: 'frequency_cap' });
  });
});
