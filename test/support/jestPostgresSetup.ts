import { startPostgres, type PostgresServer } from '../../scripts/lib/postgres.mjs';

declare global {
  var omnichannelTestPostgres: PostgresServer | undefined;
}

/**
 * Runs once per jest run before the first suite that needs PostgreSQL. `npm test` brings its server
 * in OMNICHANNEL_TEST_DATABASE_URL; a single suite run by hand gets one here.
 */
export default async function startDatabaseForRun(): Promise<void> {
  if (process.env.OMNICHANNEL_TEST_DATABASE_URL) return;
  const server = await startPostgres();
  globalThis.omnichannelTestPostgres = server;
  process.env.OMNICHANNEL_TEST_DATABASE_URL = server.url;
}
