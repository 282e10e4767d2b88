import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A part of the measurement in a process of its own: what it costs falls on nobody else's event loop. */
export interface Worker {
  readonly pid: number;
  /** Asks it to do something and waits for its answer. @throws Error with what went wrong there */
  ask<T>(task: string, args?: unknown): Promise<T>;
  end(): Promise<void>;
}

interface Answer {
  id: number;
  value?: unknown;
  error?: string;
}

/**
 * Starts a program that calls `serve`.
 * @param setup what it finds in the environment variable BENCH_SETUP
 */
export async function startWorker(
  file: string,
  setup: unknown = {},
  options: { execArgv?: string[] } = {},
): Promise<Worker> {
  const child = fork(file, {
    execArgv: options.execArgv ?? [],
    env: { ...process.env, NODE_OPTIONS: '', BENCH_SETUP: JSON.stringify(setup) },
  });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let asked = 0;
  child.on('message', ({ id, value, error }: Answer) => {
    const asker = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asker?.resolve(value);
    else asker?.reject(new Error(error));
  });
  const ended = once(child, 'exit');
  void ended.then(() => {
    for (const { reject } of waiting.values())
      reject(new Error(`${file} ended before its answer.`));
    waiting.clear();
  });
  const ask = <T>(task: string, args?: unknown): Promise<T> =>
    new Promise((resolve, reject) => {
      if (!child.connected) {
        reject(new Error(`${file} is not running any more.`));
        return;
      }
      const id = asked++;
      waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      child.send({ id, task, args });
    });
  await ask('ready');
  return {
    pid: child.pid ?? Number.NaN,
    ask,
    async end() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/**
 * The other side: answers each question with what the task of that name returns. The program ends when its parent lets
 * go of it.
 */
export function serve(tasks: Record<string, (args: never) => unknown>, end?: () => unknown): void {
  process.on('message', (question: { id: number; task: string; args: unknown }) => {
    void answer(question, { ready: () => null, ...tasks });
  });
  process.once('disconnect', () => {
    void Promise.resolve(end?.()).finally(() => process.exit());
  });
}

async function answer(
  { id, task, args }: { id: number; task: string; args: unknown },
  tasks: Record<string, (args: never) => unknown>,
): Promise<void> {
  let said: Answer;
  try {
    said = { id, value: (await tasks[task]?.(args as never)) ?? null };
  } catch (error) {
    said = { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  if (process.connected) process.send?.(said);
}

/** What the parent gave to this program. */
export function readSetup<T>(): T {
  return JSON.parse(process.env.BENCH_SETUP ?? '{}') as T;
}
