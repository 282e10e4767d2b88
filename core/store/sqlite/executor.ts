import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { StoreError } from '../../model';
import { closedError } from '../closed';
import { unpackError } from '../errorTransfer';
import {
  distinctSignals,
  type CallContext,
  type ExecutorOptions,
  type StoreExecutor,
  type StoreFacts,
} from '../executor';
import type { StoreSignal, Tx, Unit } from '../unit';
import { refuseOldNode } from './library';
import { SlowLog } from './slowLog';
import type { FromWorker, ToWorker, UnitAnswer, UnitRequest, WorkerSettings } from './protocol';

const WORKER_FILE = join(__dirname, 'worker.js');
/** Pause before the second start of a thread that died, doubled each time up to the longest. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

export interface SqliteExecutorOptions extends ExecutorOptions {
  settings: WorkerSettings;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** The side of the embedded database that lives in n8n's own thread: a queue in front of the worker thread. */
export class SqliteExecutor implements StoreExecutor {
  readonly kind = 'sqlite';
  readonly #options: SqliteExecutorOptions;
  readonly #waiting = new Map<number, Waiting>();
  readonly #slowLog: SlowLog;
  #worker: Worker | undefined;
  #opening: Promise<StoreFacts> | undefined;
  #isOpen = false;
  #closing: Promise<void> | undefined;
  #outbox: UnitRequest[] = [];
  #lastId = 0;
  #deaths = 0;

  constructor(options: SqliteExecutorOptions) {
    this.#options = options;
    this.#slowLog = new SlowLog(options.logger);
  }

  open(): Promise<StoreFacts> {
    this.#opening ??= this.#start().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async run<T extends Tx, A, R>(unit: Unit<T, A, R>, context: CallContext, args: A): Promise<R> {
    this.#refuseClosed();
    if (!this.#isOpen) {
      await this.open();
      this.#refuseClosed();
    }
    const { module, name, durability } = unit;
    const { promise, id } = this.#expectAnswer();
    this.#enqueue({ id, module, name, durability, ...context, args });
    return (await promise) as R;
  }

  /** One process has the embedded database; a program that visits it for a moment is heard of by the next poll. */
  listen(): void {}

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    await this.#opening?.catch(() => undefined);
    const worker = this.#worker;
    if (!worker) return;
    worker.ref();
    this.#flush();
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    this.#post({ kind: 'close' });
    await ended;
  }

  async #start(): Promise<StoreFacts> {
    if (this.#deaths > 0) await pause(this.#deaths);
    this.#refuseClosed();
    refuseOldNode();
    const worker = new Worker(WORKER_FILE, { workerData: this.#options.settings });
    this.#worker = worker;
    worker.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('error', (error: Error) => this.#lose(worker, error));
    worker.on('exit', () => this.#lose(worker, undefined));
    const { promise, id } = this.#expectAnswer();
    this.#post({ kind: 'open', id, keyCheck: this.#options.keyCheck });
    try {
      const facts = (await promise) as StoreFacts;
      this.#isOpen = true;
      return facts;
    } catch (error) {
      if (this.#worker === worker) {
        this.#worker = undefined;
        this.#deaths += 1;
      }
      await worker.terminate();
      throw error;
    }
  }

  #refuseClosed(): void {
    if (this.#closing) throw closedError();
  }

  #expectAnswer(): { promise: Promise<unknown>; id: number } {
    const id = ++this.#lastId;
    const promise = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
    // The thread keeps the process alive only while somebody waits for it.
    if (this.#waiting.size === 1) this.#worker?.ref();
    return { promise, id };
  }

  /** Callers of one turn travel together: a message costs more than a small unit of work. */
  #enqueue(request: UnitRequest): void {
    this.#outbox.push(request);
    if (this.#outbox.length === 1) queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    const units = this.#outbox;
    this.#outbox = [];
    if (units.length === 0) return;
    try {
      this.#post({ kind: 'units', units });
    } catch {
      // Arguments that cannot be cloned spoil the whole batch: send one by one and reject the culprit.
      for (const unit of units) this.#postAlone(unit);
    }
  }

  #postAlone(unit: UnitRequest): void {
    try {
      this.#post({ kind: 'units', units: [unit] });
    } catch (cause) {
      this.#settle(unit.id, (waiting) =>
        waiting.reject(
          new StoreError(
            'store_failed',
            `The arguments of "${unit.name}" are not plain data.`,
            false,
            {
              cause,
            },
          ),
        ),
      );
    }
  }

  #post(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case 'opened':
        this.#settle(message.id, (waiting) => waiting.resolve(message.facts));
        return;
      case 'refused':
        this.#settle(message.id, (waiting) => waiting.reject(unpackError(message.error)));
        return;
      case 'slow':
        this.#slowLog.note(message.sql, message.milliseconds);
        return;
      case 'answers':
        this.#deliver(message.answers);
    }
  }

  #deliver(answers: UnitAnswer[]): void {
    this.#deaths = 0;
    const signals: StoreSignal[] = [];
    for (const answer of answers) {
      this.#settle(answer.id, (waiting) => {
        if (answer.ok) waiting.resolve(answer.value);
        else waiting.reject(unpackError(answer.error));
      });
      if (answer.ok) signals.push(...answer.signals);
    }
    if (signals.length > 0) this.#options.onSignals(distinctSignals(signals));
  }

  #settle(id: number, use: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    use(waiting);
    if (this.#waiting.size === 0) this.#worker?.unref();
  }

  /** The thread ended by itself: who waited is told, the next call starts another one. */
  #lose(worker: Worker, cause: Error | undefined): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#opening = undefined;
    this.#isOpen = false;
    this.#outbox = [];
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    if (this.#closing && !cause && waiting.length === 0) return;
    this.#deaths += 1;
    const error = new StoreError('store_failed', 'The thread of the embedded store ended.', true, {
      cause,
      hint: 'It is started again with the next call; if this repeats, look for memory limits of the n8n process.',
    });
    this.#options.logger.error(error.message, { reason: cause?.message ?? 'unknown' });
    for (const one of waiting) one.reject(error);
  }
}

function pause(deaths: number): Promise<void> {
  const milliseconds = Math.min(FIRST_PAUSE_MS * 2 ** (deaths - 1), LONGEST_PAUSE_MS);
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
