import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';
import type { StoreTarget } from '../../../../core/model';
import { waitFor } from '../../../support/waitFor';

type ServerTarget = Extract<StoreTarget, { kind: 'postgres' }>;

/** Runs statements behind the store's back. Separate them with semicolons. @returns the rows of a single one */
export async function runSql(
  target: StoreTarget,
  text: string,
): Promise<Record<string, unknown>[]> {
  if (target.kind === 'postgres') {
    const client = await connect(target);
    try {
      return (await client.query<Record<string, unknown>>(text)).rows ?? [];
    } finally {
      await client.end();
    }
  }
  const database = new DatabaseSync(target.file, { timeout: 10_000 });
  try {
    if (/^\s*(select|explain)/i.test(text)) return database.prepare(text).all();
    database.exec(text);
    return [];
  } finally {
    database.close();
  }
}

export interface Hold {
  /** Resolves when somebody waits for what is held. */
  untilWaitedFor(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Holds the deliveries of a subscription with a real lock: nobody can write what became of them. The embedded database
 * knows one lock, that of the file.
 */
export async function holdRows(target: StoreTarget, subscriptionId: string): Promise<Hold> {
  return target.kind === 'sqlite'
    ? holdFile(target.file)
    : await holdOnServer(target, subscriptionId);
}

/** Holds the lock of an embedded database: nobody else can write. */
export function holdFile(file: string): Hold {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  database.exec('begin immediate');
  const heldAt = performance.now();
  return {
    // SQLite tells nobody who waits; the answer of a receiver on the same machine is back long before.
    untilWaitedFor: async () =>
      void (await waitFor(() => performance.now() - heldAt > 500, {
        what: 'the dispatcher to want to write',
      })),
    release: async () => {
      database.exec('rollback');
      database.close();
    },
  };
}

async function holdOnServer(target: ServerTarget, subscriptionId: string): Promise<Hold> {
  const client = await connect(target);
  await client.query('begin');
  await client.query('select id from webhook_deliveries where subscription_id = $1 for update', [
    subscriptionId,
  ]);
  return {
    untilWaitedFor: async () => {
      await waitFor(
        async () => {
          const { rows } = await client.query(
            `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
          );
          return rows.length > 0;
        },
        { what: 'the dispatcher to wait for the lock' },
      );
    },
    release: async () => {
      await client.query('rollback');
      await client.end();
    },
  };
}

async function connect(target: ServerTarget): Promise<Client> {
  const client = new Client(target.connection);
  await client.connect();
  await client.query(`set search_path to ${target.schema}`);
  return client;
}
