import { Client, type ClientConfig, type Pool } from 'pg';
import type { Logger } from '../../model';
import { distinctSignals } from '../executor';
import type { StoreSignal } from '../unit';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;
/** PostgreSQL takes payloads below 8000 bytes. */
const SIGNALS_PER_MESSAGE = 50;

const SILENT_SIGNALS: StoreSignal[] = [];

export interface SignalWireOptions {
  config: ClientConfig;
  schema: string;
  processId: string;
  pool: Pool;
  logger: Logger;
  onSignals: (signals: StoreSignal[]) => void;
}

interface WireMessage {
  from: string;
  signals: StoreSignal[];
}

/**
 * Carries signals between processes by NOTIFY and LISTEN.
 *
 * NOTIFY is sent right after the commit and not inside the transaction: PostgreSQL lets only one transaction with a
 * NOTIFY commit at a time, which would put every write of every process into one queue; and what gathers while one
 * message is on its way leaves together. A process killed in between loses only the wake-up, never the event: every
 * reader also polls.
 */
export class SignalWire {
  readonly #options: SignalWireOptions;
  readonly #channel: string;
  #unsent: StoreSignal[] = [];
  #sending: Promise<void> | undefined;
  #listener: Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #failures = 0;
  #isListening = false;
  #isClosed = false;

  constructor(options: SignalWireOptions) {
    this.#options = options;
    this.#channel = `omnichannel.${options.schema}`;
  }

  /** Tells the other processes; never rejects. */
  send(signals: StoreSignal[]): void {
    this.#unsent.push(...signals);
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
  }

  /** Starts to listen and keeps listening: a cut connection is made again with growing pauses. */
  listen(): void {
    if (this.#isListening || this.#isClosed) return;
    this.#isListening = true;
    void this.#connect();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    await this.#sending;
    const listener = this.#listener;
    this.#listener = undefined;
    await listener?.end().catch(() => undefined);
  }

  async #sendAll(): Promise<void> {
    while (this.#unsent.length > 0) {
      const signals = distinctSignals(this.#unsent);
      this.#unsent = [];
      for (let start = 0; start < signals.length; start += SIGNALS_PER_MESSAGE) {
        await this.#notify(signals.slice(start, start + SIGNALS_PER_MESSAGE));
      }
    }
  }

  async #notify(signals: StoreSignal[]): Promise<void> {
    const message: WireMessage = { from: this.#options.processId, signals };
    try {
      await this.#options.pool.query('select pg_notify($1, $2)', [
        this.#channel,
        JSON.stringify(message),
      ]);
    } catch (error) {
      this.#options.logger.debug('Other processes were not told of new events; they poll.', {
        reason: error instanceof Error ? error.message : 'unknown',
      });
    }
  }

  async #connect(): Promise<void> {
    const client = new Client(this.#options.config);
    this.#listener = client;
    client.on('error', () => this.#reconnect(client));
    client.on('end', () => this.#reconnect(client));
    client.on('notification', ({ payload }) => this.#receive(payload));
    try {
      await client.connect();
      unref(client);
      await client.query(`LISTEN "${this.#channel}"`);
      this.#failures = 0;
    } catch {
      this.#reconnect(client);
    }
  }

  #reconnect(client: Client): void {
    if (this.#isClosed || this.#listener !== client) return;
    this.#listener = undefined;
    client.end().catch(() => undefined);
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.#failures, LONGEST_PAUSE_MS);
    this.#failures += 1;
    this.#retry = setTimeout(() => void this.#connect(), pause);
    this.#retry.unref();
  }

  #receive(payload: string | undefined): void {
    const signals = readSignals(payload, this.#options.processId);
    if (signals.length > 0) this.#options.onSignals(signals);
  }
}

/** Listening alone does not keep a process alive. The method exists since pg 8.0; its types leave it out. */
function unref(client: Client): void {
  (client as Client & { unref(): void }).unref();
}

/** Our own signals were given out at the commit already. */
function readSignals(payload: string | undefined, ownProcessId: string): StoreSignal[] {
  try {
    const message = JSON.parse(payload ?? '') as WireMessage;
    if (message.from === ownProcessId || !Array.isArray(message.signals)) return SILENT_SIGNALS;
    return message.signals;
  } catch {
    return SILENT_SIGNALS;
  }
}
