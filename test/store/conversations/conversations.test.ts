import {
  getConversation,
  listConversations,
  listMessages,
  orderConversation,
  type ConversationOrder,
} from '../../../core/conversations';
import { describeOnBothDatabases } from '../../support/storeContext';
import { createWorld, type World } from '../messaging/support/world';

const MINUTE_MS = 60_000;

async function onlyConversation(world: World): Promise<string> {
  const [row] = await world.rows('conversations');
  if (!row) throw new Error('There is no conversation.');
  return row.id;
}

async function begin(world: World) {
  await world.customerWrites('Oi');
  const id = await onlyConversation(world);
  const order = (what: ConversationOrder) => orderConversation(world.ctx, world.tenantId, id, what);
  const told = async () => {
    const events = await world.events();
    return events.slice(events.findIndex(({ event }) => event === 'message.received') + 1);
  };
  return { id, order, told };
}

describeOnBothDatabases('conversations', (context) => {
  it('show who it is with, what state it is in and when somebody wrote', async () => {
    const world = await createWorld(context);
    const { id } = await begin(world);
    const at = new Date(context.clock.now()).toISOString();
    const item = await getConversation(world.ctx, world.tenantId, id);
    expect(item).toEqual({
      tenantId: world.tenantId,
      channel: 'messenger',
      provider: 'meta',
      connection: {
        id: world.account.id,
        name: 'Clínica Sol',
        externalId: world.account.externalId,
      },
      contact: {
        id: expect.any(String),
        externalId: '900100200300400',
        name: null,
        phone: null,
        stage: 'lead',
      },
      conversation: {
        id,
        status: 'open',
        windowClosesAt: expect.any(String),
        automation: { paused: false, reason: null, until: null },
        assignee: null,
        unanswered: true,
        lastInboundAt: at,
        lastOutboundAt: null,
        lastActivityAt: at,
        createdAt: at,
        closedAt: null,
        continuedOn: null,
        referral: null,
      },
    });
    context.clock.advance(1_000);
    await world.send();
    const { items } = await listConversations(world.ctx, {
      tenantId: world.tenantId,
      limit: 10,
      cursor: null,
    });
    expect(items).toMatchObject([{ conversation: { id, unanswered: false } }]);
  });

  it('close and open once, and a message of the contact opens again', async () => {
    const world = await createWorld(context);
    const { id, order, told } = await begin(world);
    expect(await order({ kind: 'close' })).toMatchObject({
      changed: true,
      item: { conversation: { status: 'closed', unanswered: false, closedAt: expect.any(String) } },
    });
    expect(await order({ kind: 'close' })).toMatchObject({ changed: false });
    expect(await order({ kind: 'reopen' })).toMatchObject({ changed: true });
    expect(await order({ kind: 'reopen' })).toMatchObject({ changed: false });
    await order({ kind: 'close' });
    await world.customerWrites('Ainda aí?');
    expect(await getConversation(world.ctx, world.tenantId, id)).toMatchObject({
      conversation: { status: 'open', closedAt: null },
    });
    expect((await told()).map(({ event, data }) => [event, data?.changed])).toEqual([
      ['conversation.closed', undefined],
      ['conversation.updated', ['status']],
      ['conversation.closed', undefined],
      ['conversation.updated', ['status']],
      ['message.received', undefined],
    ]);
  });

  it('are assigned to whatever the tenant calls its people and teams', async () => {
    const world = await createWorld(context);
    const { order, told } = await begin(world);
    const assign = (assignee: string | null) => order({ kind: 'assign', assignee });
    expect(await assign(' Helena ')).toMatchObject({
      changed: true,
      item: { conversation: { assignee: 'Helena' } },
    });
    expect(await assign('Helena')).toMatchObject({ changed: false });
    expect(await assign('')).toMatchObject({
      changed: true,
      item: { conversation: { assignee: null } },
    });
    expect((await told()).map(({ event, data }) => [event, data?.assignee])).toEqual([
      ['conversation.updated', 'Helena'],
      ['conversation.updated', null],
    ]);
    await expect(assign('x'.repeat(201))).rejects.toMatchObject({ field: 'Assignee' });
  });

  it('are handed over for a time, until a time or until given back, and told once', async () => {
    const world = await createWorld(context);
    const { order, told } = await begin(world);
    const now = context.clock.now();
    const automationAfter = async (what: ConversationOrder) => {
      const { item, changed } = await order(what);
      return [changed, item.conversation.automation];
    };
    const reason = 'complaint';
    const pausedUntil = (until: number | null) => ({
      paused: true,
      reason,
      until: until === null ? null : new Date(until).toISOString(),
    });
    const handOver = (until?: number | null) =>
      automationAfter({ kind: 'handOver', reason, ...(until !== undefined && { until }) });
    expect(await handOver()).toEqual([true, pausedUntil(now + 60 * MINUTE_MS)]);
    expect(await handOver()).toEqual([false, pausedUntil(now + 60 * MINUTE_MS)]);
    expect(await handOver(now + 5 * MINUTE_MS)).toEqual([true, pausedUntil(now + 5 * MINUTE_MS)]);
    expect(await handOver(null)).toEqual([true, pausedUntil(null)]);
    expect((await world.customerWrites()).conversation?.automation.paused).toBe(true);
    expect(await automationAfter({ kind: 'resume' })).toEqual([
      true,
      { paused: false, reason: null, until: null },
    ]);
    expect(await automationAfter({ kind: 'resume' })).toMatchObject([false, { paused: false }]);
    expect((await told()).map(({ event, data }) => [event, data?.action ?? data?.changed])).toEqual(
      [
        ['conversation.handover', 'pause'],
        ['conversation.updated', ['automation']],
        ['conversation.updated', ['automation']],
        ['message.received', undefined],
        ['conversation.handover', 'resume'],
      ],
    );
    await expect(handOver(now - 1)).rejects.toMatchObject({ field: 'Until' });
  });

  it('go back to automation when they are closed', async () => {
    const world = await createWorld(context);
    const { order, told } = await begin(world);
    await order({ kind: 'handOver', reason: '', until: null });
    expect(await order({ kind: 'close' })).toMatchObject({
      item: { conversation: { status: 'closed', automation: { paused: false } } },
    });
    expect((await told()).map(({ event, data }) => [event, data?.reason])).toEqual([
      ['conversation.handover', 'operation'],
      ['conversation.handover', 'closed'],
      ['conversation.closed', undefined],
    ]);
  });

  it('are changed once by two who order the same at the same moment', async () => {
    const world = await createWorld(context);
    const { order, told } = await begin(world);
    const results = await Promise.all(
      Array.from({ length: 6 }, () => order({ kind: 'handOver', reason: 'x', until: null })),
    );
    expect(results.filter(({ changed }) => changed)).toHaveLength(1);
    const closed = await Promise.all(Array.from({ length: 6 }, () => order({ kind: 'close' })));
    expect(closed.filter(({ changed }) => changed)).toHaveLength(1);
    expect((await told()).map(({ event }) => event)).toEqual([
      'conversation.handover',
      'conversation.handover',
      'conversation.closed',
    ]);
  });

  it('show what was written in both directions, page by page', async () => {
    const world = await createWorld(context);
    const { id } = await begin(world);
    for (const index of [1, 2, 3]) {
      context.clock.advance(1_000);
      await world.send({
        idempotencyKey: `key-${index}`,
        content: { type: 'text', text: `${index}` },
      });
    }
    context.clock.advance(1_000);
    await world.receive(world.event('echo', { text: 'Aqui é a Ana', senderAppId: '1' }));
    const read = async (order: 'asc' | 'desc') => {
      const found = [];
      let cursor: string | null = null;
      do {
        const input = { tenantId: world.tenantId, conversationId: id, order, limit: 2, cursor };
        const page = await listMessages(world.ctx, input);
        found.push(...page.items.map(({ message }) => [message.text, message.sentBy]));
        cursor = page.nextCursor;
      } while (cursor !== null);
      return found;
    };
    const history = [
      ['Oi', 'contact'],
      ['1', 'automation'],
      ['2', 'automation'],
      ['3', 'automation'],
      ['Aqui é a Ana', 'person'],
    ];
    expect(await read('asc')).toEqual(history);
    expect(await read('desc')).toEqual(history.toReversed());
  });

  it('that are not there are named, with the next step', async () => {
    const world = await createWorld(context);
    const there = [world.ctx, world.tenantId] as const;
    const page = { limit: 1, cursor: null };
    const ofIt = { tenantId: world.tenantId, conversationId: 'nowhere', ...page };
    for (const failing of [
      () => getConversation(...there, 'nowhere'),
      () => orderConversation(...there, 'nowhere', { kind: 'close' }),
      () => listMessages(world.ctx, { ...ofIt, order: 'asc' as const }),
    ]) {
      await expect(failing()).rejects.toMatchObject({ code: 'not_found' });
    }
    await expect(
      listConversations(world.ctx, { tenantId: world.tenantId, limit: 1, cursor: 'x' }),
    ).rejects.toMatchObject({ field: 'Cursor' });
    await expect(
      listConversations(world.ctx, { tenantId: world.tenantId, limit: 0, cursor: null }),
    ).rejects.toMatchObject({ field: 'Limit' });
  });
});
