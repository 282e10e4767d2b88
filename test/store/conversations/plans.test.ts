import { listConversations, listMessages } from '../../../core/conversations';
import type { ConversationFilter } from '../../../core/store/statements/conversationPages';
import type { TenantStore } from '../../../core/store/store';
import { describeOnBothDatabases } from '../../support/storeContext';
import {
  explainConversations,
  explainMessages,
  explainUndelivered,
  fill,
} from './support/conversationUnits.cjs';

const CONVERSATIONS = 40_000;
/** 200,000 messages. */
const MESSAGES_EACH = 5;

const idOf = (n: number) => `CCCC${String(n).padStart(22, '0')}`;

/** Rows are found by an index, and none is sorted that a page does not show. */
const WALKS = {
  sqlite: /SCAN (conversations|messages|events|contacts|accounts)\b(?! USING (COVERING )?INDEX)/,
  postgres: /Seq Scan on (conversations|messages|events)\b/,
};

describeOnBothDatabases('conversations among 200,000 messages', (context) => {
  let tenant: TenantStore;
  const account = (name: string) => `${name}-${tenant.tenantId}`;

  beforeAll(async () => {
    tenant = context.newTenant();
    await tenant.run(fill, { conversations: CONVERSATIONS, messagesEach: MESSAGES_EACH });
  });

  const filters: [string, () => ConversationFilter, number[]][] = [
    ['everything', () => ({}), [39_999, 39_998, 39_997]],
    ['open ones', () => ({ status: 'open' }), [39_903, 39_803, 39_703]],
    ['those of one account', () => ({ accountIds: [account('a1')] }), [36_001, 32_001, 28_001]],
    ['unanswered ones', () => ({ unanswered: true }), [39_502, 39_002, 38_502]],
    ['those of one assignee', () => ({ assignee: 'Helena' }), [38_005, 36_005, 34_005]],
    ['those of one contact', () => ({ contactId: `PPPP${idOf(7).slice(4)}` }), [7]],
    ['those since a time', () => ({ from: 1_000_000 + 39_998 * 10 }), [39_999, 39_998]],
    [
      'those before a time',
      () => ({ to: 1_000_000 + 10_000 * 10, status: 'open' }),
      [9_903, 9_803, 9_703],
    ],
    ['those of a channel', () => ({ channels: ['messenger'] }), [39_999, 39_998, 39_997]],
  ];

  it.each(filters)('lists %s by an index', async (_what, filter, wanted) => {
    const args = { filter: filter(), after: null, limit: 3 };
    const { result, plans } = await tenant.run(explainConversations, args);
    expect(result.ids).toEqual(wanted.map(idOf));
    for (const plan of plans) expect(plan).not.toMatch(WALKS[context.kind]);
    const input = { tenantId: tenant.tenantId, ...filter(), limit: 3, cursor: null };
    const { items } = await listConversations(context, input);
    expect(items.map(({ conversation }) => conversation.id)).toEqual(wanted.map(idOf));
  });

  it('lists paused ones by an index, and not those whose time is over', async () => {
    context.clock.set(21_000);
    const args = { filter: { paused: true }, after: null, limit: 3 };
    const { result, plans } = await tenant.run(explainConversations, args);
    expect(result.ids).toEqual([39_004, 38_004, 37_004].map(idOf));
    for (const plan of plans) expect(plan).not.toMatch(WALKS[context.kind]);
    const input = { tenantId: tenant.tenantId, paused: true, limit: 500, cursor: null };
    const { items } = await listConversations(context, input);
    expect(items.at(-1)?.conversation.id).toBe(idOf(20_004));
  });

  it('reads the list page by page, each once, also where a filter leaves most of a stretch out', async () => {
    for (const filter of [
      { unanswered: true },
      { status: 'open' as const },
      { assignee: 'Helena' },
    ]) {
      const ids: string[] = [];
      let cursor: string | null = null;
      do {
        const input = { tenantId: tenant.tenantId, ...filter, limit: 33, cursor };
        const page = await listConversations(context, input);
        ids.push(...page.items.map(({ conversation }) => conversation.id));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(ids).toEqual([...new Set(ids)].sort().reverse());
      expect(ids.length).toBe('assignee' in filter ? 20 : 'unanswered' in filter ? 80 : 480);
    }
  });

  it.each(['asc', 'desc'] as const)('reads the messages of one by an index, %s', async (order) => {
    const conversationId = idOf(11);
    const args = { conversationId, order, after: { at: 80_011, id: 'MMMM' }, limit: 50 };
    const { result, plans } = await tenant.run(explainMessages, args);
    expect(result).toBe(order === 'asc' ? 3 : 2);
    for (const plan of plans) {
      expect(plan).not.toMatch(WALKS[context.kind]);
      expect(plan).toMatch(/messages_of_conversation/);
    }
    const input = { tenantId: tenant.tenantId, conversationId, order, limit: 50, cursor: null };
    expect((await listMessages(context, input)).items).toHaveLength(MESSAGES_EACH);
  });

  it('finds what is collected of one conversation by its index', async () => {
    const types = ['message.received'];
    const { plans } = await tenant.run(explainUndelivered, {
      consumerId: 'workflow-1:node-1',
      selection: { types, newContactsOnly: false, includePaused: false },
      conversationId: idOf(11),
      afterSeq: 0,
      limit: 101,
    });
    for (const plan of plans) expect(plan).toMatch(/events_of_conversation|Seq Scan on events/);
    if (context.kind === 'sqlite') expect(plans.join()).toMatch(/events_of_conversation/);
  });
});
