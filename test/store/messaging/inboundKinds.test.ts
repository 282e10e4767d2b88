import type { EventItem } from '../../../core/model';
import { describeOnBothDatabases } from '../../support/storeContext';
import { changeConversations } from './support/messagingUnits.cjs';
import { createWorld, CUSTOMER, OWN_APP, type World } from './support/world';

const INBOX_APP = '263902037430900';

/** The last item of a call: what its event itself was told as. */
async function told(world: World, ...events: Parameters<World['receive']>): Promise<EventItem> {
  const { items } = await world.receive(...events);
  const item = items.at(-1);
  if (!item) throw new Error('Nothing was told.');
  return item;
}

/** Three messages of ours, a second apart, the last one second ago; their provider ids in order. */
async function threeSent(world: World): Promise<string[]> {
  await world.customerWrites();
  const now = world.ctx.clock.now();
  const ids: string[] = [];
  for (const ago of [3_000, 2_000, 1_000]) {
    const key = `key-${ago}`;
    const { providerMessageId } = await world.send({ idempotencyKey: key });
    // The echo brings the provider's own time.
    const providerId = providerMessageId ?? '';
    await world.receive(world.event('echo', { providerId, occurredAt: now - ago }));
    ids.push(providerId);
  }
  return ids;
}

async function statuses(world: World, ids: string[]): Promise<(string | undefined)[]> {
  const rows = await world.rows('messages');
  return ids.map((id) => rows.find((row) => row.provider_id === id)?.status);
}

