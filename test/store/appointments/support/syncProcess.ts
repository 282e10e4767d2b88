import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { StoreContext } from '../../../support/storeContext';

export interface Kill {
  /** Which page it is about to store. */
  page: number;
  afterMs: number;
}

/**
 * Synchronises a calendar in a process of its own, and kills that (-9) so long after it began to store a page.
 * @returns whether it was killed before it was done
 */
export async function syncAndKill(
  { target, secret }: StoreContext,
  calendar: { tenantId: string; accountId: string },
  { page, afterMs }: Kill,
): Promise<boolean> {
  const child = fork(path.resolve(__dirname, 'syncMain.cjs'), {
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      SYNC: JSON.stringify({ target, secret, ...calendar }),
    },
  });
  const ended = once(child, 'close');
  let isDone = false;
  let isMet = false;
  child.on('message', (said: { page?: number; done?: true }) => {
    if (said.done) isDone = true;
    if (said.page !== page) return;
    isMet = true;
    void delay(afterMs).then(() => child.kill('SIGKILL'));
  });
  const [code] = (await ended) as [number | null];
  if (!isMet) throw new Error(`The synchronisation ended with ${code} before page ${page}.`);
  return !isDone;
}
