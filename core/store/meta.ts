import type { Kysely } from 'kysely';
import type { Database } from './tables';

const KEY_CHECK = 'key_check';

/**
 * Stores the check value of the encryption key where the database has none yet.
 * @returns the stored one: another one than `keyCheck` means that the secrets were sealed with another key
 */
export async function rememberKeyCheck(db: Kysely<Database>, keyCheck: string): Promise<string> {
  await db
    .insertInto('store_meta')
    .values({ key: KEY_CHECK, value: keyCheck })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
  const row = await db
    .selectFrom('store_meta')
    .select('value')
    .where('key', '=', KEY_CHECK)
    .executeTakeFirstOrThrow();
  return row.value;
}
