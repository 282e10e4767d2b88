import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { sendNow } from '../../../../core/webhooks';
import { describeOnBothDatabases, describeOnOneDatabase } from '../../../support/storeContext';
import { waitFor } from '../../../support/waitFor';
import { holdFile, runSql } from '../support/databaseFaults';
import { dispatchersOf } from '../support/dispatcherProcess';
import { receiversOf } from '../support/receiver';
import { describeOnOwnServer } from '../support/ownServer';
import { happen, webhooksOf } from '../support/webhooks';

const many = (count: number) => Array.from({ length: count }, () => ({ conversation: 'c1' }));

describeOnOwnServer('webhooks and a PostgreSQL server that restarts', (context, server) => {
  const webhooks = webhooksOf(context);
  const dispatchers = dispatchersOf(context);
  const receivers = receiversOf();

  it('case 4: the server is cut off while webhooks are on their way: what came back is written down once it is there again, nothing is sent twice', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    receiver.on('/hook', receiver.hold);
    await webhooks.subscribe(tenant, receiver, { maxConcurrent: 10 });
    const dispatcher = await dispatchers.start({
      tuning: { leaseMs: 60_000, deadlineMs: 20_000, backoffMs: { first: 50, most: 400 } },
    });
    await happen(tenant, ...many(10));
    await waitFor(() => receiver.held() === 10, { what: 'ten webhooks to be on their way' });
    await server().stop('kill');
    receiver.release();
    receiver.on('/hook', (_request, response) => response.end());
    await waitFor(() => dispatcher.log.some(({ level }) => level === 'error'), {
      what: 'the dispatcher to notice',
    });
    await server().start();
    const deliveries = await webhooks.settled(tenant, 10);
    expect(deliveries.every(({ state, attempts }) => state === 'delivered' && attempts === 1)).toBe(
      true,
    );
    expect((await webhooks.log(tenant)).map(({ status }) => status)).toEqual(
      Array.from({ length: 10 }, () => 'success'),
    );
    expect(receiver.requests).toHaveLength(10);
    await happen(tenant, { conversation: 'c1' });
    await receiver.received(11);
    expect(dispatcher.isRunning()).toBe(true);
  });

  it('case 5: the server is down when something is enqueued: the caller is told, and can do it again', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    const { id } = await webhooks.subscribe(tenant, receiver);
    const send = () =>
      sendNow(webhooks.ctx, {
        tenantId: tenant.tenantId,
        subscriptionId: id,
        event: 'deal.moved',
        data: { id: 1 },
        idempotencyKey: 'deal 1',
      });
    await server().stop('fast');
    const unavailable = { code: 'store_unavailable', retryable: true };
    await expect(send()).rejects.toMatchObject(unavailable);
    await expect(happen(tenant, { conversation: 'c1' })).rejects.toMatchObject(unavailable);
    expect(receiver.requests).toHaveLength(0);
    await server().start();
    await expect(send()).resolves.toMatchObject({ status: 'success' });
    await happen(tenant, { conversation: 'c1' });
    await dispatchers.start();
    await receiver.received(2);
    await webhooks.settled(tenant, 2);
    expect(receiver.requests).toHaveLength(2);
  });
});

