import { randomInt } from 'node:crypto';
import { describeOnBothDatabases, type StoreContext } from '../../../support/storeContext';
import { waitFor } from '../../../support/waitFor';
import { runSql } from './databaseFaults';
import { dispatchersOf } from './dispatcherProcess';
import { receiversOf, type Receiver } from './receiver';
import { happen, webhooksOf } from './webhooks';

const SUBSCRIPTIONS = 5;
const BATCH = 100;
/** Fewer than the receivers take at a time, so that a new dispatcher goes on while the claims of dead ones last. */
const TUNING = { concurrency: 20, prefetch: 10 };
const MAX_CONCURRENT = 20;
/** No attempt is quicker, so that some are on their way whenever the dispatcher dies. */
const SLOWEST_ANSWER_MS = 40;

/**
 * kill -9 of the dispatcher at random moments of many deliveries: none is lost, each has exactly one success in the log,
 * and what arrives twice has the same `webhook-id`. A kill that met no claim proves nothing and fails the run.
 */
export function describeDispatcherKills(options: { kills: number; deliveries: number }): void {
  const { kills, deliveries } = options;
  const events = deliveries / SUBSCRIPTIONS;

  describeOnBothDatabases(`the dispatcher is killed ${kills} times`, (context) => {
    const webhooks = webhooksOf(context);
    const dispatchers = dispatchersOf(context);
    const receivers = receiversOf();

    it(`during ${deliveries} deliveries: none is lost, each succeeds once, doubles have the same webhook-id`, async () => {
      const tenant = context.newTenant();
      const receiver = await receivers.start();
      const paths = Array.from({ length: SUBSCRIPTIONS }, (_, index) => `/receiver-${index}`);
      for (const path of paths) {
        receiver.on(path, (_request, response) => {
          setTimeout(() => response.end(), randomInt(SLOWEST_ANSWER_MS / 4, SLOWEST_ANSWER_MS));
        });
        await webhooks.subscribe(tenant, receiver, {
          url: receiver.urlOf(path),
          maxConcurrent: MAX_CONCURRENT,
        });
      }
      const ids: string[] = [];
      for (let done = 0; done < events; done += BATCH) {
        const batch = Array.from({ length: BATCH }, () => ({ conversation: 'c1' }));
        ids.push(...(await happen(tenant, ...batch)).map(({ id }) => `msg_${id}`));
      }

      const stranded = await killAtRandom(context, dispatchers, receiver, { kills, deliveries });
      expect(Math.min(...stranded)).toBeGreaterThan(0);

      await dispatchers.start({ tuning: TUNING });
      await waitFor(
        async () => (await count(context, `webhook_deliveries where state = 'pending'`)) === 0,
        { what: 'the last delivery', intervalMs: 200 },
      );
      expect(await count(context, `webhook_deliveries where state = 'delivered'`)).toBe(deliveries);
      expect(await count(context, `webhook_attempts where status = 'success'`)).toBe(deliveries);
      expect(
        await count(
          context,
          `(select distinct delivery_id from webhook_attempts where status = 'success') one`,
        ),
      ).toBe(deliveries);
      // Every claim that a kill left behind was claimed again, and nothing else was.
      const lost = stranded.reduce((sum, one) => sum + one, 0);
      expect(await count(context, `webhook_attempts where status = 'unknown'`)).toBe(lost);
      expect(await count(context, `webhook_attempts where status = 'failed'`)).toBe(0);

      for (const path of paths) {
        const attempts = receiver.attempts(path);
        expect([...attempts.keys()].sort()).toEqual([...ids].sort());
      }
      const doubles = receiver.requests.length - deliveries;
      expect(doubles).toBeLessThanOrEqual(lost);
      process.stdout.write(
        `[${context.kind}] ${kills} kills during ${deliveries} deliveries: ${lost} claims left behind (at least ${Math.min(...stranded)} by each), ${doubles} sent twice\n`,
      );
    });
  });
}

/** @returns how many claims each kill left behind */
async function killAtRandom(
  context: StoreContext,
  dispatchers: ReturnType<typeof dispatchersOf>,
  receiver: Receiver,
  { kills, deliveries }: { kills: number; deliveries: number },
): Promise<number[]> {
  const stranded: number[] = [];
  const step = Math.floor(deliveries / kills / 2);
  for (let kill = 0; kill < kills; kill += 1) {
    const dispatcher = await dispatchers.start({ tuning: TUNING });
    // Counted from its own start: a kill before it has sent anything would prove nothing.
    await receiver.received(receiver.requests.length + randomInt(1, step));
    await new Promise((resolve) => setTimeout(resolve, randomInt(0, 20)));
    await dispatcher.kill();
    stranded.push(
      await count(
        context,
        `webhook_deliveries where claimed_by like 'dispatcher-${dispatcher.child.pid}:%'`,
      ),
    );
  }
  return stranded;
}

async function count(context: StoreContext, from: string): Promise<number> {
  const [row] = await runSql(context.target, `select count(*) as count from ${from}`);
  return Number(row?.['count']);
}
