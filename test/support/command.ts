import { spawn, type ChildProcess } from 'node:child_process';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { waitFor } from './waitFor.ts';

/** A program of the project as a person runs it, with what it printed. */
export interface RunningCommand {
  child: ChildProcess;
  /** Standard output and standard error so far. */
  output(): string;
  /** Resolves when the output contains the text. @throws Error with the output when it never does */
  untilPrinted(text: string | RegExp, timeoutMs?: number): Promise<void>;
  /** @returns the exit code; null when a signal ended it */
  exited: Promise<number | null>;
}

/** Starts a TypeScript file with this Node and without jest's environment. */
export function runCommand(file: string, args: string[]): RunningCommand {
  const { NODE_OPTIONS: _jestOptions, JEST_WORKER_ID: _worker, ...env } = process.env;
  const child = spawn(process.execPath, [file, ...args], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });
  const contains = (text: string | RegExp): boolean =>
    typeof text === 'string' ? output.includes(text) : text.test(output);
  return {
    child,
    output: () => output,
    exited,
    untilPrinted: async (text, timeoutMs) => {
      const seen = waitFor(() => contains(text) || child.exitCode !== null, {
        what: `"${text}" in the output`,
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      });
      await seen.catch(() => undefined);
      if (!contains(text)) throw new Error(`"${text}" was not printed. Output:\n${output}`);
    },
  };
}
