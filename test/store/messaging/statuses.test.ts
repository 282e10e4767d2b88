import { settleUnknownSends } from '../../../core/messaging';
import { describeOnBothDatabases } from '../../support/storeContext';
import { createWorld, CUSTOMER, type World } from './support/world';

const PRICE = { billable: true, model: 'PMP', type: 'regular', category: 'utility' };
const FAILURE = {
  reason: 'invalid_recipient',
  detail: 'The message failed: it cannot be delivered (code 131026).',
  retryable: false,
  code: 131026,
  stopsAccount: false,
} as const;

async function sent(world: World) {
  await world.customerWrites();
  const result = await world.send();
  return { providerId: result.providerMessageId ?? '', messageId: result.messageId ?? '' };
}

const messageOf = async (world: World, messageId: string) =>
  (await world.rows('messages')).find(({ id }) => id === messageId);

describeOnBothDatabases('the status of one message', (context) => {
  it('rises from sent to read, each told once', async () => {
    const world = await createWorld(context);
    const { providerId, messageId } = await sent(world);
    for (const status of ['sent', 'delivered', 'read'] as const) {
      await world.receive(world.event('status', { providerId, status }));
    }
    expect(await messageOf(world, messageId)).toMatchObject({ status: 'read' });
    const types = await world.eventTypes();
    expect(types.slice(-3)).toEqual(['message.sent', 'message.delivered', 'message.read']);
    const events = await world.events();
    expect(events.at(-1)).toMatchObject({
      message: { id: messageId, status: 'read' },
      data: { providerIds: [providerId], messageIds: [messageId] },
    });
  });

  it('never falls: delivered after read changes nothing, and skipping it is fine', async () => {
    const world = await createWorld(context);
    const { providerId, messageId } = await sent(world);
    await world.receive(world.event('status', { providerId, status: 'read' }));
    await world.receive(world.event('status', { providerId, status: 'delivered' }));
    await world.receive(world.event('status', { providerId, status: 'failed', failure: FAILURE }));
    expect(await messageOf(world, messageId)).toMatchObject({ status: 'read', error: null });
  });

  it('keeps the price of the message, and shows it on the message', async () => {
    const world = await createWorld(context);
    const { providerId, messageId } = await sent(world);
    await world.receive(world.event('status', { providerId, status: 'sent', price: PRICE }));
    expect(JSON.parse((await messageOf(world, messageId))?.price ?? '')).toEqual(PRICE);
    const { items } = await world.receive(
      world.event('status', { providerId, status: 'delivered', price: PRICE }),
    );
    expect(items).toMatchObject([{ message: { price: PRICE }, data: { price: PRICE } }]);
  });

  it('of a failure finds its message, marks it and says why', async () => {
    const world = await createWorld(context);
    const { providerId, messageId } = await sent(world);
    const { items } = await world.receive(
      world.event('status', { providerId, status: 'failed', failure: FAILURE }),
    );
    expect(items).toMatchObject([
      {
        event: 'message.failed',
        message: { id: messageId, status: 'failed' },
        contact: { externalId: CUSTOMER },
        data: { reason: 'invalid_recipient', detail: FAILURE.detail, code: 131026, providerId },
      },
    ]);
    expect(await messageOf(world, messageId)).toMatchObject({
      status: 'failed',
      error: FAILURE.detail,
    });
  });

  it('of a failure that says more: an opt-out, an account that stands still', async () => {
    const world = await createWorld(context);
    const { providerId } = await sent(world);
    const { items } = await world.receive(
      world.event('status', {
        providerId,
        status: 'failed',
        failure: { ...FAILURE, reason: 'opted_out', code: 131050, stopsAccount: true },
      }),
    );
    expect(items.map(({ event }) => event)).toEqual([
      'message.failed',
      'connection.error',
      'contact.optedOut',
    ]);
    expect(await world.rows('contact_consents')).toMatchObject([
      { purpose: 'marketing', state: 'out' },
    ]);
    const [account] = await world.rows('accounts');
    expect(account).toMatchObject({ status: 'error', status_reason: FAILURE.detail });
  });

  it('of a message that somebody else sent is told without one', async () => {
    const world = await createWorld(context);
    const { items } = await world.receive(
      world.event('status', { providerId: 'theirs', contact: { externalId: 'stranger' } }),
      world.event('status', { providerId: 'theirs', status: 'sent', contact: null }),
    );
    expect(items).toMatchObject([{ event: 'message.delivered', message: null, contact: null }]);
  });

  it('repeated is dropped', async () => {
    const world = await createWorld(context);
    const { providerId } = await sent(world);
    const status = world.event('status', { providerId });
    await world.receive(status);
    expect(await world.receive(status)).toMatchObject({ stored: 0, duplicates: 1 });
  });
});

