import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PLAYGROUND, TOOLS } from '../scripts/lib/paths.mjs';
import { findFreePort } from './ports.ts';

const READY_WITHIN_MS = 180_000;
const STOP_WITHIN_MS = 60_000;
const POLL_MS = 100;
const LOG_TAIL_LINES = 60;

export interface N8nProcessOptions {
  /** In queue mode n8n is several processes: `worker` runs workflows, `webhook` serves production webhooks. */
  command?: 'start' | 'worker' | 'webhook';
  /** Where it answers; of a worker only whether it is ready. */
  port: number;
  /** n8n's user folder; its data are in `.n8n` below it. */
  userFolder: string;
  encryptionKey: string;
  /** n8n's output of all starts, appended. */
  logFile: string;
  /** More environment variables, for example those of a PostgreSQL. */
  env?: Record<string, string>;
  /** Arguments of node itself, before n8n's. */
  nodeArguments?: string[];
  /** Called about once a second while n8n starts. */
  onProgress?: (seconds: number) => void;
}

/** One n8n as a child process that can be started again after it stopped or was killed. */
export class N8nProcess {
  readonly baseUrl: string;
  readonly #options: N8nProcessOptions;
  #child: ChildProcess | undefined;
  #exited: Promise<ExitState> = Promise.resolve({ code: 0, signal: null });
  /** What `stop`, `kill9` and an unexpected end share. */
  #wanted = false;
  #onUnexpectedExit: ((state: ExitState) => void) | undefined;

  constructor(options: N8nProcessOptions) {
    this.#options = options;
    this.baseUrl = `http://127.0.0.1:${options.port}`;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Called when n8n ends without `stop` or `kill9` having been asked for. */
  onUnexpectedExit(listener: (state: ExitState) => void): void {
    this.#onUnexpectedExit = listener;
  }

  /**
   * Starts n8n and resolves when it answers as ready.
   * @param signal aborts the start: n8n is then stopped in order (it may be changing its database)
   * @throws Error with the end of n8n's log; the signal's reason when aborted
   */
  async start(signal?: AbortSignal): Promise<void> {
    if (this.#child) throw new Error('n8n is running already.');
    const { logFile, command = 'start', nodeArguments = [] } = this.#options;
    fs.mkdirSync(path.dirname(logFile), { recursive: true });
    const log = fs.openSync(logFile, 'a');
    // A process group of its own: Ctrl-C in the terminal then reaches the playground alone, which
    // stops n8n in order, and a kill takes n8n's task runner with it.
    const brokerPort = await findFreePort();
    const child = spawn(
      process.execPath,
      [...QUICK_START, ...nodeArguments, N8N_PROGRAM, command],
      {
        cwd: this.#options.userFolder,
        env: this.#environment(brokerPort),
        stdio: ['ignore', log, log],
        detached: process.platform !== 'win32',
      },
    );
    fs.closeSync(log);
    this.#child = child;
    this.#wanted = true;
    this.#exited = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null): void => {
        if (this.#child === child) this.#child = undefined;
        resolve({ code, signal });
        if (this.#wanted) this.#onUnexpectedExit?.({ code, signal });
      };
      child.once('exit', end);
      child.once('error', () => end(1, null));
    });
    // Where the playground itself ends without stopping n8n, n8n must not stay behind.
    const endWithUs = (): void => void child.kill('SIGTERM');
    process.once('exit', endWithUs);
    child.once('exit', () => process.off('exit', endWithUs));
    try {
      await this.#untilReady(signal);
    } catch (error) {
      if (signal?.aborted) await this.stop();
      else await this.kill9();
      throw error;
    }
  }

  /** Asks n8n to stop (SIGTERM) and waits for it. @returns how it ended */
  async stop(): Promise<ExitState> {
    this.#wanted = false;
    this.#child?.kill('SIGTERM');
    const ended = await Promise.race([
      this.#exited,
      delay(STOP_WITHIN_MS, undefined, { ref: false }),
    ]);
    if (ended) return ended;
    await this.kill9();
    throw new Error(`n8n did not stop within ${STOP_WITHIN_MS / 1000} s.\n${this.logTail()}`);
  }

  /** Ends n8n as a power cut would. */
  async kill9(): Promise<void> {
    this.#wanted = false;
    const pid = this.#child?.pid;
    if (pid !== undefined) killGroup(pid);
    await this.#exited;
  }

  /** Resolves when the process is gone, whoever ended it. Does not count as unexpected. */
  async untilExit(): Promise<ExitState> {
    this.#wanted = false;
    return this.#exited;
  }

  /** The last lines of n8n's log, for an error message. */
  logTail(lines = LOG_TAIL_LINES): string {
    const { logFile } = this.#options;
    if (!fs.existsSync(logFile)) return '(n8n wrote no log)';
    const log = fs.readFileSync(logFile, 'utf8').trimEnd().split('\n');
    // The first start of a database writes hundreds of these.
    const telling = log.filter((line) => !/^(Starting|Finished) migration /.test(line));
    const tail = telling.slice(-lines).join('\n');
    return `--- end of n8n's log (${logFile}) ---\n${tail}\n---`;
  }

  async #untilReady(signal: AbortSignal | undefined): Promise<void> {
    const started = performance.now();
    let saidSeconds = 0;
    for (;;) {
      signal?.throwIfAborted();
      if (this.#child === undefined)
        throw new Error(`n8n ended while starting.\n${this.logTail()}`);
      if (await answersReady(this.baseUrl)) return;
      const seconds = Math.floor((performance.now() - started) / 1000);
      if (seconds * 1000 >= READY_WITHIN_MS) {
        throw new Error(`n8n was not ready within ${seconds} s.\n${this.logTail()}`);
      }
      if (seconds > saidSeconds) {
        saidSeconds = seconds;
        this.#options.onProgress?.(seconds);
      }
      await delay(POLL_MS);
    }
  }

  /** @param brokerPort of n8n's task runners; its fixed default would clash with another n8n */
  #environment(brokerPort: number): NodeJS.ProcessEnv {
    const { port, userFolder, encryptionKey, env } = this.#options;
    // n8n settings of the person's shell (another database, another folder) must not leak in.
    const inherited = Object.entries(process.env).filter(([name]) => !FOREIGN_SETTING.test(name));
    return {
      ...Object.fromEntries(inherited),
      ...N8N_SETTINGS,
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      N8N_PORT: String(port),
      N8N_RUNNERS_BROKER_PORT: String(brokerPort),
      N8N_USER_FOLDER: userFolder,
      N8N_ENCRYPTION_KEY: encryptionKey,
      N8N_WEBHOOK_URL: `${this.baseUrl}/`,
      N8N_EDITOR_BASE_URL: `${this.baseUrl}/`,
      ...env,
    };
  }
}

