import { syncCredentialAccounts } from '../../../core/accounts';
import { scheduleMessage, runScheduled, listScheduled } from '../../../core/journeys';
import {
  askAndWait,
  deliverMessage,
  recordInbound,
  type DeliverInput,
} from '../../../core/messaging';
import { adoptIdentity } from '../../../core/messaging/route/routes.unit';
import { ProviderError, TokenExpiredError, type Channel } from '../../../core/model';
import { describeOnBothDatabases, type StoreContext } from '../../support/storeContext';
import { deleteScheduled } from '../journeys/support/scheduledUnits.cjs';
import { changeAccounts, closeWindowOn, deleteRows } from './support/messagingUnits.cjs';
import { createWorld, CUSTOMER, DAY_MS } from './support/world';

const INSTAGRAM_ID = 'igsid-1';
const TEMPLATE = {
  type: 'template' as const,
  template: { name: 'lembrete', language: 'pt_BR', body: [], buttons: [], cards: [] },
};

/** A person at two accounts: Messenger, where they wrote, and Instagram, which takes templates here and numbers. */
async function createTwoWays(context: StoreContext) {
  const world = await createWorld(context);
  const { ctx, tenantId, provider } = world;
  const [instagram] = await syncCredentialAccounts(ctx, {
    tenantId,
    provider: 'meta',
    credentialId: 'credential-2',
    discovered: [
      {
        channel: 'instagram',
        externalId: `instagram of ${tenantId}`,
        parentExternalId: null,
        name: 'Clínica Lua',
        secrets: { accessToken: 'token-2' },
        expiresAt: null,
      },
    ],
  });
  if (!instagram) throw new Error('No account was made.');
  const plain = provider.abilities.bind(provider);
  provider.abilities = (channel) => {
    const can = plain(channel);
    if (!can || channel !== 'instagram') return can;
    const contentTypes = [...can.contentTypes, 'template' as const];
    return { ...can, contentTypes, windowFreeTypes: ['template'] };
  };
  const { contact } = await world.customerWrites();
  const contactId = contact?.id ?? '';
  await world.tenant.run(adoptIdentity, {
    accountId: instagram.id,
    contactId,
    externalId: INSTAGRAM_ID,
    forms: [INSTAGRAM_ID],
  });
  return {
    world,
    instagram,
    contactId,
    deliver: (changes: Partial<DeliverInput> = {}) =>
      deliverMessage(ctx, {
        tenantId,
        contactId,
        automatic: true,
        content: { type: 'text', text: 'Olá!' },
        idempotencyKey: 'route-1',
        ...changes,
      }),
    writesOnInstagram: () =>
      recordInbound(ctx, {
        tenantId,
        doorId: 'door-1',
        events: [
          world.event('message', {
            channel: 'instagram',
            accountExternalId: instagram.externalId,
            contact: { externalId: INSTAGRAM_ID },
          }),
        ],
      }),
    delivered: () => [provider.delivered(CUSTOMER), provider.delivered(INSTAGRAM_ID)],
  };
}

