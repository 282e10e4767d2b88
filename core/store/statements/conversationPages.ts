import type { AliasedExpression, Selectable } from 'kysely';
import { literal, sql } from '../sql';
import type { ConversationsTable } from '../conversationTables';
import type { TenantTx } from '../unit';
import type { MessageRow } from './messages';
import { SCANNED_PER_PAGE } from './pages';

export interface ConversationFilter {
  status?: 'open' | 'closed' | undefined;
  accountIds?: readonly string[] | undefined;
  channels?: readonly string[] | undefined;
  contactId?: string | undefined;
  assignee?: string | undefined;
  /** true: nobody looks after it. */
  unassigned?: boolean | undefined;
  /** Whether automation rests at this moment. */
  paused?: boolean | undefined;
  /** Open, and the contact's message is the last. */
  unanswered?: boolean | undefined;
  /** Epoch ms bounds of the last activity, from inclusive, to exclusive. */
  from?: number | undefined;
  to?: number | undefined;
}

/** A conversation with what a list shows beside it. */
export type ListedConversationRow = Selectable<ConversationsTable> & {
  activity: number;
  account_name: string;
  account_external_id: string;
  contact_name: string | null;
  contact_phone: string | null;
  contact_stage: string | null;
  /** How the account calls the contact. */
  contact_external_id: string | null;
};

/** Where a page begins: after this one, by activity and id. */
export interface ActivityCursor {
  activity: number;
  id: string;
}

/** When somebody last wrote, word for word as in the indexes. */
function lastActivity(tx: TenantTx) {
  return tx.dialect === 'postgres'
    ? sql<number>`greatest(last_inbound_at, last_outbound_at, created_at)`
    : sql<number>`max(coalesce(last_inbound_at, 0), coalesce(last_outbound_at, 0), created_at)`;
}

/**
 * A page, the last active first. What is rare is found by an index of its own (one account, an assignee, paused,
 * unanswered, a contact); of what is not, a page looks at a stretch alone, so that it has fewer rows than asked for and
 * goes on all the same (see pages.ts).
 */
export async function listConversationPage(
  tx: TenantTx,
  filter: ConversationFilter,
  after: ActivityCursor | null,
  limit: number,
): Promise<{ rows: ListedConversationRow[]; next: ActivityCursor | null }> {
  const scanned = stretchOf(tx, filter, after);
  let query = tx.db.selectFrom(scanned.as('c')).selectAll('c');
  if (filter.status) query = query.where('c.status', '=', filter.status);
  if (filter.accountIds) query = query.where('c.account_id', 'in', [...filter.accountIds]);
  if (filter.channels) query = query.where('c.channel', 'in', [...filter.channels]);
  if (filter.unassigned) query = query.where('c.assignee', 'is', null);
  if (filter.assignee !== undefined) query = query.where('c.assignee', '=', filter.assignee);
  if (filter.paused !== undefined) query = query.where(isPaused(tx, filter.paused));
  const page = query.orderBy('c.activity', 'desc').orderBy('c.id', 'desc').limit(limit);
  const rows = await withPeople(tx, page.as('c'))
    .orderBy('c.activity', 'desc')
    .orderBy('c.id', 'desc')
    .execute();
  const last = rows.at(-1);
  if (last && rows.length === limit) {
    return { rows, next: { activity: last.activity, id: last.id } };
  }
  return { rows, next: await endOfStretch(tx, scanned) };
}

export async function findListedConversation(
  tx: TenantTx,
  id: string,
): Promise<ListedConversationRow | undefined> {
  const one = tx.db
    .selectFrom('conversations')
    .selectAll()
    .select(lastActivity(tx).as('activity'))
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id);
  return await withPeople(tx, one.as('c')).executeTakeFirst();
}

type ConversationRows = AliasedExpression<
  Selectable<ConversationsTable> & { activity: number },
  'c'
>;

