import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort } from '../../playground/ports.ts';
import type { SendResult } from '../../core/model';
import { newCustomer, receivedBy, write, type Customer } from '../support/customers.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { waitFor } from '../support/waitFor.ts';
import { startInstance, type Instance } from './support/instance.ts';

/** Fewer than an account may send to in a minute. */
const CUSTOMERS = 50;
const KILLS = 8;
/** How long the provider keeps its answer back after it has taken the message: where a kill hurts. */
const ANSWERS_AFTER_MS = 15;
const MOST_BEFORE_KILL = 5;

type Result = SendResult & { text: string };
interface Said {
  ready?: string;
  result?: Result;
  failure?: string;
}

let instance: Instance;
let port: number;
let customers: Customer[];
let database: TestDatabase | undefined;
let child: ChildProcess | undefined;
/** The newest result of each message, by its text. */
let results: Map<string, Result>;
let failures: string[];

const textFor = ({ id }: Customer) => `Sua consulta, ${id}`;
const isFinal = ({ status }: SendResult) => status === 'sent';

async function startSender(): Promise<ChildProcess> {
  const { phoneNumberId } = instance.sandbox.seed.whatsApp;
  const sender = fork(path.resolve(__dirname, 'support', 'whatsAppSender.cjs'), {
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      SENDER: JSON.stringify({ port, whatsApp: { ...instance.whatsApp, phoneNumberId } }),
      ...(database && { OMNICHANNEL_DATABASE_URL: database.url }),
    },
  });
  child = sender;
  await new Promise<void>((resolve, reject) => {
    sender.on('message', ({ ready, result, failure }: Said) => {
      if (ready !== undefined) resolve();
      if (result) results.set(result.text, result);
      if (failure === undefined) return;
      failures.push(failure);
      reject(new Error(failure));
    });
    sender.once('exit', () => reject(new Error('The sender ended before it was ready.')));
  });
  return sender;
}

async function kill(sender: ChildProcess): Promise<void> {
  const exited = once(sender, 'close');
  sender.kill('SIGKILL');
  await exited;
  child = undefined;
}

const untried = () => customers.filter((customer) => !results.has(textFor(customer))).length;

/** Every message without a final result, again and under the same key, as a workflow that n8n runs again. */
function sendOpen(sender: ChildProcess): void {
  const open = customers.filter((customer) => {
    const result = results.get(textFor(customer));
    return !result || !isFinal(result);
  });
  for (const customer of open) sender.send({ send: { to: customer.id, text: textFor(customer) } });
}

const acceptedBy = (customer: Customer) =>
  receivedBy(instance.sandbox, customer).filter(({ text }) => text === textFor(customer)).length;
const acceptedInAll = () => customers.reduce((sum, customer) => sum + acceptedBy(customer), 0);

describe.each(['SQLite', 'PostgreSQL'])(
  'on %s, a process that sends through WhatsApp and is killed with -9 at any moment',
  (kind) => {
    beforeAll(async () => {
      instance = await startInstance();
      port = await findFreePort();
      database = kind === 'PostgreSQL' ? await createTestDatabase() : undefined;
      results = new Map();
      failures = [];
      const { control, sandbox } = instance;
      await control('PATCH', '/settings', {
        whatsAppSentMs: 5,
        whatsAppDeliveredMs: 10,
        retryDelaysMs: Array.from({ length: 40 }, () => 500),
      });
      const sender = await startSender();
      await control('POST', '/subscriptions', {
        callbackUrl: `http://127.0.0.1:${port}/`,
        verifyToken: instance.whatsApp.verifyToken,
        object: 'whatsapp_business_account',
        subscribeBusinesses: true,
      });
      customers = await Promise.all(
        Array.from({ length: CUSTOMERS }, () => newCustomer(sandbox, 'whatsapp')),
      );
      for (const customer of customers) await write(sandbox, customer, 'Oi');
      await control('POST', '/deliveries/wait', { timeoutMs: 60_000 });
      await control('POST', '/faults', {
        route: 'send',
        kind: 'hold',
        delayMs: ANSWERS_AFTER_MS,
        times: 10_000,
      });
      await kill(sender);
    });

    afterAll(async () => {
      if (child) await kill(child);
      await instance?.close();
      await database?.drop();
    });

    it('sends nothing twice, and settles what it could not know by its statuses', async () => {
      let inHand = 0;
      for (let kills = 0; kills < KILLS && untried() > 2 * MOST_BEFORE_KILL; kills += 1) {
        const sender = await startSender();
        const known = () => [...results.values()].filter(isFinal).length;
        const before = acceptedInAll();
        const few = 1 + Math.floor(Math.random() * MOST_BEFORE_KILL);
        sendOpen(sender);
        await waitFor(() => acceptedInAll() >= before + few, {
          what: `${few} more messages`,
          intervalMs: 1,
        });
        await delay(Math.random() * ANSWERS_AFTER_MS);
        await kill(sender);
        // Accepted by the provider, and nobody was left to hear of it.
        if (acceptedInAll() > known()) inHand += 1;
      }
      expect(inHand).toBeGreaterThan(0);

      const sender = await startSender();
      await waitFor(
        async () => {
          sendOpen(sender);
          await delay(500);
          return customers.every((customer) => {
            const result = results.get(textFor(customer));
            // What the provider took is known in the end; what it never got stays unknown, and is not sent blindly.
            return result && (isFinal(result) || acceptedBy(customer) === 0);
          });
        },
        { what: 'a result of each message' },
      );
      await instance.control('POST', '/deliveries/wait', { timeoutMs: 30_000 });
      await kill(sender);

      expect(failures).toEqual([]);
      const outcomes = customers.map((customer) => {
        const { status, reason } = results.get(textFor(customer)) ?? {};
        return { accepted: acceptedBy(customer), status, reason };
      });
      const sent = outcomes.filter(({ status }) => status === 'sent');
      expect(new Set(sent.map(({ accepted }) => accepted))).toEqual(new Set([1]));
      const others = outcomes.filter(({ status }) => status !== 'sent');
      expect(others).toEqual(
        others.map(() => ({ accepted: 0, status: 'unknown', reason: 'outcome_unknown' })),
      );
      expect(sent.length).toBeGreaterThan(CUSTOMERS / 2);
    });
  },
);
