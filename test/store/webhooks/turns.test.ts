import { DEFAULT_WEBHOOK_TUNING } from '../../../core/webhooks';
import { takeTurn, type TurnArgs } from '../../../core/webhooks/turn.unit';
import {
  describeOnBothDatabases,
  describeOnOneDatabase,
  type StoreContext,
} from '../../support/storeContext';
import { waitFor } from '../../support/waitFor';
import { runSql } from './support/databaseFaults';
import { patchSubscription, readDeliveryRows } from './support/webhookUnits.cjs';
import { happen, received, webhooksOf } from './support/webhooks';

const HOUR_MS = 3_600_000;
const OWNER = 'the test';

/** One turn of a dispatcher that has nothing to settle. */
function turn(context: StoreContext, args: Partial<TurnArgs> = {}) {
  return context.store.run(takeTurn, {
    owner: OWNER,
    outcomes: [],
    limit: 50,
    leaseMs: 60_000,
    maxLostClaims: 10,
    tuning: DEFAULT_WEBHOOK_TUNING,
    log: { gapMs: 1_000 },
    held: null,
    ...args,
  });
}

const many = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ conversation: `c${index}` }));

describeOnBothDatabases('a turn of the dispatcher', (context) => {
  const webhooks = webhooksOf(context);
  const nowhere = { url: 'https://nowhere.example' };

  afterEach(async () => {
    // The log is one for all tenants: what a test has left in it is not the next one's.
    while ((await turn(context, { limit: 0 })).logHasMore);
  });

  it('claims deliveries as it makes them, and leaves in the log what finds no place', async () => {
    const tenant = context.newTenant();
    await webhooks.subscribe(tenant, nowhere, { maxConcurrent: 10 });
    const events = await happen(tenant, ...many(5));
    const first = await turn(context, { limit: 2 });
    expect(
      first.jobs.map(({ eventId, claimSeq, attempt }) => [eventId, claimSeq, attempt]),
    ).toEqual([
      [events[0].id, 1, 1],
      [events[1].id, 1, 1],
    ]);
    expect(first.jobs.map(({ body }) => JSON.parse(body.toString()).event)).toEqual(
      Array.from({ length: 2 }, () => 'message.received'),
    );
    expect(first.logHasMore).toBe(true);
    const rows = await tenant.run(readDeliveryRows, null);
    expect(rows.map((row) => [row.state, row.claimed_by, row.claim_seq, row.attempts])).toEqual([
      ['pending', OWNER, 1, 0],
      ['pending', OWNER, 1, 0],
    ]);

    const second = await turn(context);
    expect(second.jobs.map(({ eventId }) => eventId)).toEqual(events.slice(2).map(({ id }) => id));
    expect(second.logHasMore).toBe(false);
  });

  it('keeps to the concurrency of an address: the rest of its deliveries wait in the queue', async () => {
    const tenant = context.newTenant();
    await webhooks.subscribe(tenant, nowhere, { maxConcurrent: 1 });
    const [oldest] = await happen(tenant, ...many(3));
    const { jobs, logHasMore } = await turn(context);
    expect(jobs.map(({ eventId }) => eventId)).toEqual([oldest.id]);
    expect(logHasMore).toBe(false);
    const rows = await tenant.run(readDeliveryRows, null);
    expect(rows.map((row) => row.claimed_by)).toEqual([OWNER, null, null]);
    expect((await turn(context)).jobs).toEqual([]);
  });

  it('lets nothing new overtake what is due', async () => {
    const tenant = context.newTenant();
    await webhooks.subscribe(tenant, nowhere, { maxConcurrent: 2 });
    const waiting = await happen(tenant, ...many(2));
    expect((await turn(context, { limit: 0 })).jobs).toEqual([]);
    const [newer] = await happen(tenant, { conversation: 'c9' });
    const { jobs } = await turn(context);
    expect(jobs.map(({ eventId }) => eventId).sort()).toEqual(waiting.map(({ id }) => id).sort());
    const rows = await tenant.run(readDeliveryRows, null);
    expect(rows.find((row) => row.event_id === newer.id)).toMatchObject({
      state: 'pending',
      claimed_by: null,
    });
  });

  it('claims nothing for an address whose circuit is open or that asked for a pause', async () => {
    const tenant = context.newTenant();
    const { id } = await webhooks.subscribe(tenant, nowhere);
    await tenant.run(patchSubscription, { id, blocked_until: Date.now() + HOUR_MS });
    await happen(tenant, ...many(2));
    expect((await turn(context)).jobs).toEqual([]);
    await tenant.run(patchSubscription, { id, blocked_until: 0, circuit_opens: 1 });
    await happen(tenant, ...many(2));
    const { jobs } = await turn(context);
    // The one probe of a half-open circuit.
    expect(jobs).toHaveLength(1);
    expect(jobs[0]).toMatchObject({ probe: true });
  });

  it('goes on with the queue when the log cannot be read, and with the log when it can', async () => {
    const tenant = context.newTenant();
    const server = await webhooks.receiver();
    await webhooks.subscribe(tenant, server);
    const [queued] = await happen(tenant, { conversation: 'c1' });
    await turn(context, { limit: 0 });
    const [broken] = await happen(tenant, { conversation: 'c2' });
    const [row] = await runSql(
      context.target,
      `select payload from events where id = '${broken.id}'`,
    );
    const write = (payload: unknown) =>
      runSql(
        context.target,
        `update events set payload = '${String(payload)}' where id = '${broken.id}'`,
      );
    await write('{');
    webhooks.expectError(expect.stringMatching(/^Reading the log for webhooks failed/));
    webhooks.start({ backoffMs: { first: 50, most: 100 } });
    await received(server, 1);
    expect(server.requests[0]?.headers['webhook-id']).toBe(`msg_${queued.id}`);
    await waitFor(() => context.logger.entries.some(({ level }) => level === 'error'), {
      what: 'the fault of the log to be told',
    });
    await write(row?.['payload']);
    await received(server, 2);
    expect(server.requests[1]?.headers['webhook-id']).toBe(`msg_${broken.id}`);
  });
});

