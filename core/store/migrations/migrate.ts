import { sql, type Kysely } from 'kysely';
import { StoreError } from '../../model';
import type { Database } from '../tables';
import { migrations as ownMigrations, SCHEMA_VERSION } from './index';
import type { Migration } from './migration';

const TABLE = 'store_migrations';

/**
 * Brings the schema up to date. The caller holds the one transaction in which it happens and the lock that keeps
 * other processes out (PostgreSQL: an advisory lock; SQLite: the write lock), which is why Kysely's Migrator, that
 * begins transactions of its own, is not used.
 * @returns the name of the newest migration
 * @throws StoreError `store_version` when the database was made by a newer version of the package: nothing is changed
 */
export async function migrate(
  db: Kysely<Database>,
  dialect: 'sqlite' | 'postgres',
  migrations: readonly Migration[] = ownMigrations,
): Promise<string> {
  await sql`create table if not exists ${sql.table(TABLE)} (name text primary key, applied_at bigint not null)`.execute(
    db,
  );
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(TABLE)}`.execute(db);
  const applied = new Set(rows.map((row) => row.name));
  refuseNewerDatabase(applied, migrations);
  for (const migration of migrations) {
    if (applied.has(migration.name)) continue;
    await migration.up(db as unknown as Kysely<unknown>, dialect);
    await sql`insert into ${sql.table(TABLE)} (name, applied_at) values (${migration.name}, ${Date.now()})`.execute(
      db,
    );
  }
  return migrations.at(-1)?.name ?? SCHEMA_VERSION;
}

function refuseNewerDatabase(applied: Set<string>, migrations: readonly Migration[]): void {
  const known = new Set(migrations.map((migration) => migration.name));
  const unknown = [...applied].filter((name) => !known.has(name)).sort();
  if (unknown.length === 0) return;
  throw new StoreError(
    'store_version',
    `The database was made by a newer version of this package (it has "${unknown.at(-1)}", this version ends at "${migrations.at(-1)?.name}").`,
    false,
    {
      hint: 'Update n8n-nodes-omnichannel on every n8n process that uses this database, or restore the backup from before the update.',
      details: { unknown },
    },
  );
}
