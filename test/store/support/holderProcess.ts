import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { StoreTarget } from '../../../core/model';
import { waitFor } from '../../support/waitFor';

export interface HolderSetup {
  target: StoreTarget;
  isOneOff?: boolean;
  /** How long it goes on after SIGTERM; default 0. */
  drainMs?: number;
}

export interface HolderProcess {
  readonly child: ChildProcess;
  isRunning(): boolean;
  isOpen(): boolean;
  /** Resolves when its store is open, or with the reason why it did not open. */
  outcome(): Promise<'open' | { code: string; message: string; hint?: string }>;
  /** Appends a text through its store. @returns all texts */
  append(text: string): Promise<string[]>;
  /** Resolves when it has ended. */
  end(signal: NodeJS.Signals): Promise<void>;
}

interface Said {
  opened?: true;
  failure?: { code: string; message: string; hint?: string };
  texts?: string[];
}

/** Starts holderMain.cjs; processes that still run at the end of a test are killed. */
export function holdersOf() {
  const running: HolderProcess[] = [];

  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.end('SIGKILL')));
  });

  return {
    start(setup: HolderSetup): HolderProcess {
      const holder = startHolder(setup);
      running.push(holder);
      return holder;
    },
  };
}

function startHolder({ drainMs = 0, ...setup }: HolderSetup): HolderProcess {
  const child = fork(path.resolve(__dirname, 'holderMain.cjs'), {
    env: { ...process.env, NODE_OPTIONS: '', HOLDER: JSON.stringify({ ...setup, drainMs }) },
  });
  let said: Said = {};
  let hasEnded = false;
  child.on('message', (message: Said) => {
    said = { ...said, ...message };
  });
  const ended = once(child, 'close').then(() => {
    hasEnded = true;
  });
  return {
    child,
    isRunning: () => !hasEnded,
    isOpen: () => said.opened === true,
    outcome: async () =>
      await waitFor(() => (said.opened ? 'open' : said.failure), {
        what: 'the process to open its store, or to say why it cannot',
      }),
    async append(text) {
      delete said.texts;
      child.send({ text });
      return await waitFor(() => said.texts, { what: 'the process to append' });
    },
    async end(signal) {
      if (!hasEnded) child.kill(signal);
      await ended;
    },
  };
}