describeOnOneDatabase('sqlite', 'webhooks and their file', (context) => {
  const webhooks = webhooksOf(context);
  const dispatchers = dispatchersOf(context);
  const receivers = receiversOf();
  const onFile = (title: string, test: (file: string) => Promise<void>) => {
    it(title, async () => {
      if (context.target.kind !== 'sqlite') throw new Error('A file was expected.');
      await test(context.target.file);
    });
  };

  onFile(
    'case 4: the file stays locked while webhooks are on their way: what came back is written down once it is free, nothing is sent twice',
    async (file) => {
      const tenant = context.newTenant();
      const receiver = await receivers.start();
      receiver.on('/hook', receiver.hold);
      await webhooks.subscribe(tenant, receiver, { maxConcurrent: 10 });
      const dispatcher = await dispatchers.start({
        sqlite: { busyTimeoutMs: 100 },
        tuning: { leaseMs: 60_000, deadlineMs: 20_000, backoffMs: { first: 50, most: 400 } },
      });
      await happen(tenant, ...many(10));
      await waitFor(() => receiver.held() === 10, { what: 'ten webhooks to be on their way' });
      const lock = holdFile(file);
      receiver.release();
      await waitFor(() => dispatcher.log.some(({ meta }) => meta['kind'] === 'store_locked'), {
        what: 'the dispatcher to notice',
      });
      await lock.release();
      const deliveries = await webhooks.settled(tenant, 10);
      expect(
        deliveries.every(({ state, attempts }) => state === 'delivered' && attempts === 1),
      ).toBe(true);
      expect(receiver.requests).toHaveLength(10);
    },
  );

  onFile(
    'case 5: the file is locked when something is enqueued: the caller is told, and can do it again',
    async (file) => {
      const impatient = await context.openAnother({ sqlite: { busyTimeoutMs: 100 } });
      const tenant = impatient.forTenant('tenant-case-5');
      const lock = holdFile(file);
      await expect(happen(tenant, { conversation: 'c1' })).rejects.toMatchObject({
        code: 'store_locked',
        retryable: true,
      });
      await lock.release();
      await expect(happen(tenant, { conversation: 'c1' })).resolves.toHaveLength(1);
    },
  );

  onFile(
    'case 34: a second process on the file is refused with the process and host of the holder; the lock ends with the death of the holder, in the middle of its work, and the next one finishes it',
    async (file) => {
      const tenant = context.newTenant();
      const receiver = await receivers.start();
      receiver.on('/hook', receiver.hold);
      await webhooks.subscribe(tenant, receiver, { maxConcurrent: 20 });
      const first = await dispatchers.start({ alone: true });
      await happen(tenant, ...many(200));
      await waitFor(() => receiver.held() === 20, { what: 'webhooks to be on their way' });

      const second = dispatchers.launch({ alone: true });
      expect((await second.ended).code).toBe(1);
      expect(second.failure()).toMatchObject({
        code: 'store_locked',
        message: expect.stringContaining(
          `${file} is in use by process ${first.child.pid} on the host "${hostname()}", since `,
        ),
        hint: expect.stringContaining('OMNICHANNEL_DATABASE_URL=postgres://'),
      });
      expect(first.isRunning()).toBe(true);

      await first.kill();
      receiver.on('/hook', (_request, response) => response.end());
      await dispatchers.start({ alone: true });
      const deliveries = await webhooks.settled(tenant, 200);
      expect(deliveries.every(({ state }) => state === 'delivered')).toBe(true);
      const successes = (await webhooks.log(tenant)).filter(({ status }) => status === 'success');
      expect(new Set(successes.map(({ deliveryId }) => deliveryId)).size).toBe(200);
      expect(successes).toHaveLength(200);
      expect(receiver.attempts().size).toBe(200);
      expect(
        await runSql({ kind: 'sqlite', file }, 'select * from pragma_integrity_check'),
      ).toEqual([{ integrity_check: 'ok' }]);
    },
  );

  onFile(
    'case 35: a file that is no database: the dispatcher does not start, says what to do, and leaves every byte as it is',
    async () => {
      const target = await context.newDatabase();
      if (target.kind !== 'sqlite') throw new Error('A file was expected.');
      writeFileSync(target.file, 'Somebody saved these notes under the wrong name.'.repeat(100));
      const sum = () => createHash('sha256').update(readFileSync(target.file)).digest('hex');
      const before = sum();
      const dispatcher = dispatchers.launch({ target });
      expect((await dispatcher.ended).code).toBe(1);
      expect(dispatcher.failure()).toMatchObject({
        code: 'store_corrupt',
        retryable: false,
        message: expect.stringContaining(target.file),
        hint: expect.stringContaining('backup'),
      });
      expect(sum()).toBe(before);
    },
  );

  onFile(
    'case 36: the disk is full: whoever enqueues is told, the dispatcher waits without a tight loop, keeps what came back, and goes on when there is room',
    async (file) => {
      const target = { kind: 'sqlite', file } as const;
      const tenant = context.newTenant();
      const receiver = await receivers.start();
      receiver.on('/hook', receiver.hold);
      await webhooks.subscribe(tenant, receiver, { maxConcurrent: 5 });
      const [pages] = await runSql(target, 'select page_count from pragma_page_count');
      const sqlite = { maxPageCount: Number(pages?.['page_count']) + 200 };
      const dispatcher = await dispatchers.start({
        sqlite,
        tuning: { leaseMs: 60_000, deadlineMs: 20_000, backoffMs: { first: 250, most: 1_000 } },
      });
      await happen(tenant, ...many(5));
      await waitFor(() => receiver.held() === 5, { what: 'five webhooks to be on their way' });
      // Something else on the disk takes all that was left, and a little more.
      await runSql(
        target,
        `create table ballast (bytes blob);
         insert into ballast select zeroblob(4096 * 250)`,
      );
      const small = (await context.openAnother({ sqlite })).forTenant(tenant.tenantId);
      await expect(happen(small, ...many(50))).rejects.toMatchObject({
        code: 'store_full',
        retryable: true,
        hint: expect.stringContaining('Free some space'),
      });
      // Bodies of answers need room that is not there.
      receiver.release(200, 'x'.repeat(8_000));
      await waitFor(() => dispatcher.log.some(({ meta }) => meta['kind'] === 'store_full'), {
        what: 'the dispatcher to notice',
      });
      const usage = () => dispatcher.cpuMs();
      const before = await usage();
      const from = performance.now();
      await waitFor(() => performance.now() - from > 1_500, { what: 'a while to pass' });
      expect((await usage()) - before).toBeLessThan(750);
      expect(dispatcher.log.filter(({ level }) => level === 'error').length).toBeLessThanOrEqual(2);

      await runSql(target, 'drop table ballast');
      const deliveries = await webhooks.settled(tenant, 5);
      expect(
        deliveries.every(({ state, attempts }) => state === 'delivered' && attempts === 1),
      ).toBe(true);
      expect(receiver.requests).toHaveLength(5);
    },
  );
});

describeOnBothDatabases('webhooks and a database of a newer version', (context) => {
  const dispatchers = dispatchersOf(context);

  it('case 35: a database of a newer version: the dispatcher does not start, says what to do, and changes nothing', async () => {
    await runSql(
      context.target,
      `insert into store_migrations (name, applied_at) values ('9999_from_the_future', 1)`,
    );
    const before = await runSql(context.target, 'select * from store_migrations order by name');
    try {
      const dispatcher = dispatchers.launch();
      expect((await dispatcher.ended).code).toBe(1);
      expect(dispatcher.failure()).toMatchObject({
        code: 'store_version',
        retryable: false,
        message: expect.stringContaining('newer version'),
        hint: expect.stringContaining('Update n8n-nodes-omnichannel'),
      });
      expect(await runSql(context.target, 'select * from store_migrations order by name')).toEqual(
        before,
      );
    } finally {
      await runSql(
        context.target,
        `delete from store_migrations where name = '9999_from_the_future'`,
      );
    }
  });
});