describeOnBothDatabases('a message whose channel is chosen', (context) => {
  afterEach(() => context.store.run(deleteScheduled, null));

  it('goes by the channel last used, while its window is open', async () => {
    const { deliver, writesOnInstagram, delivered } = await createTwoWays(context);
    context.clock.advance(60_000);
    await writesOnInstagram();
    expect(await deliver()).toMatchObject({ status: 'sent', channel: 'instagram' });
    expect(delivered()).toEqual([0, 1]);
  });

  it('goes by another one with an open window, where that of the last used is closed', async () => {
    const { world, deliver, writesOnInstagram, delivered } = await createTwoWays(context);
    await writesOnInstagram();
    context.clock.advance(60_000);
    await world.customerWrites();
    await world.tenant.run(closeWindowOn, 'messenger');
    const result = await deliver();
    expect(result).toMatchObject({ status: 'sent', channel: 'instagram' });
    expect(result.fallback).toBeUndefined();
    expect(delivered()).toEqual([0, 1]);
  });

  it('is a question that is waited for where it was asked', async () => {
    const { world, writesOnInstagram, instagram, delivered } = await createTwoWays(context);
    await writesOnInstagram();
    await world.tenant.run(closeWindowOn, 'messenger');
    const conversations = await world.rows('conversations');
    const [first, second] = ['messenger', 'instagram'].map((channel) =>
      conversations.find((row) => row.channel === channel),
    );
    const asked = await askAndWait(world.ctx, {
      tenantId: world.tenantId,
      conversationId: first?.id,
      automatic: true,
      question: { responseType: 'freeText', text: 'Qual horário?' },
      resume: { executionId: '77', nodeId: 'node-1', path: '/resume' },
      expiresAt: null,
      keepsAnswer: true,
      idempotencyKey: 'ask-1',
    });
    expect(asked).toMatchObject({ kind: 'waiting', result: { channel: 'instagram' } });
    expect(delivered()).toEqual([0, 1]);
    expect(await world.rows('waits')).toMatchObject([
      { account_id: instagram.id, conversation_id: second?.id },
    ]);
    await world.tenant.run(deleteRows, 'waits');
  });

  it('goes by a preferred channel first, in its window or as the template, and by another where it does not', async () => {
    const { deliver, world } = await createTwoWays(context);
    const preferred = { prefer: ['instagram'] as const };
    const asked = { ...preferred, whenWindowClosed: TEMPLATE };
    const first = await deliver(asked);
    expect(first).toMatchObject({ status: 'sent', channel: 'instagram' });
    expect(first.fallback).toMatchObject({ template: 'lembrete' });
    const second = await deliver({ ...preferred, idempotencyKey: 'route-2' });
    expect(second).toMatchObject({ status: 'sent', channel: 'messenger' });
    expect(world.provider.delivered(INSTAGRAM_ID)).toBe(1);
  });

  it('goes as an approved template, where no window is open', async () => {
    const { deliver, delivered, world } = await createTwoWays(context);
    context.clock.advance(2 * DAY_MS);
    const result = await deliver({ whenWindowClosed: TEMPLATE });
    expect(result).toMatchObject({
      status: 'sent',
      channel: 'instagram',
      fallback: { reason: 'window_closed', type: 'template', template: 'lembrete' },
    });
    expect(delivered()).toEqual([0, 1]);
    expect(world.provider.calls.at(-1)?.content.type).toBe('template');
  });

  it('is skipped where nothing lets it through, and says for each channel why', async () => {
    const { deliver, delivered, contactId } = await createTwoWays(context);
    context.clock.advance(2 * DAY_MS);
    const result = await deliver();
    expect(result).toMatchObject({ status: 'skipped', reason: 'window_closed', contactId });
    expect(result.notBy).toEqual([
      expect.objectContaining({
        channel: 'messenger',
        connectionName: 'Clínica Sol',
        reason: 'window_closed',
        detail: expect.stringContaining('this window closed at'),
      }),
      expect.objectContaining({ channel: 'instagram', reason: 'window_closed' }),
    ]);
    expect(result.detail).toContain('No channel of this person lets the message through.');
    expect(result.detail).toContain('messenger ("Clínica Sol")');
    expect(delivered()).toEqual([0, 0]);
    // The key is free: once somebody wrote, the same message goes.
  });

  it('passes over an account that is not connected', async () => {
    const { world, deliver, writesOnInstagram } = await createTwoWays(context);
    await writesOnInstagram();
    await world.tenant.run(changeAccounts, { status: 'expired' });
    const result = await deliver();
    expect(result).toMatchObject({ status: 'skipped', reason: 'token_expired' });
    expect(result.notBy?.map(({ reason }) => reason)).toEqual(['token_expired', 'token_expired']);
    expect(world.provider.calls).toHaveLength(0);
  });

  it('goes by the next one where the token of the first turns out to be dead', async () => {
    const { world, deliver, writesOnInstagram, delivered } = await createTwoWays(context);
    await writesOnInstagram();
    context.clock.advance(60_000);
    await world.customerWrites();
    world.provider.behaviours.push(new TokenExpiredError('The token is dead.'));
    const result = await deliver();
    expect(result).toMatchObject({
      status: 'sent',
      channel: 'instagram',
      notBy: [{ channel: 'messenger', reason: 'token_expired' }],
    });
    expect(delivered()).toEqual([0, 1]);
  });

  it.each([
    ['refused for now', new ProviderError('provider_unavailable', 'Out.', 'unavailable', 2, null)],
    ['refused by policy', new ProviderError('provider_rejected', 'No.', 'policy', 10, null)],
  ])('that is %s tries no other way', async (_, refusal) => {
    const { world, deliver, writesOnInstagram } = await createTwoWays(context);
    await writesOnInstagram();
    world.provider.behaviours.push(refusal);
    expect((await deliver()).status).toBe('failed');
    expect(world.provider.calls).toHaveLength(1);
  });

  it('whose outcome nobody knows tries no other way, and is not sent again', async () => {
    const { world, deliver, writesOnInstagram } = await createTwoWays(context);
    await writesOnInstagram();
    world.provider.behaviours.push('cut');
    expect((await deliver()).status).toBe('unknown');
    expect((await deliver()).status).toBe('unknown');
    expect(world.provider.calls).toHaveLength(1);
  });

  it('is the same for the same key, whichever way it would take by now', async () => {
    const { deliver, writesOnInstagram, delivered } = await createTwoWays(context);
    const first = await deliver();
    context.clock.advance(2 * DAY_MS);
    await writesOnInstagram();
    expect(await deliver()).toMatchObject({ duplicate: true, messageId: first.messageId });
    expect(delivered()).toEqual([1, 0]);
  });

  it('has its own form on each channel', async () => {
    const { world, deliver } = await createTwoWays(context);
    const perChannel = { messenger: { content: { type: 'text' as const, text: 'No Messenger' } } };
    await deliver({ perChannel });
    expect(world.provider.calls[0]?.content).toEqual({ type: 'text', text: 'No Messenger' });
    await deliver({ perChannel, channels: ['instagram'], idempotencyKey: 'route-2' });
    expect(world.provider.calls).toHaveLength(1);
  });

  it('goes only by the channels that are named', async () => {
    const { deliver, delivered } = await createTwoWays(context);
    const channels: Channel[] = ['instagram'];
    expect(await deliver({ channels })).toMatchObject({ status: 'skipped', channel: 'instagram' });
    await expect(deliver({ channels: ['telegram'] })).rejects.toThrow(
      'cannot be reached on telegram',
    );
    expect(delivered()).toEqual([0, 0]);
  });

  it('finds a person by their number, and lets an account know them by it', async () => {
    const { world, instagram, contactId, deliver } = await createTwoWays(context);
    const { provider, tenant } = world;
    provider.readRecipient = (text, { channel }) => {
      const digits = text.replace(/\D/g, '');
      const forms = channel === 'messenger' ? ['nobody'] : [digits, digits.slice(2)];
      return { externalId: forms[0] ?? '', forms, phone: `+${digits}` };
    };
    const number = '+55 11 98888-7777';
    const stranger = await deliver({
      contactId: undefined,
      phone: number,
      whenWindowClosed: TEMPLATE,
    });
    expect(stranger).toMatchObject({ status: 'sent', connectionId: instagram.id });
    expect(stranger.contactId).not.toBe(contactId);
    const again = await deliver({
      contactId: undefined,
      phone: '5511988887777',
      whenWindowClosed: TEMPLATE,
      idempotencyKey: 'route-2',
    });
    expect(again.contactId).toBe(stranger.contactId);
    expect(await world.rows('contacts')).toHaveLength(2);
    expect(tenant.tenantId).toBe(world.tenantId);
  });

  it('reaches a stranger rather straight by the channel than through a hub', async () => {
    const { world, deliver } = await createTwoWays(context);
    const { ctx, tenantId, provider } = world;
    (ctx.providers as Map<string, unknown>).set('notificame', provider);
    provider.readRecipient = (text) => {
      const digits = text.replace(/\D/g, '');
      return { externalId: digits, forms: [digits], phone: `+${digits}` };
    };
    const accountAt = async (of: 'meta' | 'notificame') => {
      const [account] = await syncCredentialAccounts(ctx, {
        tenantId,
        provider: of,
        credentialId: `credential of ${of}`,
        discovered: [
          {
            channel: 'instagram',
            externalId: `${of} of ${tenantId}`,
            parentExternalId: null,
            name: `Clínica of ${of}`,
            secrets: { accessToken: 'token-3' },
            expiresAt: null,
          },
        ],
      });
      return account?.id;
    };
    // The two of before would be straight ones that were there first.
    await world.tenant.run(changeAccounts, { status: 'disconnected' });
    const hub = await accountAt('notificame');
    const straight = await accountAt('meta');
    expect(straight).not.toBe(hub);
    const { connectionId } = await deliver({
      contactId: undefined,
      phone: '+55 11 97777-6666',
      whenWindowClosed: TEMPLATE,
    });
    expect(connectionId).toBe(straight);
  });

  it('takes no number for an id of a channel that does not know people by their number', async () => {
    const { world, deliver } = await createTwoWays(context);
    world.provider.readRecipient = (text) => ({ externalId: text, forms: [text], phone: null });
    const asked = deliver({ contactId: undefined, phone: '+55 11 98888-7777' });
    await expect(asked).rejects.toThrow('cannot be reached');
    expect(world.provider.calls).toEqual([]);
  });

  it('is chosen when it goes, where it goes later', async () => {
    const { world, contactId, writesOnInstagram, delivered } = await createTwoWays(context);
    const { ctx, tenantId } = world;
    const result = await scheduleMessage(ctx, {
      tenantId,
      contactId,
      automatic: true,
      content: { type: 'text', text: 'Até já!' },
      idempotencyKey: 'route-1',
      dueAt: context.clock.now() + 2 * DAY_MS,
      why: 'at_time',
    });
    expect(result).toMatchObject({ status: 'scheduled', channel: 'messenger' });
    context.clock.advance(2 * DAY_MS);
    await writesOnInstagram();
    await runScheduled(ctx);
    expect(delivered()).toEqual([0, 1]);
    const { items } = await listScheduled(ctx, {
      tenantId,
      states: ['done'],
      limit: 1,
      cursor: null,
    });
    expect(items[0]?.result).toMatchObject({ status: 'sent', channel: 'instagram' });
  });
});

