import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from '../../scripts/lib/paths.mjs';
import type { Fault } from '../../sandbox/control/faults.ts';
import type { Channel } from '../../sandbox/model.ts';
import {
  armFault,
  newCustomer,
  release,
  untilAccepted,
  untilHeld,
  write,
  type Customer,
} from './customers.ts';
import type { TestPlayground } from './n8n.ts';
import { customersWithOpenSend, outcomesOf, resultsByCustomer, type Outcome } from './outcomes.ts';
import { SENDS_WITHOUT_RESULT, untilQuiet, whatIsUnderWay } from './quiet.ts';
import { countOf, readEmbeddedStore, type StoreReader } from './storeReader.ts';
import { waitFor } from './waitFor.ts';

/** Milliseconds after the webhook's 200 at which n8n dies. */
export const KILL_OFFSETS = [0, 5, 20, 80, 300] as const;

/**
 * The longest way to a settled state: a claim's lease (15 s), the reservation's own, 30 s until an
 * absence is proof, and 10 minutes until an unknown outcome is given up.
 */
const SETTLED_WITHIN_MS = 12 * 60_000;

/** After this nothing but giving up can end a send of which nobody knows what became of it: lease, absence, and room. */
const KNOWABLE_WITHIN_MS = 60_000;
const GIVEN_UP_AFTER_MS = 10 * 60_000;

/** A claim's lease (15 s) and the runs, three times: an event gets three attempts. */
const RECOVERED_WITHIN_MS = 120_000;

/** A playground whose n8n is killed. */
export interface KilledPlayground extends TestPlayground {
  /**
   * Provider's ids of the customers whose send had no result in a moment in which n8n died or was
   * stopped; every kill adds to it.
   */
  inHand: Set<string>;
}

/** Tells n8n to die in the tick of its next `emit`: see killAtEmit.cjs. */
export interface EmitTrap {
  env: Record<string, string>;
  arm(): void;
}

/** @param folder where the trap's flag lies; outside n8n's own data */
export function emitTrap(folder: string): EmitTrap {
  const flag = path.join(folder, 'kill-at-emit');
  const preload = path.join(ROOT, 'test', 'support', 'killAtEmit.cjs');
  return {
    env: { NODE_OPTIONS: `--require=${preload}`, KILL_AT_EMIT_FILE: flag },
    arm: () => fs.writeFileSync(flag, ''),
  };
}

let turn = 0;

/** Customers of both channels by turns. */
export async function nextCustomer({ sandbox }: TestPlayground): Promise<Customer> {
  const channel: Channel = turn % 2 === 0 ? 'instagram' : 'messenger';
  turn += 1;
  return newCustomer(sandbox, channel);
}

/** A new customer writes; returns a number of milliseconds after the door's 200. */
export async function writeAndWait(
  playground: TestPlayground,
  offsetMs: number,
): Promise<Customer> {
  const { sandbox } = playground;
  const customer = await nextCustomer(playground);
  const { deliveryIds } = await write(sandbox, customer, 'Oi');
  await Promise.all(deliveryIds.map((id) => untilAccepted(sandbox, id)));
  if (offsetMs > 0) await delay(offsetMs);
  return customer;
}

/** A send that the provider has in hand and does not answer. */
export interface OpenSend {
  customer: Customer;
  fault: Fault;
}

/** A new customer writes; returns once the provider has the welcome in hand. */
export async function writeAndHold(playground: TestPlayground, held: HeldSend): Promise<OpenSend> {
  const { sandbox } = playground;
  const customer = await nextCustomer(playground);
  const { kind, echo } = HELD_SENDS[held];
  const fault = await armFault(sandbox, customer, kind, { echo });
  await write(sandbox, customer, 'Oi');
  await untilHeld(sandbox, fault);
  return { customer, fault };
}

/**
 * Kills n8n (-9), lets the provider finish what it had in hand, starts n8n again and waits until
 * every run that was cut has been taken up and has ended.
 */
export async function killAndRecover(
  playground: KilledPlayground,
  customers: Customer[],
  open?: OpenSend,
): Promise<void> {
  await playground.kill9();
  await noteOpenSends(playground);
  if (open) await release(playground.sandbox, open.fault);
  await playground.restart();
  await untilRecovered(playground, customers);
}

/** n8n dies in the tick in which the trigger has called `emit`. */
export async function killAtEmit(playground: KilledPlayground, trap: EmitTrap): Promise<Customer> {
  const { n8n, sandbox } = playground;
  const customer = await nextCustomer(playground);
  trap.arm();
  const ended = n8n.untilExit();
  await write(sandbox, customer, 'Oi');
  const { signal } = await ended;
  if (signal !== 'SIGKILL') throw new Error(`n8n ended with ${String(signal)}, not by the trap.`);
  await noteOpenSends(playground);
  await playground.restart();
  return customer;
}

/** How the provider stands when n8n dies while it waits for the provider's answer. */
export const HELD_SENDS = {
  'before the provider accepted the message': { kind: 'holdBefore', echo: true },
  'after the provider accepted it, with the echo still coming': { kind: 'hold', echo: true },
  'after the provider accepted it, and no echo ever comes': { kind: 'hold', echo: false },
} as const;

export type HeldSend = keyof typeof HELD_SENDS;

