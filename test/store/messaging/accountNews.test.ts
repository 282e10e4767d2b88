import { listAccounts, syncCredentialAccounts } from '../../../core/accounts';
import type { AccountHealth } from '../../../core/model';
import { describeOnBothDatabases } from '../../support/storeContext';
import { createWorld, type World } from './support/world';

const BUSINESS = 'business-1';

/** Two accounts that hang under one asset, as two numbers of one business account do. */
async function twoNumbers(world: World) {
  const number = (externalId: string, health: AccountHealth) => ({
    channel: world.account.channel,
    externalId,
    parentExternalId: BUSINESS,
    name: externalId,
    secrets: { accessToken: 'token' },
    expiresAt: null,
    health,
  });
  const accounts = await syncCredentialAccounts(world.ctx, {
    tenantId: world.tenantId,
    provider: 'meta',
    credentialId: 'credential-2',
    discovered: [
      number('number-1', { phoneNumber: '5511900000001', qualityRating: 'GREEN' }),
      number('number-2', { phoneNumber: '5511900000002' }),
    ],
  });
  return accounts.map(({ id }) => id);
}

const about = (parts: object) => ({ accountExternalId: BUSINESS, ...parts });
const healthOf = async (world: World, id = '') =>
  (await listAccounts(world.ctx, world.tenantId)).find((account) => account.id === id)?.health;

describeOnBothDatabases('news of what accounts hang under', (context) => {
  it('keeps what the provider says of an account, and what it said before', async () => {
    const world = await createWorld(context);
    const [first] = await twoNumbers(world);
    expect(await healthOf(world, first)).toEqual({
      phoneNumber: '5511900000001',
      qualityRating: 'GREEN',
    });
    expect(await healthOf(world, world.account.id)).toBeUndefined();
  });

  it('about one number reaches that account alone', async () => {
    const world = await createWorld(context);
    const [first, second] = await twoNumbers(world);
    const { items } = await world.receive(
      world.event('quality', {
        ...about({ under: { phone: '5511900000002' } }),
        current: 'RED',
        health: { qualityRating: 'RED', messagingLimit: 'TIER_250' },
      }),
    );
    expect(items).toMatchObject([
      {
        event: 'connection.qualityChanged',
        connection: { id: second },
        data: { what: 'quality', previous: 'GREEN', current: 'RED' },
      },
    ]);
    expect(await healthOf(world, second)).toMatchObject({
      phoneNumber: '5511900000002',
      qualityRating: 'RED',
      messagingLimit: 'TIER_250',
    });
    expect(await healthOf(world, first)).toMatchObject({ qualityRating: 'GREEN' });
  });

  it('about the whole reaches every account, once each', async () => {
    const world = await createWorld(context);
    const ids = await twoNumbers(world);
    const event = world.event('policy', {
      ...about({ under: 'all' }),
      action: 'disconnect',
      reason: 'ACCOUNT_DELETED',
    });
    const { items } = await world.receive(event);
    expect(items).toEqual([]);
    const accounts = await listAccounts(world.ctx, world.tenantId);
    const states = accounts.filter(({ id }) => ids.includes(id)).map(({ status }) => status);
    expect(states).toEqual(['disconnected', 'disconnected']);
    expect((await world.eventTypes()).slice(-2)).toEqual([
      'connection.disconnected',
      'connection.disconnected',
    ]);
    expect(await world.receive(event)).toMatchObject({ stored: 0, items: [] });
  });

  it('about a template is told once, and kept on every account that sends it', async () => {
    const world = await createWorld(context);
    const ids = await twoNumbers(world);
    const paused = {
      ...about({ under: 'oldest' }),
      templateName: 'promo',
      status: 'PAUSED',
      reason: 'FIRST_PAUSE',
    };
    const { items } = await world.receive(world.event('templateStatus', paused));
    expect(items).toMatchObject([
      {
        event: 'template.statusChanged',
        connection: { id: ids[0] },
        data: { templateName: 'promo', language: 'pt_BR', status: 'PAUSED', reason: 'FIRST_PAUSE' },
      },
    ]);
    for (const id of ids) {
      expect(await healthOf(world, id)).toMatchObject({
        templates: [{ name: 'promo', language: 'pt_BR', status: 'PAUSED', reason: 'FIRST_PAUSE' }],
      });
    }
    await world.receive(
      world.event('templateStatus', { ...paused, status: 'APPROVED', reason: null }),
    );
    for (const id of ids) expect((await healthOf(world, id))?.templates ?? []).toEqual([]);
  });

  it('about a category is told with what it was', async () => {
    const world = await createWorld(context);
    const [first] = await twoNumbers(world);
    const { items } = await world.receive(
      world.event('templateCategory', {
        ...about({ under: 'oldest' }),
        effectiveAt: Date.parse('2026-11-30T12:00:00Z'),
      }),
    );
    expect(items).toMatchObject([
      {
        event: 'template.categoryChanged',
        data: {
          previousCategory: 'UTILITY',
          category: 'MARKETING',
          effectiveAt: '2026-11-30T12:00:00.000Z',
        },
      },
    ]);
    expect(await healthOf(world, first)).toMatchObject({
      templates: [{ name: 'lembrete', category: 'MARKETING', status: null }],
    });
  });

  it('about what nobody connected here is counted on the door', async () => {
    const world = await createWorld(context);
    const result = await world.receive(
      world.event('quality', { accountExternalId: 'another', under: 'all' }),
    );
    expect(result).toMatchObject({ stored: 0, unknownAccounts: ['another'] });
  });
});
