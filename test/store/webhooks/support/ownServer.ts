import type { PostgresServer } from '../../../../scripts/lib/postgres.mjs';
import type { StoreTarget } from '../../../../core/model';
import { openStore } from '../../../../core/store/openStore';
import type { Store } from '../../../../core/store/store';
import { startOwnPostgresServer } from '../../../support/postgres';
import type { StoreContext } from '../../../support/storeContext';
import { createTestClock } from '../../../support/testClock';
import { createTestLogger } from '../../../support/testLogger';

/**
 * Defines a suite on a PostgreSQL server of its own, for tests that stop, kill and start it.
 * @param makeDatabase makes the database of the suite there and gives its URL; default the server's first one
 */
export function describeOnOwnServer(
  title: string,
  define: (context: StoreContext, server: () => PostgresServer) => void,
  makeDatabase: (server: PostgresServer) => Promise<string> = async (server) => server.url,
): void {
  describe(`[postgres only] ${title}`, () => {
    const clock = createTestClock();
    const logger = createTestLogger();
    const secret = 'the encryption key of the tests';
    let server: PostgresServer;
    let url = '';
    let store: Store;
    let tenants = 0;

    const targetOf = (): StoreTarget => ({
      kind: 'postgres',
      connection: { connectionString: url },
      schema: 'omnichannel',
      source: 'the test',
    });
    const refuse = () => Promise.reject(new Error('This suite has one store.'));

    beforeAll(async () => {
      server = await startOwnPostgresServer();
      url = await makeDatabase(server);
      store = await openStore({
        target: targetOf(),
        encryptionSecret: secret,
        executionsMode: 'regular',
        clock,
        logger,
      });
    });

    afterAll(async () => {
      await store?.close();
      await server?.dispose();
    });

    define(
      {
        kind: 'postgres',
        clock,
        logger,
        secret,
        get store() {
          return store;
        },
        get target() {
          return targetOf();
        },
        newTenant: () => store.forTenant(`tenant-${(tenants += 1)}`),
        openAnother: refuse,
        newDatabase: refuse,
      },
      () => server,
    );
  });
}
