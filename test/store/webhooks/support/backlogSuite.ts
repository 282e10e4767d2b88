import { describeOnBothDatabases, type DatabaseKind } from '../../../support/storeContext';
import { waitFor } from '../../../support/waitFor';
import { runSql } from './databaseFaults';
import { dispatchersOf } from './dispatcherProcess';
import { receiversOf } from './receiver';
import { happen, webhooksOf } from './webhooks';

const LIVE = 20;
const SAMPLES = 200;

/**
 * A long queue of one receiver that takes connections and never answers, and what it does to the others.
 * @param options.check p95 of the delay from the event to its arrival, in milliseconds: without the queue and beside it
 */
export function describeBacklog(options: {
  title: string;
  waiting: number;
  check(alone: number, beside: number): void;
}): void {
  const { title, waiting, check } = options;

  describeOnBothDatabases(`${waiting} deliveries for one dead receiver`, (context) => {
    const webhooks = webhooksOf(context);
    const dispatchers = dispatchersOf(context);
    const receivers = receiversOf();

    it(
      title,
      async () => {
        const tenant = context.newTenant();
        const [live, dead] = [await receivers.start(), await receivers.start()];
        dead.on('/hook', dead.hold);
        const arrivals = new Map<string, number>();
        live.on('/hook', ({ headers }, response) => {
          arrivals.set(String(headers['webhook-id']), performance.now());
          response.end();
        });
        for (let index = 0; index < LIVE; index += 1) {
          await webhooks.subscribe(tenant, live, { accounts: [`account-${index}`] });
        }
        const { id } = await webhooks.subscribe(tenant, dead, { accounts: ['account-dead'] });
        // The circuit never opens: the dead receiver goes on taking its places, each for a whole deadline.
        const never = { failures: 1_000_000, openMs: 1, maxOpenMs: 1 };
        await dispatchers.start({ tuning: { circuit: never } });

        const measure = async (): Promise<number> => {
          const sent: { id: string; from: number }[] = [];
          for (let sample = 0; sample < SAMPLES; sample += 1) {
            const from = performance.now();
            const account = `account-${sample % LIVE}`;
            const [item] = await happen(tenant, { conversation: 'c1', account });
            sent.push({ id: `msg_${item?.id}`, from });
          }
          await waitFor(() => sent.every((one) => arrivals.has(one.id)), {
            what: 'the webhooks of the others to arrive',
          });
          return p95(sent.map((one) => (arrivals.get(one.id) ?? Infinity) - one.from));
        };

        await measure();
        const alone = await measure();
        await runSql(context.target, queueOf(context.kind, tenant.tenantId, id, waiting));
        await dead.received(5);
        const beside = await measure();
        process.stdout.write(
          `[${context.kind}] p95 of the others: ${Math.round(alone)} ms alone, ${Math.round(beside)} ms beside ${waiting} for a dead receiver\n`,
        );
        expect(dead.held()).toBeGreaterThan(0);
        check(alone, beside);
      },
      240_000,
    );
  });
}

function p95(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Infinity;
}

/** Statements that queue deliveries as the fan-out would, and quicker. */
function queueOf(
  kind: DatabaseKind,
  tenantId: string,
  subscriptionId: string,
  count: number,
): string {
  const postgres = kind === 'postgres';
  const numbers = postgres
    ? `generate_series(1, ${count}) as numbers(n)`
    : `(with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${count})
        select n from numbers) numbers`;
  const id = postgres ? `lpad(cast(n as text), 26, '0')` : `printf('%026d', n)`;
  const now = Date.now() - 60_000;
  return `
    insert into webhook_messages (tenant_id, event_id, body, created_at)
      select '${tenantId}', 'waiting-' || n, '{"event":"deal.moved"}', ${now} from ${numbers};
    insert into webhook_deliveries
      (id, tenant_id, subscription_id, event_id, event_type, state, trigger_kind, next_at, created_at)
      select ${id}, '${tenantId}', '${subscriptionId}', 'waiting-' || n, 'deal.moved', 'pending', 'auto', ${now}, ${now}
      from ${numbers};
    ${postgres ? 'analyze webhook_deliveries' : ''}`;
}
