import type { RawBuilder } from 'kysely';
import { lookUp, rowSource } from '../rowSource';
import { sql } from '../sql';
import type { TenantTx } from '../unit';
import type { ContactRow } from './contacts';

/** What a list of contacts is narrowed down by; everything that is there must hold. */
export interface ContactSelection {
  /** Beginnings of words: the contact has one of each. */
  words?: readonly string[] | undefined;
  /** The contact has at least one of them. */
  tags?: readonly string[] | undefined;
  withoutTags?: readonly string[] | undefined;
  fields?: readonly { name: string; value: string }[] | undefined;
  consents?: readonly ConsentCondition[] | undefined;
  accountIds?: readonly string[] | undefined;
  stages?: readonly string[] | undefined;
  sources?: readonly string[] | undefined;
  phones?: readonly string[] | undefined;
  emails?: readonly string[] | undefined;
  /** `MM-DD`, both inclusive; a from behind the to means over the end of the year. */
  birthdays?: { from: string; to: string } | undefined;
  /** Epoch ms, from inclusive, to exclusive. */
  created?: Span | undefined;
  /** When the person last wrote. */
  active?: Span | undefined;
}

export interface ConsentCondition {
  purpose: string;
  /** `none`: nothing was said about it. */
  state: 'in' | 'out' | 'none';
}

export interface Span {
  from?: number | undefined;
  to?: number | undefined;
}

export interface ContactPosition {
  createdAt: number;
  id: string;
}

type Condition = RawBuilder<unknown>;

/** Up to so many, those of a condition are gathered and read; above, the list is walked and each contact looked at. */
const FEW = 1_000;

/**
 * A page of living contacts, the newest first, beyond a position. The condition that fewest contacts meet drives the
 * search: the planner of neither database knows how common a word or a tag is.
 */
export async function searchContactRows(
  tx: TenantTx,
  selection: ContactSelection,
  page: { beyond: ContactPosition | null; limit: number },
): Promise<ContactRow[]> {
  const search = await searchOf(tx, selection);
  if (!search) return [];
  const { source, conditions } = search;
  if (page.beyond) {
    const { createdAt, id } = page.beyond;
    conditions.push(sql`(c.created_at, c.id) < (cast(${createdAt} as bigint), ${id})`);
  }
  const { rows } = await sql<ContactRow>`select c.* from ${source} where ${all(conditions)}
    order by c.created_at desc, c.id desc limit ${page.limit}`.execute(tx.db);
  return rows;
}

