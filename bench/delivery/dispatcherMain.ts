/*
 * The runtime with only the dispatcher, as a process of its own, with the times and sizes of production. It appends
 * too, because the embedded store has one process.
 */
import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import type { StoreTarget } from '../../core/model/index.ts';
import type { Dispatcher } from '../../core/webhooks/index.ts';
import { openStore } from '../lib/core.ts';
import { accountOf, ACCOUNTS, dataOf } from './payload.ts';
import { readSetup, serve } from './worker.ts';

const require = createRequire(import.meta.url);
const { createHttpClient } = require('../../dist/core/http/index.js') as Pick<
  typeof import('../../core/http/index.ts'),
  'createHttpClient'
>;
const webhooks = require('../../dist/core/webhooks/index.js') as Pick<
  typeof import('../../core/webhooks/index.ts'),
  'createDispatcher' | 'createSubscription'
>;
const units = require('./webhooks.unit.cjs') as typeof import('./webhooks.unit.cjs');

const { target } = readSetup<{ target: StoreTarget }>();
const TENANT = 'bench';
const BATCH = 100;
/** Claimed for one address at a time, those that wait for their turn among them; the default is 5. */
const PER_RECEIVER = 50;
const logger = { debug() {}, info() {}, warn: console.error, error: console.error };
const store = await openStore({
  target,
  encryptionSecret: 'bench',
  executionsMode: 'regular',
  logger,
});
const http = createHttpClient({
  userAgent: 'n8n-nodes-omnichannel/bench',
  logger,
  env: {},
  egress: { allowedHosts: [], allowedRanges: ['127.0.0.0/8'], blockedRanges: [] },
});
const ctx = {
  store,
  http,
  clock: store.clock,
  logger,
  processId: `bench-${process.pid}`,
  host: { version: 'bench' },
};
let dispatcher: Dispatcher | undefined;

serve(
  {
    subscribe: async ({ url }: { url: string }) => {
      for (let index = 0; index < ACCOUNTS; index += 1) {
        await webhooks.createSubscription(ctx, {
          tenantId: TENANT,
          name: `Receiver ${index}`,
          url,
          events: ['deal.moved'],
          accounts: [accountOf(index).id],
          maxConcurrent: PER_RECEIVER,
        });
      }
    },
    append: async ({ count }: { count: number }) => {
      for (let from = 0; from < count; from += BATCH) {
        const events = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) => ({
          account: accountOf(from + index),
          data: dataOf(from + index),
        }));
        await store.forTenant(TENANT).run(units.appendDeals, events);
      }
    },
    start: () => {
      dispatcher = webhooks.createDispatcher(ctx);
      dispatcher.start();
    },
    stop: () => dispatcher?.stop(),
    /** Resolves when so many deliveries have a success in the log, by the figures that are written with it. */
    untilSettled: async ({ successes }: { successes: number }) => {
      while ((await store.run(units.countSuccesses, null)) < successes) await delay(2);
    },
    counts: () => store.run(units.countRows, null),
    describe: async () => (await store.describe()).serverVersion,
  },
  async () => {
    await dispatcher?.stop();
    await http.close();
    await store.close();
  },
);
