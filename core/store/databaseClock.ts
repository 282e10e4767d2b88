import type { RawBuilder } from 'kysely';
import { sql } from './sql';
import type { Tx } from './unit';

/** PostgreSQL's clock as an expression, epoch ms; it moves on inside a transaction. */
export const SERVER_CLOCK = 'floor(extract(epoch from clock_timestamp()) * 1000)::bigint';

/** The same in a statement. */
export const serverClock = (): RawBuilder<number> => sql.raw<number>(SERVER_CLOCK);

/** `tx.databaseNow()` inside a statement: PostgreSQL is not asked for it first. */
export async function clockOf(
  tx: Pick<Tx, 'dialect' | 'databaseNow'>,
): Promise<RawBuilder<number>> {
  return tx.dialect === 'postgres' ? serverClock() : sql<number>`${await tx.databaseNow()}`;
}
