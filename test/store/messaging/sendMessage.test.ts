import { getAccount } from '../../../core/accounts';
import { sendMessage } from '../../../core/messaging';
import {
  NotFoundError,
  OutcomeUnknownError,
  ProviderError,
  RateLimitedError,
  TokenExpiredError,
  type OutboundContent,
} from '../../../core/model';
import { describeOnBothDatabases } from '../../support/storeContext';
import { failingAt } from './support/failingStore';
import { changeAccounts, changeConversations } from './support/messagingUnits.cjs';
import { createWorld, CUSTOMER, DAY_MS } from './support/world';

const MARGIN_MS = 5 * 60_000;

describeOnBothDatabases('sending a message', (context) => {
  it('sends, stores the message and its result, and tells', async () => {
    const world = await createWorld(context);
    const { conversation, contact } = await world.customerWrites();
    const result = await world.send();
    expect(result).toEqual({
      status: 'sent',
      messageId: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
      providerMessageId: expect.stringMatching(/^mid\./),
      channel: 'messenger',
      provider: 'meta',
      connectionId: world.account.id,
      contactId: contact?.id,
      conversationId: conversation?.id,
      rateLimit: {
        perMinute: { limit: 60, remaining: 59, resetsAt: expect.any(String) },
        perHour: { limit: 1_000, remaining: 999, resetsAt: expect.any(String) },
        perDay: { limit: 10_000, remaining: 9_999, resetsAt: expect.any(String) },
      },
    });
    expect(world.provider.calls).toEqual([
      {
        recipientExternalId: CUSTOMER,
        content: { type: 'text', text: 'Bem-vindo!' },
        settings: {},
        messageId: result.messageId,
      },
    ]);
    expect(world.provider.connections[0]?.secrets.accessToken).toBe('token-1');
    const event = (await world.events()).at(-1);
    expect(event).toMatchObject({
      event: 'message.sent',
      contact: { id: contact?.id, isNew: false },
      conversation: { id: conversation?.id, isNew: false },
      message: {
        id: result.messageId,
        providerId: result.providerMessageId,
        direction: 'outbound',
        sentBy: 'automation',
        status: 'sent',
        text: 'Bem-vindo!',
      },
    });
    const rows = await world.rows('messages');
    expect(rows.find(({ id }) => id === result.messageId)).toMatchObject({ direction: 'outbound' });
    expect((await world.rows('idempotency_keys'))[0]).toMatchObject({
      state: 'completed',
      owner: null,
      lease_until: null,
    });
  });

  it('gives the first result again for the same key, and calls the provider once', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    // How the limits stood is of the moment: a repeat takes nothing and does not say it.
    const { rateLimit: _, ...first } = await world.send();
    context.clock.advance(2 * DAY_MS);
    // Also when it would no longer be allowed.
    expect(await world.send()).toEqual({ ...first, duplicate: true });
    expect(world.provider.calls).toHaveLength(1);
    expect(await world.rows('messages')).toHaveLength(2);
  });

  it('calls the provider once for twenty sends with one key at the same moment, over two processes', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    const other = world.beside(await context.openAnother());
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        sendMessage(index % 2 === 0 ? world.ctx : other, {
          tenantId: world.tenantId,
          accountId: world.account.id,
          recipientExternalId: CUSTOMER,
          content: { type: 'text', text: 'Oi' },
          idempotencyKey: 'one',
        }),
      ),
    );
    expect(world.provider.calls).toHaveLength(1);
    const fresh = results.filter(({ status, duplicate }) => status === 'sent' && !duplicate);
    expect(fresh).toHaveLength(1);
    for (const result of results) {
      expect(['sent', 'unknown']).toContain(result.status);
      expect(result.messageId).toBe(fresh[0]?.messageId);
    }
  });

  it('answers unknown to a repeat while the first call is under way', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    let repeat: unknown;
    world.provider.behaviours.push(async () => {
      repeat = await world.send();
      return 'accept';
    });
    const first = await world.send();
    expect(repeat).toMatchObject({
      status: 'unknown',
      reason: 'outcome_unknown',
      retryable: false,
      messageId: first.messageId,
    });
    expect(first.status).toBe('sent');
    expect(world.provider.calls).toHaveLength(1);
  });

  it('keeps equal keys of two tenants apart', async () => {
    const one = await createWorld(context);
    const two = await createWorld(context);
    await one.customerWrites();
    await two.customerWrites();
    expect(await one.send()).toMatchObject({ status: 'sent' });
    const other = await two.send();
    expect(other).toMatchObject({ status: 'sent' });
    expect(other.duplicate).toBeUndefined();
  });

  it.each([
    ['a minute before the margin', DAY_MS - MARGIN_MS - 60_000, 'sent'],
    ['within the margin', DAY_MS - MARGIN_MS, 'skipped'],
    ['after the window', DAY_MS + 1, 'skipped'],
  ])('goes by the window: %s', async (_name, later, status) => {
    const world = await createWorld(context);
    await world.customerWrites();
    context.clock.advance(later);
    const result = await world.send();
    expect(result.status).toBe(status);
    expect(world.provider.calls).toHaveLength(status === 'sent' ? 1 : 0);
    if (status === 'sent') return;
    expect(result).toMatchObject({ reason: 'window_closed', messageId: null });
    expect(result.detail).toMatch(/Messenger allows free messages for 24 hours/);
    // The key is free: when the customer has written again, the same send goes.
    expect(await world.rows('idempotency_keys')).toEqual([]);
    await world.customerWrites();
    expect(await world.send()).toMatchObject({ status: 'sent' });
  });

  it('sends what a person wrote after the window has closed, marked as such, and says so', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    const settings = { humanAgent: true };
    const inside = await world.send({ settings, idempotencyKey: 'inside' });
    context.clock.advance(6 * DAY_MS);
    const beyond = await world.send({ settings, idempotencyKey: 'beyond' });
    expect(beyond).toMatchObject({ status: 'sent', humanAgent: true });
    expect(inside).not.toHaveProperty('humanAgent');
    expect(world.provider.calls.map((call) => call.settings)).toEqual([{}, settings]);
    context.clock.advance(DAY_MS);
    expect(await world.send({ settings, idempotencyKey: 'late' })).toMatchObject({
      status: 'skipped',
      reason: 'window_closed',
    });
    expect(await world.send({ settings, idempotencyKey: 'beyond' })).toMatchObject({
      duplicate: true,
      humanAgent: true,
    });
  });

  it('stores which message it answers', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    const { messageId } = await world.send({ settings: { replyTo: 'mid.in.1' } });
    expect(world.provider.calls[0]?.settings).toEqual({ replyTo: 'mid.in.1' });
    const rows = await world.rows('messages');
    expect(rows.find(({ id }) => id === messageId)?.reply_to).toBe('{"providerId":"mid.in.1"}');
  });

  it('stores every content with what a conversation shows of it', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    const url = 'https://cdn.example/a';
    const contents: Array<[OutboundContent, object]> = [
      [
        { type: 'video', media: { url } },
        { type: 'video', attachments: [{ type: 'video', url }] },
      ],
      [
        { type: 'file', media: { attachmentId: '98' } },
        { type: 'file', attachments: [{ type: 'file', providerMediaId: '98' }] },
      ],
      [
        { type: 'images', images: [{ url }, { url }] },
        { type: 'image', attachments: [{ type: 'image' }, { type: 'image' }] },
      ],
      [
        { type: 'genericTemplate', elements: [{ title: 'Clareamento', buttons: [] }] },
        { type: 'template', attachments: [{ type: 'template', title: 'Clareamento' }] },
      ],
      [{ type: 'sticker', sticker: 'heart' }, { type: 'sticker' }],
      [
        { type: 'sharePost', postId: '17' },
        { type: 'share', attachments: [{ type: 'share' }] },
      ],
    ];
    for (const [index, [content]] of contents.entries()) {
      await world.send({ content, idempotencyKey: `key-${index}` });
    }
    const sent = (await world.events()).filter(({ event }) => event === 'message.sent');
    expect(sent.map(({ message }) => message)).toMatchObject(contents.map(([, shown]) => shown));
    const rows = (await world.rows('messages')).filter(({ direction }) => direction === 'outbound');
    const raws = rows.map(({ raw }) => JSON.parse(raw ?? '') as OutboundContent);
    expect(raws).toEqual(expect.arrayContaining(contents.map(([content]) => content)));
  });

  it('takes a window that nobody knows for closed, and makes a stranger a contact all the same', async () => {
    const world = await createWorld(context);
    expect(await world.send({ recipientExternalId: 'stranger' })).toMatchObject({
      status: 'skipped',
      reason: 'window_closed',
      contactId: expect.any(String),
      conversationId: expect.any(String),
    });
    expect((await world.eventTypes()).slice(1)).toEqual([
      'contact.created',
      'conversation.created',
    ]);
    expect(world.provider.calls).toEqual([]);
  });

  it('refuses content that the channel cannot carry before any call, and frees the key', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    const content = { type: 'text' as const, text: 'x'.repeat(1_001) };
    const result = await world.send({ content, split: false });
    expect(result).toMatchObject({
      status: 'failed',
      reason: 'invalid_content',
      retryable: false,
      detail: 'The text is longer than 1000 bytes. Shorten it.',
    });
    expect(world.provider.calls).toEqual([]);
    expect((await world.events()).at(-1)).toMatchObject({
      event: 'message.failed',
      message: { id: result.messageId, status: 'failed' },
      data: { reason: 'invalid_content', retryable: false },
    });
    expect(await world.send()).toMatchObject({ status: 'sent' });
  });

  it.each([
    [
      new ProviderError('invalid_recipient', 'No such user.', 'recipient', 100, 2018001),
      { reason: 'invalid_recipient', retryable: false },
    ],
    [new RateLimitedError('Too fast.', 1_000, 0), { reason: 'rate_limited', retryable: true }],
    [
      new ProviderError('provider_unavailable', 'Meta is down.', 'unavailable', null, null),
      { reason: 'provider_unavailable', retryable: true },
    ],
  ])(
    'stores a refusal of the provider and lets the same key try again: %s',
    async (error, facts) => {
      const world = await createWorld(context);
      await world.customerWrites();
      world.provider.behaviours.push(error);
      expect(await world.send()).toMatchObject({ status: 'failed', ...facts });
      expect(await world.rows('idempotency_keys')).toEqual([]);
      expect((await world.events()).at(-1)).toMatchObject({ event: 'message.failed', data: facts });
      const again = await world.send();
      expect(again.status).toBe('sent');
      expect(again.duplicate).toBeUndefined();
    },
  );

  it('marks the account expired once, however many sends meet the dead token, and active after a success', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    const dead = new TokenExpiredError('The access token has expired.', { hint: 'Reconnect.' });
    world.provider.behaviours.push(dead, dead);
    for (const key of ['a', 'b']) {
      expect(await world.send({ idempotencyKey: key })).toMatchObject({
        status: 'failed',
        reason: 'token_expired',
      });
    }
    const expired = (await world.events()).filter(({ event }) => event === 'connection.expired');
    expect(expired).toHaveLength(1);
    expect(expired[0]).toMatchObject({
      connection: { id: world.account.id },
      data: { status: 'expired', previousStatus: 'active' },
    });
    expect(await getAccount(world.ctx, world.tenantId, world.account.id)).toMatchObject({
      status: 'expired',
      statusReason: 'The access token has expired. Reconnect.',
    });
    expect(await world.send()).toMatchObject({ status: 'sent' });
    expect(await getAccount(world.ctx, world.tenantId, world.account.id)).toMatchObject({
      status: 'active',
      statusReason: null,
    });
  });

  it.each([
    ['a cut connection', new OutcomeUnknownError('The connection was cut.')],
    [
      'a code that may have been delivered',
      new ProviderError('provider_unavailable', 'Code 2.', 'ambiguous', 2, null),
    ],
    ['an error that no provider should raise', new TypeError('x is undefined')],
  ])('answers unknown for %s, keeps the key and wakes the runtime', async (_name, error) => {
    const world = await createWorld(context);
    await world.customerWrites();
    const topics: string[] = [];
    const off = context.store.onSignal(({ topic, tenantId }) => {
      if (tenantId === world.tenantId) topics.push(topic);
    });
    world.provider.behaviours.push(error);
    const first = await world.send();
    off();
    expect(first).toMatchObject({
      status: 'unknown',
      reason: 'outcome_unknown',
      retryable: false,
      providerMessageId: null,
    });
    expect(topics).toContain('sends');
    const [key] = await world.rows('idempotency_keys');
    expect(key).toMatchObject({ state: 'unknown', owner: null, lease_until: null });
    expect((key?.next_check_at ?? 0) - (key?.unknown_since ?? 0)).toBe(30_000);
    expect(await world.send()).toMatchObject({ status: 'unknown', messageId: first.messageId });
    expect(world.provider.calls).toHaveLength(1);
    expect((await world.eventTypes()).includes('message.failed')).toBe(false);
  });

  it('answers unknown when the store fails after the provider has accepted, and keeps the reservation', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    const ctx = { ...world.ctx, store: failingAt(context.store, 'completeSends') };
    const result = await sendMessage(ctx, {
      tenantId: world.tenantId,
      accountId: world.account.id,
      recipientExternalId: CUSTOMER,
      content: { type: 'text', text: 'Oi' },
      idempotencyKey: 'key-1',
    });
    expect(result).toMatchObject({ status: 'unknown', reason: 'outcome_unknown' });
    expect((await world.rows('idempotency_keys'))[0]?.state).toBe('reserved');
    expect(await world.send()).toMatchObject({ status: 'unknown' });
    expect(world.provider.calls).toHaveLength(1);
  });

  it('throws when the store fails before anything was sent', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    const ctx = { ...world.ctx, store: failingAt(context.store, 'reserveSends') };
    await expect(
      sendMessage(ctx, {
        tenantId: world.tenantId,
        accountId: world.account.id,
        recipientExternalId: CUSTOMER,
        content: { type: 'text', text: 'Oi' },
        idempotencyKey: 'key-1',
      }),
    ).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(world.provider.calls).toEqual([]);
  });

  it('seals what it says to the customer in the reservation', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    world.provider.behaviours.push('cut');
    await world.send({ content: { type: 'text', text: 'resultado do exame' } });
    const [key] = await world.rows('idempotency_keys');
    expect(JSON.stringify(key)).not.toContain('exame');
    expect(context.store.sealer.open(key?.request ?? '', key?.message_id ?? '')).toContain('exame');
  });

  it('fails clearly when the encryption key is lost, and marks the account', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    const stranger = await context.openAnother({ encryptionSecret: 'another key' });
    const result = await sendMessage(world.beside(stranger), {
      tenantId: world.tenantId,
      accountId: world.account.id,
      recipientExternalId: CUSTOMER,
      content: { type: 'text', text: 'Oi' },
      idempotencyKey: 'key-1',
    });
    expect(result).toMatchObject({ status: 'failed', reason: 'no_connection' });
    expect(result.detail).toMatch(/reconnect this account/i);
    expect(world.provider.calls).toEqual([]);
    expect(await getAccount(world.ctx, world.tenantId, world.account.id)).toMatchObject({
      status: 'error',
      statusReason: expect.stringMatching(/reconnect this account/i),
    });
    const types = await world.eventTypes();
    expect(types.filter((type) => type === 'connection.error')).toHaveLength(1);
  });

  it('fails for an account without a token, and for one whose provider this version does not have', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    await world.tenant.run(changeAccounts, { sealed_secrets: null });
    expect(await world.send()).toMatchObject({ status: 'failed', reason: 'no_connection' });
    const ctx = { ...world.ctx, providers: new Map() };
    const result = await sendMessage(ctx, {
      tenantId: world.tenantId,
      accountId: world.account.id,
      recipientExternalId: CUSTOMER,
      content: { type: 'text', text: 'Oi' },
      idempotencyKey: 'key-1',
    });
    expect(result).toMatchObject({ status: 'failed', reason: 'not_permitted_on_channel' });
  });

  it('lets a direct send go into a conversation that is handed over', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    await world.tenant.run(changeConversations, {
      automation_paused: 1,
      automation_reason: 'person',
    });
    expect(await world.send()).toMatchObject({ status: 'sent' });
  });

  it('finds the recipient by conversation, by contact, and by contact at an account', async () => {
    const world = await createWorld(context);
    const { conversation, contact } = await world.customerWrites();
    const none = { accountId: undefined, recipientExternalId: undefined };
    const targets = [
      { ...none, conversationId: conversation?.id },
      { ...none, contactId: contact?.id },
      { ...none, contactId: contact?.id, accountId: world.account.id },
      { ...none, contactId: contact?.id, conversationId: conversation?.id },
    ];
    for (const [index, target] of targets.entries()) {
      const result = await world.send({ ...target, idempotencyKey: `key-${index}` });
      expect(result).toMatchObject({
        status: 'sent',
        contactId: contact?.id,
        conversationId: conversation?.id,
      });
    }
    expect(world.provider.delivered(CUSTOMER)).toBe(4);
  });

  it.each([
    ['nobody', {}, 'recipient'],
    ['an id without an account', { recipientExternalId: '1' }, 'accountId'],
    ['an empty id', { recipientExternalId: ' ', accountId: 'x' }, 'recipientExternalId'],
  ])('says what is missing for %s', async (_name, target, field) => {
    const world = await createWorld(context);
    const none = { accountId: undefined, recipientExternalId: undefined };
    await expect(world.send({ ...none, ...target })).rejects.toMatchObject({
      code: 'invalid_input',
      field,
    });
  });

  it.each(['', ' ', 'x'.repeat(501), 'a\0b'])('refuses the key %j', async (idempotencyKey) => {
    const world = await createWorld(context);
    await expect(world.send({ idempotencyKey })).rejects.toMatchObject({ field: 'idempotencyKey' });
  });

  it('refuses targets that contradict each other', async () => {
    const world = await createWorld(context);
    const { conversation, contact } = await world.customerWrites();
    const other = await world.receive(world.event('message', { contact: { externalId: 'other' } }));
    const otherContact = other.items.at(-1)?.contact?.id;
    await expect(
      world.send({ conversationId: conversation?.id, contactId: otherContact }),
    ).rejects.toMatchObject({ field: 'conversationId' });
    await expect(
      world.send({ recipientExternalId: 'other', contactId: contact?.id }),
    ).rejects.toMatchObject({ field: 'recipientExternalId' });
    expect(world.provider.calls).toEqual([]);
  });

  it('finds nothing that belongs to another tenant', async () => {
    const mine = await createWorld(context);
    const theirs = await createWorld(context);
    const { conversation, contact } = await theirs.customerWrites();
    const none = { accountId: undefined, recipientExternalId: undefined };
    for (const target of [
      { ...none, conversationId: conversation?.id },
      { ...none, contactId: contact?.id },
      { ...none, accountId: theirs.account.id, contactId: contact?.id },
      { accountId: theirs.account.id, recipientExternalId: CUSTOMER },
      { ...none, accountId: mine.account.id, contactId: contact?.id },
    ]) {
      await expect(mine.send(target)).rejects.toBeInstanceOf(NotFoundError);
    }
    expect([...mine.provider.calls, ...theirs.provider.calls]).toEqual([]);
  });
});