describeOnBothDatabases('recording every kind of inbound event', (context) => {
  it('stores a postback as a message with its payload', async () => {
    const world = await createWorld(context);
    const item = await told(
      world,
      world.event('postback', { title: 'Confirmar', payload: 'CONFIRM:apt_9', providerId: null }),
    );
    expect(item.event).toBe('message.postback');
    expect(item.message).toMatchObject({
      type: 'postback',
      text: 'Confirmar',
      buttonPayload: 'CONFIRM:apt_9',
      providerId: null,
      direction: 'inbound',
    });
    expect(await world.rows('messages')).toHaveLength(1);
  });

  it('tells a reaction with the message it is on', async () => {
    const world = await createWorld(context);
    const [first = ''] = await threeSent(world);
    const item = await told(world, world.event('reaction', { targetProviderId: first }));
    expect(item).toMatchObject({
      event: 'message.reaction',
      message: { providerId: first, direction: 'outbound' },
      data: { action: 'react', reaction: 'love', emoji: '❤️', targetProviderId: first },
    });
  });

  it('tells a referral and an opt-in, and remembers where the customer came from', async () => {
    const world = await createWorld(context);
    const referral = { type: 'OPEN_THREAD', ref: 'bio-link' };
    expect(await told(world, world.event('referral', { referral }))).toMatchObject({
      event: 'conversation.updated',
      data: { changed: ['referral'], referral },
    });
    expect(JSON.parse((await world.rows('conversations'))[0]?.referral ?? '')).toEqual(referral);
    expect(await told(world, world.event('optin', { payload: 'P', details: 7 }))).toMatchObject({
      event: 'message.optin',
      contact: { externalId: CUSTOMER },
      data: { payload: 'P', details: 7 },
    });
    const anonymous = await told(world, world.event('optin', { contact: null }));
    expect(anonymous).toMatchObject({ event: 'message.optin', contact: null, conversation: null });
  });

  it('marks what was delivered by its ids', async () => {
    const world = await createWorld(context);
    const ids = await threeSent(world);
    const item = await told(
      world,
      world.event('delivery', { providerIds: ids.slice(0, 1), watermark: null }),
    );
    expect(item).toMatchObject({
      event: 'message.delivered',
      message: { providerId: ids[0], status: 'delivered' },
      data: { providerIds: ids.slice(0, 1), watermark: null },
    });
    expect(await statuses(world, ids)).toEqual(['delivered', 'sent', 'sent']);
  });

  it('marks everything before a read watermark, and nothing after it', async () => {
    const world = await createWorld(context);
    const ids = await threeSent(world);
    const watermark = context.clock.now() - 2_000;
    const item = await told(world, world.event('read', { watermark }));
    expect(await statuses(world, ids)).toEqual(['read', 'read', 'sent']);
    expect(item).toMatchObject({
      event: 'message.read',
      message: { providerId: ids[1], status: 'read' },
      data: { watermark: new Date(watermark).toISOString() },
    });
    expect(item.data?.messageIds).toHaveLength(2);
  });

  it('marks everything up to the message that a read names', async () => {
    const world = await createWorld(context);
    const ids = await threeSent(world);
    await world.receive(world.event('read', { providerIds: ids.slice(1, 2) }));
    expect(await statuses(world, ids)).toEqual(['read', 'read', 'sent']);
  });

  it('never takes a status back when receipts come in the wrong order', async () => {
    const world = await createWorld(context);
    const ids = await threeSent(world);
    await world.receive(world.event('read', { watermark: context.clock.now() }));
    const late = await told(world, world.event('delivery', { providerIds: ids }));
    expect(await statuses(world, ids)).toEqual(['read', 'read', 'read']);
    expect(late).toMatchObject({ event: 'message.delivered', message: null });
    expect(late.data?.messageIds).toEqual([]);
  });

  it('makes nobody a contact by a receipt, an edit or a deletion', async () => {
    const world = await createWorld(context);
    for (const kind of ['read', 'delivery', 'edit', 'delete'] as const) {
      expect(await told(world, world.event(kind))).toMatchObject({
        contact: null,
        conversation: null,
        message: null,
      });
    }
    expect(await world.rows('contacts')).toEqual([]);
  });

  it('stores the new words of an edited message', async () => {
    const world = await createWorld(context);
    const { message } = await world.customerWrites('Amanha?');
    const targetProviderId = message?.providerId ?? '';
    const item = await told(world, world.event('edit', { targetProviderId, text: 'Amanhã?' }));
    expect(item).toMatchObject({
      event: 'message.edited',
      message: { id: message?.id, text: 'Amanhã?' },
      data: { targetProviderId },
    });
  });

  it('forgets the words of a message that was unsent, in the message and in every event', async () => {
    const world = await createWorld(context);
    const secret = 'meu CPF é 123';
    const { items } = await world.receive(
      world.event('message', {
        text: secret,
        attachments: [{ type: 'image', url: `https://cdn.example/${encodeURI(secret)}` }],
        buttonPayload: secret,
        replyTo: { storyId: secret },
        raw: { text: secret },
      }),
      world.event('message', { text: 'fica', raw: { text: 'fica' } }),
    );
    const targetProviderId = items.find(({ message }) => message?.text === secret)?.message
      ?.providerId as string;
    await world.receive(world.event('edit', { targetProviderId, text: `${secret}!` }));
    const item = await told(world, world.event('delete', { targetProviderId }));
    expect(item).toMatchObject({
      event: 'message.deleted',
      message: { text: null, attachments: [], buttonPayload: null, status: 'deleted' },
    });
    const rows = [...(await world.rows('messages')), ...(await world.rows('events'))];
    const holding = (word: string) => rows.filter((row) => JSON.stringify(row).includes(word));
    expect(holding('CPF')).toEqual([]);
    expect(holding('fica')).toHaveLength(2);
    const types = await world.eventTypes();
    expect(types.filter((type) => type === 'message.received')).toHaveLength(2);
  });

  it('does not store a message whose deletion came first, nor bring its words back by a late edit', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    await world.receive(world.event('delete', { targetProviderId: 'mid.late' }));
    const late = world.event('message', { providerId: 'mid.late', text: 'tarde' });
    expect(await world.receive(late)).toMatchObject({ stored: 0, duplicates: 1 });
    await world.receive(world.event('edit', { targetProviderId: 'mid.late', text: 'tarde' }));
    const rows = await world.rows('messages');
    expect(rows.find(({ provider_id: id }) => id === 'mid.late')).toMatchObject({
      text: null,
      status: 'deleted',
    });
  });

  it('pauses automation when another app takes the conversation, and resumes when it is given back', async () => {
    const world = await createWorld(context);
    const taken = await told(
      world,
      world.event('handover', { action: 'take', newOwnerAppId: INBOX_APP }),
    );
    expect(taken).toMatchObject({
      event: 'conversation.handover',
      conversation: { automation: { paused: true, reason: 'handed_over', until: null } },
      data: { action: 'take', newOwnerAppId: INBOX_APP },
    });
    expect((await world.customerWrites()).conversation?.automation.paused).toBe(true);
    const back = await told(
      world,
      world.event('handover', { action: 'pass', newOwnerAppId: OWN_APP }),
    );
    expect(back.conversation?.automation).toEqual({ paused: false, reason: null, until: null });
  });

  it('pauses when a pass goes to another app, though it is called a pass', async () => {
    const world = await createWorld(context);
    const item = await told(
      world,
      world.event('handover', { action: 'pass', newOwnerAppId: INBOX_APP }),
    );
    expect(item.conversation?.automation.paused).toBe(true);
  });

  it('goes by the action where it does not know its own app: who hears "take" has lost it', async () => {
    const world = await createWorld(context, { secrets: { accessToken: 'token' } });
    const event = (action: 'take' | 'pass' | 'request' | 'roles') =>
      world.event('handover', { action, newOwnerAppId: INBOX_APP });
    expect((await told(world, event('request'))).conversation?.automation.paused).toBe(false);
    expect((await told(world, event('take'))).conversation?.automation.paused).toBe(true);
    expect((await told(world, event('roles'))).conversation?.automation.paused).toBe(true);
    expect((await told(world, event('pass'))).conversation?.automation.paused).toBe(false);
  });

  it('leaves a pause that a person set when the conversation comes back', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    const until = context.clock.now() + 60_000;
    await world.tenant.run(changeConversations, {
      automation_paused: 1,
      automation_reason: 'person',
      automation_until: until,
    });
    const item = await told(
      world,
      world.event('handover', { action: 'pass', newOwnerAppId: OWN_APP }),
    );
    expect(item.conversation?.automation).toEqual({
      paused: true,
      reason: 'person',
      until: new Date(until).toISOString(),
    });
    context.clock.advance(60_000);
    expect((await world.customerWrites()).conversation?.automation.paused).toBe(false);
  });

  it('tells a hand-over of the whole account without a contact', async () => {
    const world = await createWorld(context);
    const event = world.event('handover', { action: 'roles', contact: null });
    expect(await told(world, event)).toMatchObject({
      event: 'conversation.handover',
      contact: null,
      conversation: null,
    });
  });

  it('tells comments and mentions with who wrote them, but makes no contact of a stranger', async () => {
    const world = await createWorld(context);
    const contact = { externalId: '77', username: 'curioso' };
    const comment = world.event('comment', { contact, providerId: 'comment-1' });
    expect(await told(world, comment)).toMatchObject({
      event: 'comment.received',
      contact: null,
      data: { text: 'Quanto custa?', postId: 'post-1', providerId: 'comment-1', from: contact },
    });
    expect(await world.rows('contacts')).toEqual([]);
    await world.customerWrites();
    expect(await told(world, world.event('mention'))).toMatchObject({
      event: 'mention.received',
      contact: { externalId: CUSTOMER, isNew: false },
    });
  });

  it('shows a blocked account as an error and an unblocked one as working', async () => {
    const world = await createWorld(context);
    const blocked = await told(world, world.event('policy', { action: 'block', reason: 'Spam' }));
    expect(blocked).toMatchObject({
      event: 'connection.error',
      connection: { id: world.account.id },
      data: { action: 'block', reason: 'Spam' },
    });
    expect((await world.rows('accounts'))[0]).toMatchObject({
      status: 'error',
      status_reason: expect.stringContaining('Spam'),
    });
    const free = await told(world, world.event('policy', { action: 'unblock', reason: null }));
    expect(free.event).toBe('connection.connected');
    expect((await world.rows('accounts'))[0]).toMatchObject({ status: 'active' });
    await told(world, world.event('policy', { action: 'warning' }));
    expect((await world.rows('accounts'))[0]).toMatchObject({ status: 'active' });
  });

  it('tells template statuses and what it does not recognise, with the provider’s object', async () => {
    const world = await createWorld(context);
    expect(await told(world, world.event('templateStatus'))).toMatchObject({
      event: 'template.statusChanged',
      data: { templateName: 'lembrete', language: 'pt_BR', status: 'APPROVED', reason: null },
    });
    const unrecognised = world.event('unrecognised', { raw: { account_linking: {} } });
    expect(await told(world, unrecognised)).toMatchObject({
      event: 'provider.unrecognised',
      data: { what: 'account_linking' },
      raw: { account_linking: {} },
    });
  });
});