describeOnBothDatabases('a message that several senders may send', (context) => {
  afterEach(() => context.store.run(deleteScheduled, null));

  it('goes once, and the others hear that it was sent', async () => {
    const { deliver, delivered } = await createTwoWays(context);
    const first = await deliver({ sender: 'workflow-1/node-1' });
    const again = await deliver({ sender: 'workflow-1/node-1' });
    expect(again).toMatchObject({ status: 'sent', messageId: first.messageId, duplicate: true });
    const other = await deliver({ sender: 'workflow-2/node-1' });
    expect(other).toMatchObject({ status: 'skipped', reason: 'already_sent', messageId: null });
    expect(delivered()).toEqual([1, 0]);
  });

  it('goes by another one, where the first could not', async () => {
    const { world, deliver } = await createTwoWays(context);
    world.provider.behaviours.push(
      new ProviderError('provider_rejected', 'No.', 'policy', 10, null),
    );
    expect((await deliver({ sender: 'a' })).status).toBe('failed');
    expect((await deliver({ sender: 'b' })).status).toBe('sent');
  });

  it('is scheduled by the first of them', async () => {
    const { world, contactId } = await createTwoWays(context);
    const { ctx, tenantId } = world;
    const schedule = (sender: string) =>
      scheduleMessage(ctx, {
        tenantId,
        contactId,
        automatic: true,
        content: { type: 'text', text: 'Até já!' },
        idempotencyKey: 'route-1',
        dueAt: context.clock.now() + DAY_MS / 2,
        why: 'journey',
        sender,
      });
    expect((await schedule('a')).status).toBe('scheduled');
    expect(await schedule('a')).toMatchObject({ status: 'scheduled', duplicate: true });
    expect(await schedule('b')).toMatchObject({ status: 'skipped', reason: 'already_sent' });
  });
});
