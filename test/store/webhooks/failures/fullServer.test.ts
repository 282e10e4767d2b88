import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { PostgresServer } from '../../../../scripts/lib/postgres.mjs';
import { unprivilegedAccount } from '../../../../scripts/lib/unprivileged.mjs';
import { mountSmallDisk } from '../../../support/smallDisk';
import { describeOnOneDatabase } from '../../../support/storeContext';
import { waitFor } from '../../../support/waitFor';
import { raiseError } from '../../support/serverUnits.cjs';
import { dispatchersOf } from '../support/dispatcherProcess';
import { receiversOf } from '../support/receiver';
import { describeOnOwnServer } from '../support/ownServer';
import { happen, webhooksOf } from '../support/webhooks';

const many = (count: number) => Array.from({ length: count }, () => ({ conversation: 'c1' }));

/** Where a new database fits twice, and a test need not write for long. */
const MEGABYTES = 64;

const disk = mountSmallDisk(MEGABYTES, unprivilegedAccount()?.ids);

/** Its tables are on the small disk; the server's own log of changes is not, as on a server with a disk for each. */
async function makeDatabaseOn(folder: string, server: PostgresServer): Promise<string> {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  try {
    await client.query(`create tablespace small location '${folder}'`);
    await client.query('create database small tablespace small');
  } finally {
    await client.end();
  }
  const url = new URL(server.url);
  url.pathname = '/small';
  return url.toString();
}

if (disk) {
  describeOnOwnServer(
    'webhooks and a full disk of the PostgreSQL server (a tmpfs, mounted by root)',
    (context) => {
      const webhooks = webhooksOf(context);
      const dispatchers = dispatchersOf(context);
      const receivers = receiversOf();

      afterAll(() => disk.remove());

      it('case 36: the disk is full: whoever enqueues is told, the dispatcher waits without a tight loop, keeps what came back, and goes on when there is room', async () => {
        const tenant = context.newTenant();
        const receiver = await receivers.start();
        receiver.on('/hook', receiver.hold);
        await webhooks.subscribe(tenant, receiver, { maxConcurrent: 5 });
        const dispatcher = await dispatchers.start({
          tuning: { leaseMs: 60_000, deadlineMs: 20_000, backoffMs: { first: 250, most: 1_000 } },
        });
        await happen(tenant, ...many(5));
        await waitFor(() => receiver.held() === 5, { what: 'five webhooks to be on their way' });

        disk.fill();
        await expect(happen(tenant, ...many(2_000))).rejects.toMatchObject({
          code: 'store_full',
          retryable: true,
          hint: expect.stringContaining('Free some space'),
        });
        // Bodies that do not shrink need room that is not there.
        receiver.release(200, randomBytes(4_000).toString('hex'));
        await waitFor(() => dispatcher.log.some(({ meta }) => meta['kind'] === 'store_full'), {
          what: 'the dispatcher to notice',
        });
        const before = await dispatcher.cpuMs();
        const from = performance.now();
        await waitFor(() => performance.now() - from > 1_500, { what: 'a while to pass' });
        expect((await dispatcher.cpuMs()) - before).toBeLessThan(750);
        const errors = dispatcher.log.filter(({ level }) => level === 'error');
        expect(errors.length).toBeLessThanOrEqual(2);

        disk.free();
        const deliveries = await webhooks.settled(tenant, 5);
        expect(
          deliveries.every(({ state, attempts }) => state === 'delivered' && attempts === 1),
        ).toBe(true);
        expect(receiver.requests).toHaveLength(5);
        receiver.on('/hook', (_request, response) => response.end());
        await happen(tenant, { conversation: 'c1' });
        await receiver.received(6);
        await webhooks.settled(tenant, 6);
      });
    },
    async (server) => await makeDatabaseOn(disk.path, server),
  );
}

describeOnOneDatabase('postgres', 'what a PostgreSQL server says of its disk', (context) => {
  const refused = async (code: string) => await context.store.run(raiseError, code);

  it('becomes "full" where it is full, whether that can be brought about here or not', async () => {
    if (!disk) process.stdout.write('No disk of a PostgreSQL server was filled: no mount here.\n');
    await expect(refused('53100')).rejects.toMatchObject({
      code: 'store_full',
      retryable: true,
      hint: expect.stringContaining('Free some space'),
    });
  });

  it('is damage only where it says so, and a failure that may pass otherwise', async () => {
    await expect(refused('XX001')).rejects.toMatchObject({
      code: 'store_corrupt',
      retryable: false,
    });
    for (const code of ['58030', 'XX000']) {
      await expect(refused(code)).rejects.toMatchObject({
        code: 'store_unavailable',
        retryable: true,
      });
    }
  });
});