describeOnOneDatabase('postgres', 'a turn of the dispatcher', (context) => {
  const webhooks = webhooksOf(context);

  it('walks over no table, however many deliveries there have been', async () => {
    const tenant = context.newTenant();
    const { id } = await webhooks.subscribe(
      tenant,
      { url: 'https://nowhere.example' },
      { maxConcurrent: 50 },
    );
    // As many as make a walk look cheap to a planner that knows nothing of the table yet.
    await runSql(
      context.target,
      `insert into webhook_deliveries
        (id, tenant_id, subscription_id, event_id, event_type, state, trigger_kind, next_at, created_at, settled_at)
       select 'old-' || n, '${tenant.tenantId}', '${id}', 'old-' || n, 'deal.moved', 'delivered', 'auto', 1, 1, 1
       from generate_series(1, 3000) n`,
    );
    await happen(tenant, ...many(30));
    const { jobs } = await turn(context, { limit: 20 });
    await turn(context, {
      outcomes: jobs.map(({ body: _body, ...job }) => ({
        job,
        ok: true,
        httpStatus: 200,
        responseBody: 'ok',
        truncated: false,
        errorCode: null,
        error: null,
        permanent: false,
        retryAfterMs: null,
        throttles: false,
        disables: null,
        blameless: false,
        url: 'https://nowhere.example/hook',
        durationMs: 1,
        attemptedAt: Date.now(),
        retrySchedule: [],
      })),
    });
    const rows = await tenant.run(readDeliveryRows, null);
    expect(rows.filter(({ event_id }) => !event_id.startsWith('old-'))).toHaveLength(30);
    const figures = await waitFor(
      async () => {
        // A connection tells its figures at the end of a transaction, once a second.
        await turn(context, { limit: 0, log: null });
        const [row] = await runSql(
          context.target,
          `select sum(n_tup_upd) as updated, sum(seq_tup_read) as walked from pg_stat_user_tables
           where relname in ('webhook_deliveries', 'webhook_messages', 'webhook_attempts')`,
        );
        return Number(row?.['updated']) >= 20 && row;
      },
      { what: 'the figures of the turns' },
    );
    expect(Number(figures['walked'])).toBe(0);
  });
});
