import { sql } from '../sql';
import { instanceUnit } from '../unit';

/* Which hours have to be counted anew, over all tenants. */

const HOUR_MS = 3_600_000;

/**
 * Who has anything to count: an account, or something that was counted or marked without one (contacts that are imported).
 * Of the marks, which may be many, one is looked up for each tenant.
 */
export const listCountedTenants = instanceUnit(
  __filename,
  'listCountedTenants',
  async (tx): Promise<string[]> => {
    const { rows } = await sql<{ id: string }>`with recursive marked(id) as (
        select min(tenant_id) from late_hours
        union all
        select (select min(l.tenant_id) from late_hours l where l.tenant_id > marked.id)
          from marked where marked.id is not null
      )
      select tenant_id as id from accounts
      union select tenant_id from rolled_figures
      union select id from marked where id is not null`.execute(tx.db);
    return rows.map((row) => row.id).sort();
  },
  { durability: 'normal' },
);

export interface TenantHour {
  tenant_id: string;
  hour: number;
}

/**
 * Hours before one that messages stored since an id change: those in which they happened, and, of what answers a customer,
 * that in which the customer's turn began.
 */
export const findLateHours = instanceUnit(
  __filename,
  'findLateHours',
  async (tx, args: { sinceId: string; beforeHour: number }): Promise<TenantHour[]> => {
    const same = sql`x.tenant_id = m.tenant_id and x.conversation_id = m.conversation_id`;
    const lastOfOurs = sql`coalesce((select o.occurred_at from messages o
      where o.tenant_id = m.tenant_id and o.conversation_id = m.conversation_id
        and o.direction = 'outbound' and o.occurred_at < m.occurred_at
      order by o.occurred_at desc limit 1), -1)`;
    const { rows } =
      await sql<TenantHour>`select distinct h.tenant_id, h.at / ${sql.lit(HOUR_MS)} as hour
      from (
        select m.tenant_id, m.occurred_at as at from messages m where m.id > ${args.sinceId}
        union all
        select m.tenant_id, (select x.occurred_at from messages x where ${same}
            and x.direction = 'inbound' and x.occurred_at < m.occurred_at
            and x.occurred_at > ${lastOfOurs} order by x.occurred_at limit 1) as at
          from messages m where m.id > ${args.sinceId} and m.direction = 'outbound'
      ) h where h.at < ${sql.lit(args.beforeHour * HOUR_MS)}`.execute(tx.db);
    return rows;
  },
  { durability: 'normal' },
);

const NAME = 'statistics_seen';

/** Up to when messages have been looked at, epoch ms; 0: never. */
export const readSeen = instanceUnit(
  __filename,
  'readSeen',
  async (tx): Promise<number> => {
    const row = await tx.db
      .selectFrom('store_meta')
      .select('value')
      .where('key', '=', NAME)
      .executeTakeFirst();
    return Number(row?.value ?? 0);
  },
  { durability: 'normal' },
);

export const saveSeen = instanceUnit(
  __filename,
  'saveSeen',
  async (tx, { at }: { at: number }): Promise<void> => {
    const value = String(at);
    await tx.db
      .insertInto('store_meta')
      .values({ key: NAME, value })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
      .execute();
  },
  { durability: 'normal' },
);
