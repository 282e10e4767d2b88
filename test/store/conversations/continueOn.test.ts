import { syncCredentialAccounts } from '../../../core/accounts';
import { continueOn, getConversation, orderConversation } from '../../../core/conversations';
import type { Channel } from '../../../core/model';
import { describeOnBothDatabases, type StoreContext } from '../../support/storeContext';
import { knowIdentity } from './support/conversationUnits.cjs';
import { createWorld, CUSTOMER, DAY_MS, type World } from '../messaging/support/world';

/** Somebody who has written on Messenger, and whom the clinic's Instagram knows, too. */
async function onTwoChannels(context: StoreContext) {
  const world = await createWorld(context);
  await world.customerWrites('Oi');
  const accounts = await syncCredentialAccounts(world.ctx, {
    tenantId: world.tenantId,
    provider: 'meta',
    credentialId: 'credential-2',
    discovered: [
      {
        channel: 'instagram',
        externalId: `ig-${world.account.externalId}`,
        parentExternalId: null,
        name: '@clinica.sol',
        secrets: { accessToken: 'token-2' },
        expiresAt: null,
      },
    ],
  });
  const instagram = accounts.find(({ channel }) => channel === 'instagram');
  const [first] = await world.rows('conversations');
  if (!instagram || !first) throw new Error('There is no second channel.');
  await world.tenant.run(knowIdentity, {
    accountId: instagram.id,
    externalId: 'ig-person',
    contactId: first.contact_id,
  });
  const writesOnInstagram = () =>
    world.receive({
      ...world.event('message', { text: 'Oi', contact: { externalId: 'ig-person' } }),
      channel: 'instagram',
      accountExternalId: instagram.externalId,
    });
  const goOn = (parts: { channels?: Channel[]; closesPrevious?: boolean } = {}) =>
    continueOn(world.ctx, {
      tenantId: world.tenantId,
      conversationId: first.id,
      content: { type: 'text', text: 'Continuamos por aqui.' },
      idempotencyKey: 'continue-1',
      ...parts,
    });
  return { world, instagram, from: first.id, writesOnInstagram, goOn };
}

const told = async (world: World) =>
  (await world.events()).map(({ event, data }) => [event, data?.changed ?? data?.action ?? null]);

describeOnBothDatabases('continuing a conversation on another channel', (context) => {
  it('sends there, takes the assignee and the hand-over along, and says it once', async () => {
    const { world, instagram, from, writesOnInstagram, goOn } = await onTwoChannels(context);
    await writesOnInstagram();
    const order = (what: Parameters<typeof orderConversation>[3]) =>
      orderConversation(world.ctx, world.tenantId, from, what);
    await order({ kind: 'assign', assignee: 'Helena' });
    await order({ kind: 'handOver', reason: 'complaint', until: null });
    const before = (await told(world)).length;
    const result = await goOn();
    expect(result).toMatchObject({
      status: 'sent',
      channel: 'instagram',
      connectionId: instagram.id,
      continuedFrom: { conversationId: from, channel: 'messenger' },
    });
    const to = result.conversationId as string;
    expect(await getConversation(world.ctx, world.tenantId, to)).toMatchObject({
      conversation: {
        assignee: 'Helena',
        automation: { paused: true, reason: 'complaint', until: null },
      },
    });
    expect(await getConversation(world.ctx, world.tenantId, from)).toMatchObject({
      conversation: { status: 'open', continuedOn: to },
    });
    const news = [
      ['message.sent', null],
      ['conversation.updated', ['assignee']],
      ['conversation.handover', 'pause'],
      ['conversation.updated', ['continuedOn']],
    ];
    expect((await told(world)).slice(before)).toEqual(news);
    expect(await goOn()).toMatchObject({ status: 'sent', duplicate: true });
    expect((await told(world)).slice(before)).toEqual(news);
    expect(world.provider.delivered('ig-person')).toBe(1);
    expect(world.provider.delivered(CUSTOMER)).toBe(0);
  });

  it('closes the one that it leaves where that is wished', async () => {
    const { world, from, writesOnInstagram, goOn } = await onTwoChannels(context);
    await writesOnInstagram();
    await goOn({ channels: ['instagram'], closesPrevious: true });
    expect(await getConversation(world.ctx, world.tenantId, from)).toMatchObject({
      conversation: { status: 'closed' },
    });
  });

  it('says why not, for each channel, and leaves everything as it was', async () => {
    const { world, from, writesOnInstagram, goOn } = await onTwoChannels(context);
    await writesOnInstagram();
    context.clock.advance(DAY_MS);
    const before = (await told(world)).length;
    expect(await goOn({ closesPrevious: true })).toMatchObject({
      status: 'skipped',
      reason: 'window_closed',
      notBy: [{ channel: 'instagram', reason: 'window_closed' }],
      continuedFrom: { conversationId: from },
    });
    expect((await told(world)).length).toBe(before);
    expect(world.provider.calls).toEqual([]);
    expect(await getConversation(world.ctx, world.tenantId, from)).toMatchObject({
      conversation: { status: 'open', continuedOn: null },
    });
  });

  it('names the field where there is no other channel', async () => {
    const { goOn } = await onTwoChannels(context);
    await expect(goOn({ channels: ['messenger'] })).rejects.toMatchObject({ field: 'Channels' });
    await expect(goOn({ channels: ['whatsapp'] })).rejects.toMatchObject({ field: 'Recipient' });
  });
});
