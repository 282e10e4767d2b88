import { startConsumer, type Consumer, type ConsumerOptions } from '../../../../core/events';
import type { Store, TenantStore } from '../../../../core/store/store';
import type { StoreContext } from '../../../support/storeContext';
import { waitFor } from '../../../support/waitFor';
import { appendEvents, readDeliveries, type DescribedEvent } from './eventUnits.cjs';
import { TestHost } from './host';

export interface TestConsumer extends Consumer {
  host: TestHost;
  id: string;
}

export type TestConsumerOptions = Partial<ConsumerOptions> & {
  store?: Store;
  host?: TestHost;
  /** Takes what is there when it starts and then, without heartbeat, does nothing more: as a killed process leaves it. */
  diesAfterFirstClaim?: boolean;
};

const NEVER_MS = 3_600_000;

/** Starts consumers for the tests of a suite and stops those that a test left running. */
export function consumersOf(context: StoreContext) {
  const started: TestConsumer[] = [];
  let processes = 0;

  afterEach(async () => {
    for (const { host } of started) host.open.forEach((run) => run.end());
    await Promise.all(started.splice(0).map((consumer) => consumer.stop()));
  });

  return {
    async start(tenant: TenantStore, options: TestConsumerOptions = {}): Promise<TestConsumer> {
      processes += 1;
      const { host = new TestHost(), tuning, diesAfterFirstClaim, ...rest } = options;
      let { store = context.store } = options;
      const dead = { renewMs: NEVER_MS, pollMs: NEVER_MS, stopGraceMs: 1 };
      if (diesAfterFirstClaim) {
        host.holdAll();
        store = { ...store, onSignal: () => () => undefined };
      }
      const id = rest.consumerId ?? 'workflow-1:node-1';
      const { clock, logger } = context;
      const consumer = await startConsumer(
        { store, clock, logger, processId: `process-${processes}` },
        {
          consumerId: id,
          tenantId: tenant.tenantId,
          name: 'Welcome: Trigger',
          filter: {},
          batchSize: 1,
          catchUpMs: 24 * 3_600_000,
          emit: host.emit,
          // No test waits for the production times, and none depends on a poll unless it says so.
          tuning: {
            pollMs: 200,
            retryDelaysMs: [10, 10],
            ...(diesAfterFirstClaim && dead),
            ...tuning,
          },
          ...rest,
        },
      );
      const known = { id, host, stop: () => consumer.stop() };
      started.push(known);
      return known;
    },
  };
}

/** Appends messages, all in one transaction. */
export async function append(tenant: TenantStore, ...described: DescribedEvent[]) {
  return await tenant.run(appendEvents, described);
}

/** Waits until so many runs were started. */
export async function runsStarted(host: TestHost, count: number): Promise<void> {
  await waitFor(() => host.runs.length >= count, {
    what: `${count} runs to start (so far ${host.runs.length})`,
  });
}

/** Waits until the consumer's deliveries have these states, in the order of the log. */
export async function deliveriesBecome(
  tenant: TenantStore,
  consumerId: string,
  states: string[],
): Promise<void> {
  await waitFor(
    async () => {
      const found = (await tenant.run(readDeliveries, consumerId)).map((row) => row.state);
      if (found.join() === states.join()) return true;
      throw new Error(`deliveries are ${found.join() || 'none'}`);
    },
    { what: `deliveries to be ${states.join()}` },
  );
}