export interface ExitState {
  code: number | null;
  signal: NodeJS.Signals | null;
}

const N8N_PROGRAM = path.join(PLAYGROUND, 'node_modules', 'n8n', 'bin', 'n8n');

// n8n loads thousands of modules and throws most of what it makes meanwhile away: compiled once, and with room for young
// objects, a start takes a fifth less of a processor.
const QUICK_START = ['--max-semi-space-size=64'];
const COMPILE_CACHE = path.join(TOOLS, 'compile-cache');

const FOREIGN_SETTING =
  /^(N8N_|DB_|EXECUTIONS_|QUEUE_|OMNICHANNEL_|WEBHOOK_URL$|NODE_OPTIONS$|NODE_ENV$|JEST_)/;

/** Nothing leaves the machine, nobody else gets in, and no question is asked before the editor. */
const N8N_SETTINGS = {
  N8N_LISTEN_ADDRESS: '127.0.0.1',
  N8N_PROTOCOL: 'http',
  N8N_SECURE_COOKIE: 'false',
  N8N_DIAGNOSTICS_ENABLED: 'false',
  N8N_PERSONALIZATION_ENABLED: 'false',
  N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
  N8N_DYNAMIC_BANNERS_ENABLED: 'false',
  N8N_HIRING_BANNER_ENABLED: 'false',
  N8N_TEMPLATES_ENABLED: 'false',
  N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
  N8N_VERIFIED_PACKAGES_ENABLED: 'false',
  // Would fetch a list of servers from n8n's own site at every start.
  N8N_DISABLED_MODULES: 'mcp-registry',
  // A publication that a kill cut off is taken up again after this long; n8n's default is 2 minutes.
  N8N_WORKFLOW_PUBLICATION_OUTBOX_LEASE_SECONDS: '20',
  EXTERNAL_FRONTEND_HOOKS_URLS: '',
  GENERIC_TIMEZONE: 'America/Sao_Paulo',
  NO_COLOR: '1',
};

async function answersReady(baseUrl: string): Promise<boolean> {
  try {
    const answer = await fetch(`${baseUrl}/healthz/readiness`);
    await answer.body?.cancel();
    return answer.status === 200;
  } catch {
    return false;
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch (error) {
    // It ended by itself in the same moment.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
