import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Egress } from '../../../../core/http';
import type { StoreTarget } from '../../../../core/model';
import type { OpenStoreOptions } from '../../../../core/store/openStore';
import type { WebhookTuning } from '../../../../core/webhooks';
import type { StoreContext } from '../../../support/storeContext';
import type { LogEntry } from '../../../support/testLogger';
import { waitFor } from '../../../support/waitFor';

export interface DispatcherSetup {
  /** Over DISPATCHER_TUNING. */
  tuning?: Partial<WebhookTuning>;
  /** Milliseconds its clock is ahead of this machine's. */
  skewMs?: number;
  /** Default: this machine alone. */
  egress?: Egress;
  /** A CommonJS file that is loaded before anything else, to break what the case wants broken. */
  prelude?: string;
  env?: NodeJS.ProcessEnv;
  /** The proxy of its calls; default none. */
  proxy?: string;
  /** Shows in the default User-Agent, to tell two processes apart; default 1.2.3. */
  version?: string;
  sqlite?: OpenStoreOptions['sqlite'];
  /** Another database than the suite's. */
  target?: StoreTarget;
  /** The file is its own, as in production; default: it shares it with the test. */
  alone?: boolean;
}

/** Why a dispatcher did not start, as its store said it. */
export interface StartFailure {
  code: string;
  message: string;
  hint?: string;
  retryable: boolean;
}

/** Times made short; what is not named is as in production. */
export const DISPATCHER_TUNING: Partial<WebhookTuning> = {
  leaseMs: 3_000,
  deadlineMs: 2_000,
  pollMs: 50,
};

const LOCAL_EGRESS: Egress = {
  allowedHosts: [],
  allowedRanges: ['127.0.0.0/8'],
  blockedRanges: [],
};

export interface DispatcherProcess {
  readonly child: ChildProcess;
  /** What it has logged so far. */
  readonly log: LogEntry[];
  /** Its store is open and it claims. */
  readonly ready: Promise<void>;
  /** Resolves with the exit code and signal when it has ended and everything it said has been read. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  isRunning(): boolean;
  /** Why it did not start, once it has said so. */
  failure(): StartFailure | undefined;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  terminate(): Promise<number | null>;
  /** The processor time it has used so far, in milliseconds. */
  cpuMs(): Promise<number>;
  /** Moves its clock; resolves when it has been moved. */
  setSkew(skewMs: number): Promise<void>;
}

interface Said {
  ready?: true;
  failure?: StartFailure;
  log?: LogEntry;
  skewMs?: number;
  cpuMs?: number;
}

/** Starts dispatcherMain.cjs, the runtime with only the dispatcher, on the suite's database. */
export function startDispatcherProcess(
  context: Pick<StoreContext, 'target' | 'secret'>,
  setup: DispatcherSetup = {},
): DispatcherProcess {
  const { tuning, skewMs = 0, egress = LOCAL_EGRESS, prelude, env, proxy } = setup;
  const { version = '1.2.3', sqlite, target = context.target, alone = false } = setup;
  const child = fork(path.resolve(__dirname, 'dispatcherMain.cjs'), {
    execArgv: prelude ? ['--require', prelude] : [],
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      ...env,
      DISPATCHER: JSON.stringify({
        target,
        secret: context.secret,
        skewMs,
        egress,
        proxy,
        version,
        sqlite,
        alone,
        tuning: { ...DISPATCHER_TUNING, ...tuning },
      }),
    },
  });
  const log: LogEntry[] = [];
  let skew: number | undefined;
  let cpuMs: number | undefined;
  let failure: StartFailure | undefined;
  let isReady = false;
  let isRunning = true;
  child.on('message', (message: Said) => {
    if (message.log) log.push(message.log);
    if (message.ready) isReady = true;
    if (message.failure) failure = message.failure;
    if (message.skewMs !== undefined) skew = message.skewMs;
    if (message.cpuMs !== undefined) cpuMs = message.cpuMs;
  });
  const ended = once(child, 'close').then(([code, signal]) => {
    isRunning = false;
    return { code: code as number | null, signal: signal as NodeJS.Signals | null };
  });
  const ready = waitFor(() => isReady || !isRunning, {
    what: 'the dispatcher to be ready',
    intervalMs: 5,
  }).then(() => {
    if (!isReady)
      throw new Error(`The dispatcher did not start: ${failure?.message ?? 'it ended'}`);
  });
  // Whoever does not wait for it is told by what does not arrive.
  ready.catch(() => undefined);
  return {
    child,
    log,
    ready,
    ended,
    isRunning: () => isRunning,
    failure: () => failure,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async terminate() {
      child.kill('SIGTERM');
      return (await ended).code;
    },
    async cpuMs() {
      cpuMs = undefined;
      child.send({ cpu: true });
      await waitFor(() => cpuMs !== undefined, { what: 'the dispatcher to tell its usage' });
      return cpuMs ?? 0;
    },
    async setSkew(skewMs) {
      child.send({ skewMs });
      await waitFor(() => skew === skewMs, { what: 'the clock of the dispatcher to be moved' });
    },
  };
}

/** Dispatchers of one test; those that still run at its end are killed. */
export function dispatchersOf(context: StoreContext) {
  const running: DispatcherProcess[] = [];

  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.kill()));
  });

  return {
    /** Started, whether it comes up or not. */
    launch(setup?: DispatcherSetup): DispatcherProcess {
      const dispatcher = startDispatcherProcess(context, setup);
      running.push(dispatcher);
      return dispatcher;
    },

    /** Started and ready. */
    async start(setup?: DispatcherSetup): Promise<DispatcherProcess> {
      const dispatcher = startDispatcherProcess(context, setup);
      running.push(dispatcher);
      await dispatcher.ready;
      return dispatcher;
    },
  };
}
