import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { StoreTarget } from '../../../core/model';

const SCRIPT = path.resolve(__dirname, 'storeProcessMain.cjs');

export interface StoreProcess {
  /** Every line it has printed so far. */
  readonly lines: string[];
  readonly child: ChildProcess;
  /** Resolves with the exit code (null when it was killed) after the last line has been read. */
  readonly ended: Promise<number | null>;
}

/** Starts storeProcessMain.cjs in a process of its own. */
export function startStoreProcess(mode: 'open' | 'write', target: StoreTarget): StoreProcess {
  const child = spawn(process.execPath, [SCRIPT, mode, JSON.stringify(target)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const ended = Promise.all([once(child, 'exit'), once(reader, 'close')]).then(
    ([[code]]) => code as number | null,
  );
  return { lines, child, ended };
}
