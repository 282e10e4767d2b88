import { recordInbound } from '../../../core/messaging';
import type { EventItem } from '../../../core/model';
import { describeOnBothDatabases } from '../../support/storeContext';
import { changeConversations } from './support/messagingUnits.cjs';
import { createWorld, CUSTOMER, DAY_MS } from './support/world';
import {
  countRefusedCall,
  getAccount,
  getDoor,
  noteAccountStatus,
  registerDoor,
  syncCredentialAccounts,
} from '../../../core/accounts';

describeOnBothDatabases('recording inbound events', (context) => {
  it('makes contact, conversation and message of a first message, and tells of them in this order', async () => {
    const world = await createWorld(context);
    const occurredAt = context.clock.now() - 1_000;
    const { stored, duplicates, unknownAccounts, items } = await world.receive(
      world.event('message', {
        occurredAt,
        text: 'Oi',
        contact: { externalId: CUSTOMER, name: 'Ana', username: 'ana.s' },
        referral: { type: 'OPEN_THREAD', ref: 'anuncio' },
        raw: { mid: 'as it came' },
      }),
    );

    expect({ stored, duplicates, unknownAccounts }).toEqual({
      stored: 1,
      duplicates: 0,
      unknownAccounts: [],
    });
    expect(items.map(({ event }) => event)).toEqual([
      'contact.created',
      'conversation.created',
      'message.received',
    ]);
    const [contact] = await world.rows('contacts');
    const [conversation] = await world.rows('conversations');
    const [message] = await world.rows('messages');
    expect(items[2]).toEqual({
      id: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
      event: 'message.received',
      timestamp: new Date(occurredAt).toISOString(),
      tenantId: world.tenantId,
      channel: 'messenger',
      provider: 'meta',
      connection: {
        id: world.account.id,
        name: 'Clínica Sol',
        externalId: world.account.externalId,
      },
      contact: {
        id: contact?.id,
        externalId: CUSTOMER,
        name: 'Ana',
        phone: null,
        stage: 'lead',
        isNew: true,
      },
      conversation: {
        id: conversation?.id,
        status: 'open',
        isNew: true,
        windowClosesAt: new Date(occurredAt + DAY_MS).toISOString(),
        automation: { paused: false, reason: null, until: null },
      },
      message: {
        id: message?.id,
        providerId: message?.provider_id,
        direction: 'inbound',
        type: 'text',
        text: 'Oi',
        attachments: [],
        buttonPayload: null,
        replyTo: null,
        referral: { type: 'OPEN_THREAD', ref: 'anuncio' },
        sentBy: 'contact',
        status: 'received',
      },
      raw: { mid: 'as it came' },
    });
    expect((await world.events()).slice(1)).toEqual(items);
    expect((await world.rows('contact_identities'))[0]).toMatchObject({ username: 'ana.s' });
    expect(JSON.parse(conversation?.referral ?? '')).toEqual({
      type: 'OPEN_THREAD',
      ref: 'anuncio',
    });
    expect((await world.rows('accounts'))[0]?.last_received_at).toBe(context.clock.now());
  });

  it('says "new" only once, also for two first messages in one call', async () => {
    const world = await createWorld(context);
    const { items } = await world.receive(world.event('message'), world.event('message'));
    await world.receive(world.event('message'));
    const received = (await world.events()).filter(({ event }) => event === 'message.received');
    expect(received.map(({ contact }) => contact?.isNew)).toEqual([true, false, false]);
    expect(received.map(({ conversation }) => conversation?.isNew)).toEqual([true, false, false]);
    expect(items).toHaveLength(4);
  });

  it('stores a call that comes three times once', async () => {
    const world = await createWorld(context);
    const event = world.event('message');
    const counts = [];
    for (let time = 0; time < 3; time += 1) {
      const { stored, duplicates, items } = await world.receive(event);
      counts.push([stored, duplicates, items.length]);
    }
    expect(counts).toEqual([
      [1, 0, 3],
      [0, 1, 0],
      [0, 1, 0],
    ]);
    expect(await world.rows('messages')).toHaveLength(1);
  });

  it('stores one message of twenty equal calls at the same moment, over two processes', async () => {
    const world = await createWorld(context);
    const other = world.beside(await context.openAnother());
    const event = world.event('message');
    const input = { tenantId: world.tenantId, doorId: 'door-1', events: [event] };
    const calls = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        recordInbound(index % 2 === 0 ? world.ctx : other, input),
      ),
    );
    expect(calls.map(({ stored }) => stored).sort()).toEqual([...Array(19).fill(0), 1]);
    expect(await world.rows('messages')).toHaveLength(1);
    expect((await world.eventTypes()).filter((type) => type !== 'connection.connected')).toEqual([
      'contact.created',
      'conversation.created',
      'message.received',
    ]);
  });

  it('makes one contact and one conversation of twenty first messages at the same moment', async () => {
    const world = await createWorld(context);
    const other = world.beside(await context.openAnother());
    const calls = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        recordInbound(index % 2 === 0 ? world.ctx : other, {
          tenantId: world.tenantId,
          doorId: 'door-1',
          events: [world.event('message', { text: `Oi ${index}` })],
        }),
      ),
    );
    expect(calls.every(({ stored }) => stored === 1)).toBe(true);
    expect(await world.rows('contacts')).toHaveLength(1);
    expect(await world.rows('contact_identities')).toHaveLength(1);
    expect(await world.rows('conversations')).toHaveLength(1);
    expect(await world.rows('messages')).toHaveLength(20);
    const news = calls.flatMap(({ items }) => items).filter(({ contact }) => contact?.isNew);
    expect(news.map(({ event }) => event).sort()).toEqual([
      'contact.created',
      'conversation.created',
      'message.received',
    ]);
  });

  it('stores calls that speak of the same people in opposite order at the same moment', async () => {
    const world = await createWorld(context);
    const other = world.beside(await context.openAnother());
    const people = ['1', '2', '3', '4'].map((externalId) => ({ externalId }));
    const calls = await Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        recordInbound(index % 2 === 0 ? world.ctx : other, {
          tenantId: world.tenantId,
          doorId: 'door-1',
          events: (index % 2 === 0 ? people : [...people].reverse()).map((contact) =>
            world.event('message', { contact }),
          ),
        }),
      ),
    );
    expect(calls.map(({ stored }) => stored)).toEqual(Array(16).fill(4));
    expect(await world.rows('contacts')).toHaveLength(4);
    expect(await world.rows('messages')).toHaveLength(64);
  });

  it('counts an event that comes twice in one call as a duplicate', async () => {
    const world = await createWorld(context);
    const event = world.event('message');
    expect(await world.receive(event, event)).toMatchObject({ stored: 1, duplicates: 1 });
  });

  it('stores a message once that comes under two keys', async () => {
    const world = await createWorld(context);
    await world.receive(world.event('message', { providerId: 'mid.1', dedupeKey: 'a' }));
    const again = world.event('message', { providerId: 'mid.1', dedupeKey: 'b' });
    expect(await world.receive(again)).toMatchObject({ stored: 0, duplicates: 1, items: [] });
    expect(await world.rows('messages')).toHaveLength(1);
  });

  it('leaves nothing of a call that cannot be stored whole, and takes it when it is repeated', async () => {
    const world = await createWorld(context);
    const good = world.event('message');
    const bad = world.event('message', { occurredAt: Number.NaN });
    await expect(world.receive(good, bad)).rejects.toMatchObject({ name: 'StoreError' });
    for (const table of ['messages', 'contacts', 'conversations', 'inbound_keys'] as const) {
      expect(await world.rows(table)).toEqual([]);
    }
    expect(await world.receive(good)).toMatchObject({ stored: 1, duplicates: 0 });
  });

  it('counts events of an account nobody connected here on the door, and stores the others', async () => {
    const world = await createWorld(context);
    const door = { tenantId: world.tenantId, doorId: 'door-1', provider: 'meta' as const };
    await registerDoor(world.ctx, { ...door, credentialId: null, url: 'https://n8n.example/x' });
    const stranger = { accountExternalId: '1784000' };
    const answer = await world.receive(
      world.event('message', stranger),
      world.event('message'),
      world.event('policy', stranger),
    );
    expect(answer).toMatchObject({ stored: 1, duplicates: 0, unknownAccounts: ['1784000'] });
    expect(await world.rows('messages')).toHaveLength(1);
    expect(await getDoor(world.ctx, world.tenantId, 'door-1')).toMatchObject({
      unknownCalls: 2,
      unknownExternalId: '1784000',
      unknownLastAt: context.clock.now(),
    });
  });

  it('counts events of an account that was disconnected on the door, and stores them again once it is connected', async () => {
    const world = await createWorld(context);
    const door = { tenantId: world.tenantId, doorId: 'door-1', provider: 'meta' as const };
    await registerDoor(world.ctx, { ...door, credentialId: null, url: 'https://n8n.example/x' });
    const { id, externalId, channel, name } = world.account;
    await noteAccountStatus(world.ctx, world.tenantId, id, 'disconnected', null);
    const before = await world.eventTypes();
    const late = world.event('message');
    const answer = await world.receive(late, world.event('postback'));
    expect(answer).toEqual({
      stored: 0,
      duplicates: 0,
      unknownAccounts: [externalId],
      items: [],
    });
    for (const table of ['messages', 'contacts', 'conversations', 'inbound_keys'] as const) {
      expect(await world.rows(table)).toEqual([]);
    }
    expect(await world.eventTypes()).toEqual(before);
    expect((await world.rows('accounts'))[0]?.last_received_at).toBeNull();
    expect(await getDoor(world.ctx, world.tenantId, 'door-1')).toMatchObject({
      unknownCalls: 2,
      unknownExternalId: externalId,
    });
    const secrets = { accessToken: 'token-2' };
    await syncCredentialAccounts(world.ctx, {
      tenantId: world.tenantId,
      provider: 'meta',
      credentialId: 'credential-1',
      discovered: [{ channel, externalId, parentExternalId: null, name, secrets, expiresAt: null }],
    });
    expect(await world.receive(late)).toMatchObject({ stored: 1 });
  });

  it('keeps an account of the same external id in two tenants apart', async () => {
    const one = await createWorld(context, { externalId: 'shared-page' });
    const two = await createWorld(context, { externalId: 'shared-page' });
    expect(one.account.id).not.toBe(two.account.id);
    await one.receive(one.event('message', { dedupeKey: 'same', providerId: 'mid.same' }));
    expect(await two.rows('messages')).toEqual([]);
    const second = two.event('message', { dedupeKey: 'same', providerId: 'mid.same' });
    expect(await two.receive(second)).toMatchObject({ stored: 1 });
    expect((await two.rows('contacts'))[0]?.id).not.toBe((await one.rows('contacts'))[0]?.id);
  });

  it('opens the window with messages, postbacks, reactions and referrals, and with nothing else', async () => {
    const start = context.clock.now();
    const kinds = {
      message: true,
      postback: true,
      reaction: true,
      referral: true,
      echo: false,
      optin: false,
      handover: false,
    } as const;
    for (const [kind, opens] of Object.entries(kinds)) {
      const world = await createWorld(context);
      await world.receive(world.event(kind as keyof typeof kinds, { occurredAt: start }));
      const [conversation] = await world.rows('conversations');
      expect([kind, conversation?.window_closes_at]).toEqual([kind, opens ? start + DAY_MS : null]);
    }
    const world = await createWorld(context);
    await world.receive(
      world.event('reaction', { action: 'unreact', reaction: null, emoji: null }),
    );
    expect((await world.rows('conversations'))[0]?.window_closes_at).toBeNull();
  });

  it('never moves the window backwards for an event that comes late', async () => {
    const world = await createWorld(context);
    const now = context.clock.now();
    await world.receive(world.event('message', { occurredAt: now }));
    await world.receive(world.event('message', { occurredAt: now - DAY_MS }));
    expect((await world.rows('conversations'))[0]).toMatchObject({
      window_closes_at: now + DAY_MS,
      last_inbound_at: now,
    });
  });

  it('says no window where the one that an old event opened is over', async () => {
    const world = await createWorld(context);
    const old = context.clock.now() - 2 * DAY_MS;
    const { items } = await world.receive(world.event('message', { occurredAt: old }));
    expect(items.at(-1)?.conversation?.windowClosesAt).toBeNull();
  });

  it('opens a closed conversation again and says so', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    await world.tenant.run(changeConversations, { status: 'closed' });
    const { items } = await world.receive(world.event('message'));
    expect(items.map(({ event }) => event)).toEqual(['conversation.updated', 'message.received']);
    expect(items[0]?.data).toEqual({ changed: ['status'] });
    expect((await world.rows('conversations'))[0]?.status).toBe('open');
  });

  it('marks a message that another app is to answer as paused, without pausing the conversation', async () => {
    const world = await createWorld(context);
    const { items } = await world.receive(world.event('message', { standby: true }));
    expect(items.at(-1)?.conversation?.automation).toEqual({
      paused: true,
      reason: 'standby',
      until: null,
    });
    const rows = await world.rows('events');
    expect(rows.find(({ type }) => type === 'message.received')?.automation_paused).toBe(1);
    expect((await world.customerWrites()).conversation?.automation.paused).toBe(false);
  });

  it('fills in a name that was unknown and keeps the one that is there', async () => {
    const world = await createWorld(context);
    const named = (name: string) =>
      world.event('message', { contact: { externalId: CUSTOMER, name } });
    await world.customerWrites();
    await world.receive(named('Ana'));
    await world.receive(named('Outra'));
    expect((await world.rows('contacts'))[0]?.name).toBe('Ana');
  });

  it('forgets refused calls when a good one comes a day after the last of them, and not before', async () => {
    const world = await createWorld(context);
    const { tenantId, account } = world;
    const refused = { tenantId, doorId: 'door-1', credentialId: 'credential-1' };
    const now = async () => getAccount(world.ctx, tenantId, account.id);
    const since = context.clock.now();
    await countRefusedCall(world.ctx, { ...refused, claimedExternalIds: [] });
    context.clock.advance(DAY_MS);
    await countRefusedCall(world.ctx, { ...refused, claimedExternalIds: [] });
    context.clock.advance(DAY_MS - 1);
    await world.customerWrites();
    expect(await now()).toMatchObject({ refusedCalls: 2, refusedSince: since });
    context.clock.advance(1);
    expect(await now()).toMatchObject({ refusedCalls: 2 });
    await world.customerWrites();
    expect(await now()).toMatchObject({ refusedCalls: 0, refusedSince: null });
  });

  it('stores a text with a NUL character instead of refusing the call for ever', async () => {
    const world = await createWorld(context);
    const raw = { text: 'a\0b' };
    const item: EventItem | undefined = (
      await world.receive(world.event('message', { text: 'a\0b', raw }))
    ).items.at(-1);
    expect(item?.message?.text).toBe('ab');
    expect((await world.events()).at(-1)?.raw).toEqual(raw);
  });
});