/** How many there are. */
export async function countContactRows(tx: TenantTx, selection: ContactSelection): Promise<number> {
  const search = await searchOf(tx, selection);
  if (!search) return 0;
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${search.source}
    where ${all(search.conditions)}`.execute(tx.db);
  return Number(rows[0]?.count ?? 0);
}

/** @returns null when nobody can meet the conditions */
async function searchOf(
  tx: TenantTx,
  selection: ContactSelection,
): Promise<{ source: Condition; conditions: Condition[] } | null> {
  const few = await fewest(tx, selection);
  if (few?.length === 0) return null;
  const ours = sql`c.tenant_id = ${tx.tenantId}`;
  const conditions = [
    ours,
    sql`c.merged_into is null`,
    sql`c.erased_at is null`,
    ...ofColumns(selection),
    ...ofParts(tx, selection),
  ];
  if (!few) return { source: sql`contacts as c`, conditions };
  // In this order: SQLite would rather walk over the whole list, for it is sorted.
  const ids = few.map((id) => ({ id }));
  const found = rowSource(tx, 'w', { id: 'text' }, ids);
  const own = lookUp(tx, 'contacts', 'c', { by: sql`c.id = w.id`, checked: ours });
  return { source: sql`${found} ${own}`, conditions };
}

/** The ids of the condition that fewest contacts meet, where those are few; null: none is met by few. */
async function fewest(tx: TenantTx, selection: ContactSelection): Promise<string[] | null> {
  let least: string[] | null = null;
  for (const candidates of candidatesOf(tx, selection)) {
    const { rows } = await sql<{ id: string }>`${candidates} limit ${FEW + 1}`.execute(tx.db);
    if (rows.length > FEW) continue;
    const ids = [...new Set(rows.map(({ id }) => id))];
    if (least === null || ids.length < least.length) least = ids;
    if (least.length === 0) break;
  }
  return least;
}

/** Each reads a range of an index, which ends after FEW. */
function candidatesOf(tx: TenantTx, selection: ContactSelection): Condition[] {
  const from = (table: string, condition: Condition) =>
    sql`select contact_id as id from ${sql.table(table)} where tenant_id = ${tx.tenantId} and ${condition}`;
  const { active, accountIds } = selection;
  return [
    ...ofOneColumn(selection).map(
      (condition) =>
        sql`select c.id from contacts as c where c.tenant_id = ${tx.tenantId} and ${condition}`,
    ),
    ...partConditions(selection)
      .filter(({ isAbsent }) => !isAbsent)
      .map(({ table, condition }) => from(table, condition)),
    ...(accountIds ? [from('contact_identities', isOneOf('account_id', accountIds))] : []),
    ...(active?.from === undefined
      ? []
      : [from('conversations', sql`last_inbound_at >= cast(${active.from} as bigint)`)]),
  ];
}

interface PartCondition {
  table: 'contact_words' | 'contact_tags' | 'contact_fields' | 'contact_consents';
  condition: Condition;
  /** The contact must have nothing like it. */
  isAbsent: boolean;
}

function partConditions(selection: ContactSelection): PartCondition[] {
  const { words = [], tags, withoutTags, fields = [], consents = [] } = selection;
  const present = (table: PartCondition['table'], condition: Condition): PartCondition => ({
    table,
    condition,
    isAbsent: false,
  });
  return [
    ...words.map((word) =>
      present('contact_words', sql`word >= ${word} and word < ${`${word}\uffff`}`),
    ),
    ...(tags ? [present('contact_tags', isOneOf('tag', tags))] : []),
    ...(withoutTags?.length
      ? [{ ...present('contact_tags', isOneOf('tag', withoutTags)), isAbsent: true }]
      : []),
    ...fields.map(({ name, value }) =>
      present('contact_fields', sql`name = ${name} and value = ${value}`),
    ),
    ...consents.map(({ purpose, state }) =>
      state === 'none'
        ? { ...present('contact_consents', sql`purpose = ${purpose}`), isAbsent: true }
        : present('contact_consents', sql`purpose = ${purpose} and state = ${state}`),
    ),
  ];
}

/** Looked up for each contact, by the index that begins with the contact. */
function ofParts(tx: TenantTx, selection: ContactSelection): Condition[] {
  const part = (table: string, condition: Condition) =>
    sql`exists (select 1 from ${sql.table(table)} as p
      where p.tenant_id = ${tx.tenantId} and p.contact_id = c.id and ${condition})`;
  const { accountIds, active } = selection;
  const wroteSince = (at: number) =>
    part('conversations', sql`p.last_inbound_at >= cast(${at} as bigint)`);
  return [
    ...partConditions(selection).map(({ table, condition, isAbsent }) =>
      isAbsent ? sql`not ${part(table, condition)}` : part(table, condition),
    ),
    ...(accountIds ? [part('contact_identities', isOneOf('account_id', accountIds))] : []),
    ...(active?.from === undefined ? [] : [wroteSince(active.from)]),
    // Last written in the span: not behind its end.
    ...(active?.to === undefined ? [] : [sql`not ${wroteSince(active.to)}`]),
  ];
}

function ofColumns(selection: ContactSelection): Condition[] {
  const { created } = selection;
  return [
    ...ofOneColumn(selection),
    ...(created?.from === undefined ? [] : [sql`c.created_at >= cast(${created.from} as bigint)`]),
    ...(created?.to === undefined ? [] : [sql`c.created_at < cast(${created.to} as bigint)`]),
  ];
}

/** Those with an index of their own. */
function ofOneColumn({
  stages,
  sources,
  phones,
  emails,
  birthdays,
}: ContactSelection): Condition[] {
  return [
    ...(phones ? [isOneOf('c.phone', phones)] : []),
    ...(emails ? [isOneOf('c.email', emails)] : []),
    ...(birthdays ? [isBirthday(birthdays)] : []),
    ...(sources ? [isOneOf('c.source', sources)] : []),
    ...(stages ? [isOneOf('c.stage', stages)] : []),
  ];
}

function isBirthday({ from, to }: { from: string; to: string }): Condition {
  // One day is a part of the index in whose order it is read.
  if (from === to) return sql`c.birth_day = ${from}`;
  return from <= to
    ? sql`(c.birth_day >= ${from} and c.birth_day <= ${to})`
    : sql`(c.birth_day >= ${from} or c.birth_day <= ${to})`;
}

function isOneOf(column: string, values: readonly string[]): Condition {
  // Nobody is one of none.
  return values.length === 0 ? sql`1 = 0` : sql`${sql.ref(column)} in (${sql.join(values)})`;
}

function all(conditions: readonly Condition[]): Condition {
  return sql.join(conditions, sql` and `);
}
