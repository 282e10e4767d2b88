import { fork, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { testAbilities } from '../../../support/abilities';
import type { StoreContext } from '../../../support/storeContext';

interface Call {
  id: string;
  what: 'send' | 'recent' | 'ready';
  args: { to: string; text: string; messageId: string; limit: number };
}

interface Arrived {
  text: string;
  messageId: string;
  providerId: string;
  createdAt: number;
}

/** The other side of every process: what it holds is what the customers got. */
export class Customers {
  readonly inboxes = new Map<string, Arrived[]>();
  total = 0;
  readonly #waiting = new Map<number, () => void>();

  /** Resolves with the message that makes so many, before its sender has the answer. */
  until(total: number): Promise<void> {
    return new Promise((resolve) => this.#waiting.set(total, resolve));
  }

  receive({ to, text, messageId }: Call['args']): { providerMessageId: string } {
    this.total += 1;
    const providerId = `mid.${to}.${this.total}`;
    const inbox = this.inboxes.get(to) ?? [];
    inbox.unshift({ text, messageId, providerId, createdAt: Date.now() });
    this.inboxes.set(to, inbox);
    this.#waiting.get(this.total)?.();
    return { providerMessageId: providerId };
  }

  recent({ to, limit }: Call['args']) {
    const messages = (this.inboxes.get(to) ?? []).slice(0, limit);
    return {
      reachesBeginning: true,
      messages: messages.map(({ text, providerId, createdAt }) => ({
        providerId,
        direction: 'outbound',
        fingerprint: createHash('sha256').update(`text ${text}`).digest('hex'),
        createdAt,
        text,
        attachments: [],
      })),
    };
  }
}

const running = new Set<ChildProcess>();

/** For afterEach: a test that failed half way leaves its processes working. */
export async function endBroadcastProcesses(): Promise<void> {
  await Promise.all([...running].map(killed));
}

async function killed(child: ChildProcess): Promise<void> {
  const exited = once(child, 'close');
  child.kill('SIGKILL');
  await exited;
  running.delete(child);
}

/** Starts broadcastProcess.cjs on the suite's database; resolves when it works. */
export async function startBroadcastProcess(
  { target, secret }: StoreContext,
  customers: Customers,
): Promise<{ kill(): Promise<void> }> {
  const child = fork(path.resolve(__dirname, 'broadcastProcess.cjs'), {
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      BROADCASTS: JSON.stringify({ target, secret, abilities: testAbilities }),
    },
  });
  running.add(child);
  const ready = new Promise<void>((resolve) => {
    child.on('message', (message: Call) => {
      if (message.what === 'ready') return resolve();
      void answer(child, customers, message);
    });
  });
  await ready;
  return { kill: () => killed(child) };
}

async function answer(child: ChildProcess, customers: Customers, { id, what, args }: Call) {
  const said = what === 'send' ? customers.receive(args) : customers.recent(args);
  // As long as a provider takes: the kill may fall between the message and its answer.
  await setTimeout(15);
  if (child.connected) child.send({ id, answer: said });
}
