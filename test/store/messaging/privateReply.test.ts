import { replyPrivately, settleUnknownSends } from '../../../core/messaging';
import { ProviderError } from '../../../core/model';
import { describeOnBothDatabases } from '../../support/storeContext';
import { deleteRows } from './support/messagingUnits.cjs';
import { createWorld, type World } from './support/world';

const MINUTE = 60_000;

describeOnBothDatabases('a private reply to a comment', (context) => {
  const reply = (world: World, commentId = 'c1', oncePerPerson?: string) =>
    replyPrivately(world.ctx, {
      oncePerPerson,
      tenantId: world.tenantId,
      accountId: world.account.id,
      commentId,
      text: 'Mandamos os preços!',
    });
  const keyOf = (world: World) => `private-reply/${world.account.id}/c1`;

  it('makes a contact of whoever it reached, and is stored and told', async () => {
    const world = await createWorld(context);
    const result = await reply(world);
    expect(result).toMatchObject({ status: 'sent', providerMessageId: 'mid.reply.c1' });
    expect(result.contactId).toEqual(expect.any(String));
    expect((await world.eventTypes()).slice(1)).toEqual([
      'contact.created',
      'conversation.created',
      'message.sent',
    ]);
    expect((await world.events()).at(-1)).toMatchObject({
      contact: { externalId: 'author-of-c1' },
      message: { text: 'Mandamos os preços!', sentBy: 'automation' },
    });
  });

  it('goes once for each comment, however many ask for it', async () => {
    const world = await createWorld(context);
    const results = await Promise.all([reply(world), reply(world), reply(world, 'c2')]);
    expect(world.provider.replies.toSorted()).toEqual(['c1', 'c2']);
    expect(results[2]).toMatchObject({ status: 'sent' });
    expect(await reply(world)).toMatchObject({ status: 'sent', duplicate: true });
  });

  it('goes once to each person where that is wanted, however many comments they write at once', async () => {
    const world = await createWorld(context);
    const results = await Promise.all([
      reply(world, 'c1', 'ana'),
      reply(world, 'c2', 'ana'),
      reply(world, 'c3', 'bia'),
    ]);
    expect(world.provider.replies).toHaveLength(2);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['sent', 'sent', 'skipped']);
    expect(results.find(({ status }) => status === 'skipped')).toMatchObject({
      reason: 'already_sent',
      messageId: null,
    });
    const [first] = world.provider.replies;
    expect(await reply(world, first, first === 'c3' ? 'bia' : 'ana')).toMatchObject({
      status: 'sent',
      duplicate: true,
    });
  });

  it('that was surely not sent leaves the person one for another comment', async () => {
    const world = await createWorld(context);
    world.provider.behaviours.push(
      new ProviderError('provider_rejected', 'Too old.', 'policy', 100, 2534022),
    );
    expect(await reply(world, 'c1', 'ana')).toMatchObject({ status: 'failed' });
    expect(await reply(world, 'c2', 'ana')).toMatchObject({ status: 'sent' });
  });

  it('of which nobody knows keeps the person from another one', async () => {
    const world = await createWorld(context);
    world.provider.behaviours.push('cut');
    expect(await reply(world, 'c1', 'ana')).toMatchObject({ status: 'unknown' });
    expect(await reply(world, 'c2', 'ana')).toMatchObject({ status: 'skipped' });
  });

  it('that was surely not sent may be tried again', async () => {
    const world = await createWorld(context);
    world.provider.behaviours.push(
      new ProviderError('provider_rejected', 'Already used.', 'policy', 100, 2534025),
    );
    expect(await reply(world)).toMatchObject({ status: 'failed', reason: 'provider_rejected' });
    expect((await world.eventTypes()).at(-1)).toBe('message.failed');
    expect(await reply(world)).toMatchObject({ status: 'sent' });
  });

  it('of which nobody knows is never sent again, and is given up after ten minutes', async () => {
    const world = await createWorld(context);
    world.provider.behaviours.push('cut');
    expect(await reply(world)).toMatchObject({ status: 'unknown' });
    await world.age(keyOf(world), MINUTE);
    await settleUnknownSends(world.ctx);
    expect(await reply(world)).toMatchObject({ status: 'unknown' });
    await world.age(keyOf(world), 11 * MINUTE);
    await settleUnknownSends(world.ctx);
    expect((await world.eventTypes()).at(-1)).toBe('message.unknown');
    expect(await reply(world)).toMatchObject({ status: 'failed', reason: 'outcome_unknown' });
    expect(world.provider.replies).toEqual(['c1']);
    await world.tenant.run(deleteRows, 'idempotency_keys');
  });

  it('of which nobody knows is settled by its echo', async () => {
    const world = await createWorld(context);
    world.provider.behaviours.push('cut');
    const { messageId } = await reply(world);
    const contact = { externalId: 'author-of-c1' };
    await world.receive(world.event('echo', { contact, metadata: messageId, text: 'x' }));
    expect(await reply(world)).toMatchObject({ status: 'sent', duplicate: true, messageId });
    expect(world.provider.replies).toEqual(['c1']);
  });
});
