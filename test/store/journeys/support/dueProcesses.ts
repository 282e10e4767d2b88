import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { JourneyTriggerOptions } from '../../../../core/journeys/due';
import type { StoreContext } from '../../../support/storeContext';

export const MOMENTS = ['claimed', 'emitted', 'answered'] as const;
export type Moment = (typeof MOMENTS)[number];

interface Said {
  started?: boolean;
  reached?: Moment;
  emitted?: string;
}

const running = new Set<ChildProcess>();

/** For afterEach: a test that failed half way leaves its processes working. */
export async function endDueProcesses(): Promise<void> {
  await Promise.all([...running].map(killed));
}

async function killed(child: ChildProcess): Promise<void> {
  const exited = once(child, 'close');
  child.kill('SIGKILL');
  await exited;
  running.delete(child);
}

export interface DueProcess {
  /** Resolves when it stands still where it is to die. */
  reached: Promise<Moment>;
  kill(): Promise<void>;
}

/** Starts dueProcess.cjs on the suite's database; resolves when its trigger waits. */
export async function startDueProcess(
  { target, secret, clock }: StoreContext,
  options: Omit<JourneyTriggerOptions, 'emit'>,
  onEmit: (key: string) => void,
  dieAt?: Moment,
): Promise<DueProcess> {
  const child = fork(path.resolve(__dirname, 'dueProcess.cjs'), {
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      DUE: JSON.stringify({ target, secret, options, now: clock.now(), dieAt }),
    },
  });
  running.add(child);
  const reached = Promise.withResolvers<Moment>();
  const started = Promise.withResolvers<void>();
  child.on('message', (said: Said) => {
    if (said.started) started.resolve();
    if (said.reached) reached.resolve(said.reached);
    if (said.emitted === undefined) return;
    onEmit(said.emitted);
    child.send(said.emitted);
  });
  child.once('close', () => started.reject(new Error('The process ended by itself.')));
  await started.promise;
  return { reached: reached.promise, kill: () => killed(child) };
}
