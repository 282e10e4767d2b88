import { describeOnBothDatabases } from '../../support/storeContext';
import { createWorld, CUSTOMER, type World } from './support/world';

async function sent(world: World) {
  await world.customerWrites();
  const result = await world.send();
  return { hubId: result.providerMessageId ?? '', messageId: result.messageId ?? '' };
}

const messageOf = async (world: World, messageId: string) =>
  (await world.rows('messages')).find(({ id }) => id === messageId);

describeOnBothDatabases('a message through a hub, which has two ids', (context) => {
  it('learns the second from its first status, and is found by that alone afterwards', async () => {
    const world = await createWorld(context);
    const { hubId, messageId } = await sent(world);
    const both = { providerId: hubId, otherProviderId: 'provider-1' };
    await world.receive(world.event('status', { ...both, status: 'delivered', contact: null }));
    expect(await messageOf(world, messageId)).toMatchObject({
      status: 'delivered',
      provider_id: hubId,
      other_provider_id: 'provider-1',
    });
    const alone = { providerId: 'provider-1', contact: null, status: 'read' } as const;
    await world.receive(world.event('status', alone));
    expect(await messageOf(world, messageId)).toMatchObject({
      status: 'read',
      provider_id: hubId,
      other_provider_id: 'provider-1',
    });
  });

  it('tells whom it went to, although its status names nobody', async () => {
    const world = await createWorld(context);
    const { hubId, messageId } = await sent(world);
    const { items } = await world.receive(
      world.event('status', { providerId: hubId, status: 'delivered', contact: null }),
    );
    expect(items).toMatchObject([
      { event: 'message.delivered', message: { id: messageId }, contact: { externalId: CUSTOMER } },
    ]);
  });

  it('is not stored a second time by an echo under either id', async () => {
    const world = await createWorld(context);
    const { hubId, messageId } = await sent(world);
    const before = (await world.rows('messages')).length;
    const echo = { providerId: 'provider-2', otherProviderId: hubId };
    await world.receive(world.event('echo', echo));
    expect(await world.rows('messages')).toHaveLength(before);
    expect(await messageOf(world, messageId)).toMatchObject({ sent_by: 'automation' });
  });

  it('leaves a status of a message that nobody knows without effect', async () => {
    const world = await createWorld(context);
    const { messageId } = await sent(world);
    await world.receive(
      world.event('status', { providerId: 'stranger', status: 'read', contact: null }),
    );
    expect(await messageOf(world, messageId)).toMatchObject({ status: 'sent' });
  });
});
