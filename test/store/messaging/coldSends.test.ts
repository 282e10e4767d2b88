/** On a channel that blocks numbers for writing first, such as a WhatsApp session: not at all, or so many a day. */
import { ProviderError } from '../../../core/model';
import { saveSettings } from '../../../core/tenants';
import { sendMessage } from '../../../core/messaging';
import { describeOnBothDatabases, type StoreContext } from '../../support/storeContext';
import { untilMinuteIsYoung } from '../limits/support/account';
import { createWorld, CUSTOMER, DAY_MS, type World } from './support/world';

async function riskyWorld(context: StoreContext, perDay?: number): Promise<World> {
  const world = await createWorld(context);
  world.provider.moreAbilities = { windowMs: null, coldSends: 'capped' };
  world.provider.readRecipient = (text) => ({ externalId: text, forms: [text], phone: null });
  if (perDay !== undefined) {
    await saveSettings(world.ctx, world.tenantId, { caps: { coldSends: { perDay } } });
  }
  return world;
}

let keys = 0;
const writesTo = (world: World, recipientExternalId: string, ctx = world.ctx) => {
  keys += 1;
  return sendMessage(ctx, {
    tenantId: world.tenantId,
    accountId: world.account.id,
    recipientExternalId,
    content: { type: 'text', text: 'Bom dia!' },
    idempotencyKey: `cold ${keys}`,
  });
};

describeOnBothDatabases('a message where writing first gets numbers blocked', (context) => {
  // No day ends in the middle of a test.
  beforeEach(untilMinuteIsYoung);

  it('goes to nobody who has never written (complaint 25)', async () => {
    const world = await riskyWorld(context);
    expect(await writesTo(world, 'stranger')).toMatchObject({
      status: 'skipped',
      reason: 'not_permitted_on_channel',
      detail: expect.stringMatching(/never written .* soon blocked\. Nothing was sent\. Wait/),
    });
    expect(world.provider.calls).toEqual([]);
    await world.customerWrites();
    context.clock.advance(30 * DAY_MS);
    expect(await writesTo(world, CUSTOMER)).toMatchObject({ status: 'sent' });
  });

  it('goes to as many of them in a day as the tenant allows, over two processes', async () => {
    const world = await riskyWorld(context, 3);
    const beside = world.beside(await context.openAnother());
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        writesTo(world, `stranger ${index}`, index % 2 === 0 ? world.ctx : beside),
      ),
    );
    expect(results.filter(({ status }) => status === 'sent')).toHaveLength(3);
    const held = results.filter(({ reason }) => reason === 'frequency_cap');
    expect(held).toHaveLength(5);
    expect(held[0]).toMatchObject({
      status: 'skipped',
      retryAt: expect.stringMatching(/T00:00:00\.000Z$/),
      detail: expect.stringContaining('3 people today'),
    });
    // Answers are none of them.
    await world.customerWrites();
    expect(await writesTo(world, CUSTOMER)).toMatchObject({ status: 'sent' });
  });

  it('does not count what surely was not sent', async () => {
    const world = await riskyWorld(context, 1);
    const no = new ProviderError('invalid_recipient', 'Nobody.', 'recipient', 1, null);
    world.provider.behaviours.push(no);
    expect(await writesTo(world, 'nobody')).toMatchObject({ status: 'failed' });
    expect(await writesTo(world, 'somebody')).toMatchObject({ status: 'sent' });
    expect(await writesTo(world, 'another')).toMatchObject({ reason: 'frequency_cap' });
  });
});

describeOnBothDatabases('a channel with rules of its own', (context) => {
  it('is left to them', async () => {
    const world = await riskyWorld(context);
    world.provider.moreAbilities = { windowMs: null };
    expect(await writesTo(world, 'stranger')).toMatchObject({ status: 'sent' });
  });
});