describeOnBothDatabases('a send whose outcome nobody knows', (context) => {
  it('is settled by the status that carries our own id (complaint 5)', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    world.provider.behaviours.push('acceptThenCut');
    const result = await world.send();
    expect(result.status).toBe('unknown');
    const marker = world.provider.calls[0]?.messageId ?? '';
    const { items } = await world.receive(
      world.event('status', { providerId: 'wamid.1', status: 'sent', marker, price: PRICE }),
    );
    expect(items).toMatchObject([
      {
        event: 'message.sent',
        message: { id: marker, providerId: 'wamid.1', text: 'Bem-vindo!', type: 'text' },
      },
    ]);
    expect(await world.send()).toMatchObject({
      status: 'sent',
      duplicate: true,
      providerMessageId: 'wamid.1',
    });
    expect(world.provider.calls).toHaveLength(1);
  });

  it('is settled by a failure too, and is then failed', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    world.provider.behaviours.push('acceptThenCut');
    await world.send();
    const marker = world.provider.calls[0]?.messageId ?? '';
    await world.receive(
      world.event('status', { providerId: 'wamid.1', status: 'failed', marker, failure: FAILURE }),
    );
    expect(await messageOf(world, marker)).toMatchObject({ status: 'failed' });
    expect((await world.eventTypes()).slice(-2)).toEqual(['message.sent', 'message.failed']);
  });

  it('is settled by its status although that comes before the answer of the call', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    world.provider.behaviours.push(async ({ messageId }, providerId) => {
      await world.receive(
        world.event('status', { providerId, status: 'delivered', marker: messageId }),
      );
      return 'accept';
    });
    const result = await world.send();
    expect(result.status).toBe('sent');
    const messages = (await world.rows('messages')).filter((row) => row.direction === 'outbound');
    expect(messages).toMatchObject([{ status: 'delivered', text: 'Bem-vindo!' }]);
    expect((await world.eventTypes()).filter((type) => type === 'message.sent')).toHaveLength(1);
  });

  it('that was given up is found again by a late status, with its words', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    world.provider.behaviours.push('acceptThenCut');
    world.provider.readFailure = new Error('nobody shows conversations here');
    await world.send();
    await world.age('key-1', 11 * 60_000);
    await settleUnknownSends(world.ctx);
    const marker = world.provider.calls[0]?.messageId ?? '';
    expect(await messageOf(world, marker)).toMatchObject({ status: 'unknown' });
    await world.receive(
      world.event('status', { providerId: 'wamid.1', status: 'delivered', marker }),
    );
    expect(await messageOf(world, marker)).toMatchObject({
      status: 'delivered',
      text: 'Bem-vindo!',
      provider_id: 'wamid.1',
    });
    expect(await world.send()).toMatchObject({ status: 'sent', duplicate: true });
  });

  it('is not settled by the id of somebody else', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    const { items } = await world.receive(
      world.event('status', { providerId: 'wamid.9', status: 'sent', marker: 'wf42:item3' }),
    );
    expect(items).toEqual([]);
  });
});
