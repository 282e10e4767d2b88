import path from 'node:path';
import { startSandbox, type Sandbox } from '../sandbox/server.ts';
import { ClockFile, playgroundClock, type PlaygroundClock } from './clock.ts';
import { N8nApi } from './n8nApi.ts';
import { N8nProcess, type ExitState } from './n8nProcess.ts';
import { placePackage } from './packageFolder.ts';
import { requireFreePort } from './ports.ts';
import { prepareQueue, type QueueOptions } from './queueMode.ts';
import { setUp, type SetupResult } from './setup.ts';
import { loadState, resetData, saveState, type PlaygroundState } from './state.ts';

export interface PlaygroundOptions {
  port: number;
  sandboxPort: number;
  dataDir: string;
  /** Delete the data of earlier runs first. */
  reset?: boolean;
  /** More environment variables for n8n, for example those of a PostgreSQL. */
  env?: Record<string, string>;
  /** n8n's queue mode: beside main a worker and a process for webhooks. Takes a PostgreSQL in `env`. */
  queue?: QueueOptions;
  /** Bundled workflows besides the door and the welcome, and with them what they need: a clinic with templates and a calendar. */
  workflows?: readonly string[] | 'all';
  /** n8n's output of all starts; default `<dataDir>/n8n.log`. */
  logFile?: string;
  /** Ends a start that is under way; what runs already is stopped in order. */
  signal?: AbortSignal;
  /** Told what is being done, for a person who waits. */
  onProgress?: (step: string) => void;
}

/** A running sandbox and a running n8n with the package and the bundled workflows in it. */
export interface Playground {
  n8n: N8nProcess;
  /** Its other processes in queue mode. */
  others: N8nProcess[];
  sandbox: Sandbox;
  api: N8nApi;
  state: PlaygroundState;
  setup: SetupResult;
  dataDir: string;
  clock: PlaygroundClock;
  /** Stops n8n in order, then the sandbox. @returns how n8n ended */
  stop(): Promise<ExitState>;
  /** Ends n8n as a power cut would; the sandbox goes on. */
  kill9(): Promise<void>;
  /** Starts n8n again after it ended, with the same data, and waits until its triggers run. */
  restart(): Promise<void>;
}

/**
 * Starts everything that `npm start` promises. The end-to-end tests use it too, so that what they
 * try is what a person gets.
 * @throws UsageError for a busy port; Error with the end of n8n's log when n8n does not come up
 */
export async function startPlayground(options: PlaygroundOptions): Promise<Playground> {
  const { port, sandboxPort, dataDir } = options;
  const say = options.onProgress ?? (() => undefined);
  await requireFreePort(port, '--port');
  await requireFreePort(sandboxPort, '--sandbox-port');
  // After the ports: a playground that still runs on them keeps its data.
  if (options.reset === true) resetData(dataDir);
  const state = loadState(dataDir);
  const userFolder = path.join(dataDir, 'n8n');
  placePackage(userFolder);
  const clockFile = new ClockFile(dataDir);
  say('Starting the sandbox');
  const sandbox = await startSandbox({
    port: sandboxPort,
    stateDir: path.join(dataDir, 'sandbox'),
    onClockMoved: (offsetMs) => clockFile.write(offsetMs),
  });
  // The sandbox keeps its clock between runs.
  clockFile.write(sandbox.context.store.state.clockOffsetMs);
  const { encryptionKey } = state;
  const logFile = options.logFile ?? path.join(dataDir, 'n8n.log');
  const { nodeArguments } = clockFile;
  const shared = {
    encryptionKey,
    nodeArguments,
    env: { ...clockFile.environment, ...options.env },
  };
  const queue = options.queue && (await prepareQueue(options.queue, { ...options, ...shared }));
  const n8n = new N8nProcess({
    port,
    userFolder,
    encryptionKey,
    logFile,
    nodeArguments,
    env: { ...shared.env, ...queue?.mainEnv },
    onProgress: (seconds) => say(`Starting n8n (${seconds} s)`),
  });
  const others = queue?.others ?? [];
  try {
    say('Starting n8n');
    await n8n.start(options.signal);
    // Main has made the tables that they all use.
    await Promise.all(others.map((other) => other.start(options.signal)));
    say('Setting up owner, account and workflows');
    const api = new N8nApi(n8n.baseUrl);
    const webhookUrl = queue?.webhookUrl ?? n8n.baseUrl;
    const setup = await setUp({
      api,
      dataDir,
      state,
      sandboxUrl: sandbox.url,
      webhookUrl,
      workflows: options.workflows ?? [],
    }).catch((error: unknown) => {
      throw new Error(`${messageOf(error)}\n${n8n.logTail()}`, { cause: error });
    });
    saveState(dataDir, state);
    options.signal?.throwIfAborted();
    const clock = playgroundClock({
      sandboxUrl: sandbox.url,
      sandboxNow: () => sandbox.context.store.now(),
      login: () => api.login(state.owner),
    });
    return assemble({ n8n, others, sandbox, api, state, setup, dataDir, clock });
  } catch (error) {
    await Promise.all([n8n, ...others].map((one) => one.stop()));
    await sandbox.close();
    throw error;
  }
}

type Parts = Omit<Playground, 'stop' | 'kill9' | 'restart'>;

function assemble(parts: Parts): Playground {
  const { n8n, others, sandbox, api, state, setup } = parts;
  return {
    ...parts,
    stop: async () => {
      try {
        const [ended] = await Promise.all([n8n.stop(), ...others.map((other) => other.stop())]);
        return ended;
      } finally {
        await sandbox.close();
      }
    },
    kill9: async () => {
      await Promise.all([n8n, ...others].map((one) => one.kill9()));
    },
    restart: async () => {
      await n8n.start();
      await Promise.all(others.map((other) => other.start()));
      await api.login(state.owner);
      for (const id of Object.values(setup.workflowIds)) {
        const { active } = (await api.findWorkflow(id)) ?? { active: false };
        if (active) await api.untilPublished(id);
      }
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
