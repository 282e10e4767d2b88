import type { Kysely } from 'kysely';

/** One numbered step of the schema. Never edited once released; within a minor version it only adds. */
export interface Migration {
  /** `0001_what_it_brings`: the order is the order of the names. */
  name: string;
  /** Runs inside the migrating transaction; the same text for both databases wherever that is possible. */
  up(db: Kysely<unknown>, dialect: 'sqlite' | 'postgres'): Promise<void>;
}