/** With account and contact beside each. */
function withPeople(tx: TenantTx, rows: ConversationRows) {
  return tx.db
    .selectFrom(rows)
    .innerJoin('accounts as a', (join) =>
      join.onRef('a.id', '=', 'c.account_id').on('a.tenant_id', '=', tx.tenantId),
    )
    .innerJoin('contacts as p', (join) =>
      join.onRef('p.id', '=', 'c.contact_id').on('p.tenant_id', '=', tx.tenantId),
    )
    .selectAll('c')
    .select((eb) => [
      'a.name as account_name',
      'a.external_id as account_external_id',
      'p.name as contact_name',
      'p.phone as contact_phone',
      'p.stage as contact_stage',
      eb
        .selectFrom('contact_identities as i')
        .select('i.external_id')
        .where('i.tenant_id', '=', tx.tenantId)
        .whereRef('i.contact_id', '=', 'c.contact_id')
        .whereRef('i.account_id', '=', 'c.account_id')
        .orderBy('i.is_alias')
        .orderBy('i.created_at', 'desc')
        .limit(1)
        .as('contact_external_id'),
    ]);
}

/** The rows that a page looks at, by whichever index fits. */
function stretchOf(tx: TenantTx, filter: ConversationFilter, after: ActivityCursor | null) {
  const activity = lastActivity(tx);
  const { contactId, accountIds, assignee, paused, unanswered } = filter;
  const [accountId, ...otherAccounts] = accountIds ?? [];
  let query = tx.db
    .selectFrom('conversations')
    .selectAll()
    .select(activity.as('activity'))
    .where('tenant_id', '=', tx.tenantId);
  if (contactId !== undefined) query = query.where('contact_id', '=', contactId);
  else if (unanswered) query = query.where(IS_UNANSWERED);
  else if (assignee !== undefined) query = query.where('assignee', '=', assignee);
  // A literal, not a parameter: only then does SQLite use the index over paused ones.
  else if (paused) query = query.where('automation_paused', '=', literal(1));
  else if (accountId !== undefined && otherAccounts.length === 0) {
    query = query.where('account_id', '=', accountId);
  }
  if (contactId !== undefined && unanswered) query = query.where(IS_UNANSWERED);
  if (filter.from !== undefined) query = query.where(activity, '>=', filter.from);
  if (filter.to !== undefined) query = query.where(activity, '<', filter.to);
  if (after) {
    query = query
      .where(activity, '<=', after.activity)
      .where((where) =>
        where.or([where(activity, '<', after.activity), where('id', '<', after.id)]),
      );
  }
  return query.orderBy(activity, 'desc').orderBy('id', 'desc').limit(SCANNED_PER_PAGE);
}

const IS_UNANSWERED = sql<boolean>`status = 'open' and last_inbound_at > coalesce(last_outbound_at, 0)`;

function isPaused(tx: TenantTx, paused: boolean) {
  const now = sql<boolean>`c.automation_paused = 1 and (c.automation_until is null or c.automation_until > ${tx.now})`;
  return paused ? now : sql<boolean>`not (${now})`;
}

async function endOfStretch(
  tx: TenantTx,
  scanned: ReturnType<typeof stretchOf>,
): Promise<ActivityCursor | null> {
  const last = await tx.db
    .selectFrom(scanned.as('c'))
    .select(['c.activity', 'c.id'])
    .orderBy('c.activity', 'desc')
    .orderBy('c.id', 'desc')
    .limit(1)
    .offset(SCANNED_PER_PAGE - 1)
    .executeTakeFirst();
  return last ?? null;
}

/** A page of what was written in a conversation, in both directions, the newest first or the oldest. */
export async function listMessagePage(
  tx: TenantTx,
  args: {
    conversationId: string;
    order: 'asc' | 'desc';
    after: { at: number; id: string } | null;
    limit: number;
  },
): Promise<MessageRow[]> {
  const { order, after } = args;
  let query = tx.db
    .selectFrom('messages')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('conversation_id', '=', args.conversationId);
  if (after) {
    const beyond = order === 'asc' ? '>' : '<';
    query = query
      .where('occurred_at', `${beyond}=`, after.at)
      .where((where) =>
        where.or([where('occurred_at', beyond, after.at), where('id', beyond, after.id)]),
      );
  }
  return await query.orderBy('occurred_at', order).orderBy('id', order).limit(args.limit).execute();
}