const HELD_ON_STOP: HeldSend = 'after the provider accepted it, with the echo still coming';

/** n8n is asked to stop (SIGTERM) during the run; the provider answers while it is stopping. */
export async function stopDuringSend(playground: KilledPlayground): Promise<Customer> {
  const { n8n, sandbox } = playground;
  const { customer, fault } = await writeAndHold(playground, HELD_ON_STOP);
  const stopping = n8n.stop();
  await release(sandbox, fault);
  const { code, signal } = await stopping;
  // n8n's own native modules may end its process by a signal on the way out. What counts is what the customer got,
  // and that is looked at in any case; an orderly refusal (another exit code) is a failure.
  if (code !== null && code !== 0) throw new Error(`n8n ended with code ${code} after SIGTERM.`);
  if (signal) console.warn(`n8n ended by ${signal} after SIGTERM.`);
  await noteOpenSends(playground);
  await playground.restart();
  return customer;
}

/** Customers of one round of `killWithWaitingRuns`: one whose run is running, and those who wait. */
export const CUSTOMERS_PER_QUEUE = 4;

/**
 * n8n runs one execution at a time (its production limit), three more wait in its queue, and it
 * dies: at the next start n8n itself runs the waiting ones, and the consumer emits them again.
 * @param earlier the customers of earlier rounds, whose runs must not stand in this round's queue
 */
export async function killWithWaitingRuns(
  playground: KilledPlayground,
  earlier: Customer[],
): Promise<Customer[]> {
  const { api, sandbox } = playground;
  await untilRecovered(playground, earlier);
  const customers: Customer[] = [];
  while (customers.length < CUSTOMERS_PER_QUEUE) customers.push(await nextCustomer(playground));
  const faults = await Promise.all(customers.map((item) => armFault(sandbox, item, 'holdBefore')));
  for (const customer of customers) await write(sandbox, customer, 'Oi');
  await waitFor(
    async () =>
      faults.filter(({ id }) => isHeld(playground, id)).length === 1 &&
      (await api.countUnfinishedExecutions()) === customers.length,
    { what: 'one running and three waiting executions' },
  );
  await playground.kill9();
  await noteOpenSends(playground);
  for (const fault of faults) await release(sandbox, fault);
  await playground.restart();
  return customers;
}

function isHeld({ sandbox }: TestPlayground, faultId: string): boolean {
  return sandbox.context.faults.list().some(({ id, held }) => id === faultId && held > 0);
}

/** Call it once n8n is gone and before it starts again: until then the store stands still. */
async function noteOpenSends({ dataDir, inHand }: KilledPlayground): Promise<void> {
  for (const id of await customersWithOpenSend(readEmbeddedStore(dataDir))) inHand.add(id);
}

/** Waits until what each customer wrote has led to a run that has ended, whatever became of it. */
async function untilRecovered(playground: TestPlayground, customers: Customer[]): Promise<void> {
  const store = readEmbeddedStore(playground.dataDir);
  await waitFor(
    async () => {
      const sends = await resultsByCustomer(store);
      if (customers.some((customer) => !sends.has(customer.id))) return false;
      const claimed = await countOf(store, `consumer_deliveries where state = 'claimed'`);
      return claimed === 0 && (await playground.api.countUnfinishedExecutions()) === 0;
    },
    { what: 'the cut runs to be taken up', timeoutMs: RECOVERED_WITHIN_MS },
  );
}

/**
 * Waits until nothing can happen any more (no webhook under way, no event claimed, no execution
 * unfinished, no send without a result) and says what each customer got.
 * @param movesClock the clock is moved over the time after which sends of which nobody knows are given up, once
 * nothing else is left: ten minutes in which nothing happens
 */
export async function untilSettled(
  playground: KilledPlayground,
  customers: Customer[],
  { movesClock }: { movesClock: boolean },
): Promise<Outcome[]> {
  const store = readEmbeddedStore(playground.dataDir);
  let open: string[] = ['not looked yet'];
  let unknownSince: number | undefined;
  try {
    await waitFor(
      async () => {
        open = await whatIsOpen(playground, store, customers);
        const isUnknown = open.length === 1 && open[0]?.endsWith(SENDS_WITHOUT_RESULT);
        unknownSince = isUnknown ? (unknownSince ?? performance.now()) : undefined;
        const waitedMs = performance.now() - (unknownSince ?? Infinity);
        if (movesClock && waitedMs > KNOWABLE_WITHIN_MS) {
          await playground.clock.advance(GIVEN_UP_AFTER_MS);
          unknownSince = undefined;
        }
        return open.length === 0;
      },
      { what: 'the state to settle', timeoutMs: SETTLED_WITHIN_MS },
    );
  } catch (error) {
    throw new Error(`${String(error)}; still open: ${open.join(', ')}`, { cause: error });
  }
  await untilQuiet(playground, store);
  return outcomesOf(playground, store, customers, playground.inHand);
}

async function whatIsOpen(
  playground: TestPlayground,
  store: StoreReader,
  customers: Customer[],
): Promise<string[]> {
  const open = await whatIsUnderWay(playground, store);
  const results = await resultsByCustomer(store);
  const silent = customers.filter((customer) => !results.has(customer.id)).length;
  return silent > 0 ? [...open, `${silent} customer(s) without any send`] : open;
}
