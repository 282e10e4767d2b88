import { replyPrivately, requireSafeRecipient, requireSafeWriter } from '../../../core/messaging';
import { saveSettings } from '../../../core/tenants';
import { readRecipient } from '../../../core/providers/whatsapp-cloud';
import { describeOnBothDatabases } from '../../support/storeContext';
import { createWorld, CUSTOMER } from './support/world';

describeOnBothDatabases('safe mode', (context) => {
  const safe = async (recipients: string[], parts: Parameters<typeof createWorld>[1] = {}) => {
    const world = await createWorld(context, parts);
    await saveSettings(world.ctx, world.tenantId, { safeMode: { on: true, recipients } });
    return world;
  };

  it('keeps every message from whoever is not listed, and says what to do', async () => {
    const world = await safe([]);
    await world.customerWrites();
    const result = await world.send();
    expect(result).toMatchObject({
      status: 'skipped',
      reason: 'safe_mode',
      detail: expect.stringMatching(/Safe mode is on.*Nothing was sent\. Add the recipient/),
    });
    // Not even the answers that every other rule lets through.
    expect(await world.send({ category: 'response' })).toMatchObject({ reason: 'safe_mode' });
    expect(world.provider.calls).toEqual([]);
    expect(await world.rows('idempotency_keys')).toEqual([]);
  });

  it("lets the channel's own ids through", async () => {
    const world = await safe([` ${CUSTOMER} `]);
    await world.customerWrites();
    expect(await world.send()).toMatchObject({ status: 'sent' });
    const other = { contact: { externalId: '77' } };
    await world.receive(world.event('message', other));
    const result = await world.send({ recipientExternalId: '77', idempotencyKey: 'key-2' });
    expect(result).toMatchObject({ reason: 'safe_mode' });
  });

  it.each([
    '+55 11 98888-7777',
    '5511988887777',
    '(11) 98888-7777',
    '11 8888-7777',
    '+55 (11) 8888-7777',
    '0055 11 98888 7777',
  ])('knows a number however it is written: %s', async (written) => {
    const world = await safe([written]);
    world.provider.moreAbilities = { windowMs: null };
    world.provider.readRecipient = (text) => readRecipient(text);
    // As WhatsApp knows them: without the ninth digit.
    const contact = { externalId: '551188887777', phone: '+551188887777' };
    await world.receive(world.event('message', { contact }));
    const result = await world.send({ recipientExternalId: '+55 11 98888-7777' });
    expect(result).toMatchObject({ status: 'sent' });
    const stranger = await world.send({
      recipientExternalId: '+55 11 97777-6666',
      idempotencyKey: 'key-2',
    });
    expect(stranger).toMatchObject({ reason: 'safe_mode' });
  });

  it('knows a person by their number on a channel that has ids of its own', async () => {
    const world = await safe(['(11) 98888-7777']);
    const contact = { externalId: CUSTOMER, phone: '+5511988887777' };
    await world.receive(world.event('message', { contact }));
    expect(await world.send()).toMatchObject({ status: 'sent' });
  });

  it('answers no comment: nobody knows yet whom the message would reach', async () => {
    const world = await safe([CUSTOMER]);
    const { ctx, tenantId, account } = world;
    const comment = { tenantId, accountId: account.id, commentId: 'comment-1', text: 'Oi' };
    expect(await replyPrivately(ctx, comment)).toMatchObject({
      status: 'skipped',
      reason: 'safe_mode',
      messageId: null,
    });
    expect(world.provider.replies).toEqual([]);
    await saveSettings(ctx, tenantId, { safeMode: { on: false } });
    expect(await replyPrivately(ctx, comment)).toMatchObject({ status: 'sent' });
  });

  it('answers the comment of somebody who is listed, and of nobody else', async () => {
    const world = await safe([CUSTOMER]);
    const { ctx, tenantId, account } = world;
    const comment = { tenantId, accountId: account.id, commentId: 'comment-1', text: 'Oi' };
    const by = (authorExternalId: string) => replyPrivately(ctx, { ...comment, authorExternalId });
    expect(await by('77')).toMatchObject({ status: 'skipped', reason: 'safe_mode' });
    expect(world.provider.replies).toEqual([]);
    expect(await by(CUSTOMER)).toMatchObject({ status: 'sent' });
    expect(world.provider.replies).toEqual(['comment-1']);
  });

  it('marks as read what a listed person wrote, and nothing of others or of nobody', async () => {
    const world = await safe(['(11) 98888-7777']);
    const listed = { externalId: CUSTOMER, phone: '+5511988887777' };
    await world.receive(
      world.event('message', { contact: listed, providerId: 'm.listed' }),
      world.event('message', { contact: { externalId: '77' }, providerId: 'm.other' }),
    );
    const read = (id: string, of = world) => requireSafeWriter(of.ctx, of.account, id);
    await expect(read('m.listed')).resolves.toBeUndefined();
    for (const id of ['m.other', 'm.unknown']) {
      await expect(read(id)).rejects.toMatchObject({ reason: 'safe_mode' });
    }
    await saveSettings(world.ctx, world.tenantId, { safeMode: { on: false } });
    await expect(read('m.unknown')).resolves.toBeUndefined();
    const elsewhere = await safe(['(11) 98888-7777']);
    await expect(read('m.listed', elsewhere)).rejects.toMatchObject({ reason: 'safe_mode' });
  });

  it('keeps reactions and typing dots from whoever is not listed, too', async () => {
    const world = await safe(['(11) 98888-7777']);
    const shown = (externalId: string) =>
      requireSafeRecipient(world.ctx, world.account, externalId);
    const contact = { externalId: CUSTOMER, phone: '+5511988887777' };
    await world.receive(world.event('message', { contact }));
    await expect(shown(CUSTOMER)).resolves.toBeUndefined();
    await expect(shown('77')).rejects.toMatchObject({ reason: 'safe_mode' });
    await saveSettings(world.ctx, world.tenantId, { safeMode: { on: false } });
    await expect(shown('77')).resolves.toBeUndefined();
  });

  it('of one tenant leaves the other one alone', async () => {
    await safe([]);
    const other = await createWorld(context);
    await other.customerWrites();
    expect(await other.send()).toMatchObject({ status: 'sent' });
  });
});
