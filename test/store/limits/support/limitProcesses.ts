import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { StoreContext } from '../../../support/storeContext';
import type { TestAccount } from './account';
import type { Call } from './reference';

export interface LimitProcess {
  /** Every answer so far. */
  calls: Call[];
  /** Its store is open. */
  ready: Promise<void>;
  begin(): void;
  /** Begins, and resolves when every caller has had its answer. */
  takeAll(): Promise<void>;
  end(): Promise<void>;
  /** SIGKILL; resolves when what it said before has been read. */
  kill(): Promise<void>;
}

export interface LimitProcessSetup {
  callers: number;
  takes: number;
  largest: number;
  leases: boolean;
  seed: number;
}

const running = new Set<ChildProcess>();

/** For afterEach: a test that failed half way leaves its processes waiting. */
export async function endLimitProcesses(): Promise<void> {
  const children = [...running];
  await Promise.all(
    children.map(async (child) => {
      const exited = once(child, 'close');
      child.kill('SIGKILL');
      await exited;
    }),
  );
}

/** Starts limitProcess.cjs in a process of its own, on the suite's database. */
export function startLimitProcess(
  { target, secret }: StoreContext,
  { of }: TestAccount,
  setup: LimitProcessSetup,
): LimitProcess {
  const child = fork(path.resolve(__dirname, 'limitProcess.cjs'), {
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      LIMITS: JSON.stringify({ target, secret, of, ...setup }),
    },
  });
  running.add(child);
  const exited = once(child, 'close').then(() => running.delete(child));
  const calls: Call[] = [];
  let isReady: () => void;
  let isDone: () => void;
  const ready = new Promise<void>((resolve) => (isReady = resolve));
  const done = new Promise<void>((resolve) => (isDone = resolve));
  child.on('message', (message) => {
    if (message === 'ready') isReady();
    else if (message === 'done') isDone();
    else calls.push(message as Call);
  });
  const begin = () => void child.send('begin');
  return {
    calls,
    ready,
    begin,
    async takeAll() {
      begin();
      await Promise.race([done, exited]);
    },
    async end() {
      child.send('end');
      await exited;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
