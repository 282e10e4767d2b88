import { tendDueLogins, watchSilence } from '../accounts';
import type { CalendarsContext } from '../appointments';
import { syncDueCalendars } from '../appointments/syncDue';
import { endOverduePauses } from '../conversations/overdue';
import { runErasures } from '../contacts';
import { rollUp } from '../insight';
import { runScheduled } from '../journeys';
import { runCatchUps } from '../messaging/catchUp/catchUp';
import { runDueBroadcasts } from '../journeys/broadcasts/run';
import type { MessagingContext } from '../messaging/context';
import { readDueProfiles } from '../messaging/profiles/readProfiles';
import { settleUnknownSends } from '../messaging/settle';
import { followHubWalks, type PortalContext } from '../portal';
import { resumeAnswered, type WaitsContext } from '../messaging/waits';
import { createDispatcher, type WebhooksContext } from '../webhooks';
import { prune } from './prune';
import { leasedRunner, type Runner } from './runner';
import { closeUnwantedDoors } from './unwantedDoors';

/** Held by an active trigger node; whoever holds one keeps the background work of this process going. */
export interface RuntimeHandle {
  /** The last release ends the background work; the App stays open for whoever still uses it. */
  release(): Promise<void>;
}

/** Who holds the runtime of an App, for a newer copy of the package that takes over. These names must never change. */
export interface RuntimeUse {
  resume(acquire: () => Promise<RuntimeHandle>): Promise<void>;
}

/** The runtime of one App: reference-counted, one per process. */
export interface Runtime {
  readonly uses: Set<RuntimeUse>;
  acquire(): RuntimeHandle;
  /** Ends the background work whoever holds it. */
  stop(): Promise<void>;
}

/** What the background work needs; the App has all of it. */
export type RuntimeDeps = MessagingContext &
  WebhooksContext &
  CalendarsContext &
  PortalContext &
  WaitsContext;

const MINUTE_MS = 60_000;

/** Everything that goes on in the background, each under its own lease; webhooks under one for each delivery. */
function runnersOf(app: RuntimeDeps): Runner[] {
  return [
    leasedRunner(app, {
      name: 'settle',
      everyMs: 5_000,
      wakeOn: 'sends',
      run: () => settleUnknownSends(app),
    }),
    leasedRunner(app, {
      name: 'waits',
      everyMs: (untilNextMs: number) => untilNextMs,
      wakeOn: 'waits',
      run: ({ signal }) => resumeAnswered(app, signal),
    }),
    leasedRunner(app, {
      name: 'prune',
      everyMs: 10 * MINUTE_MS,
      run: ({ signal }) => prune(app, signal),
    }),
    leasedRunner(app, {
      name: 'statistics',
      everyMs: 5 * MINUTE_MS,
      run: ({ signal }) => rollUp(app, signal),
    }),
    leasedRunner(app, {
      name: 'erasures',
      everyMs: 15_000,
      run: ({ signal }) => runErasures(app, signal),
    }),
    leasedRunner(app, {
      name: 'doors',
      everyMs: 15_000,
      run: ({ signal }) => closeUnwantedDoors(app, signal),
    }),
    leasedRunner(app, {
      name: 'logins',
      // A token may live 90 seconds or 60 days: the nearest due one sets the pace.
      everyMs: (untilNextMs: number) => untilNextMs,
      wakeOn: 'logins',
      run: ({ signal }) => tendDueLogins(app, signal),
    }),
    leasedRunner(app, {
      name: 'silence',
      everyMs: MINUTE_MS,
      run: ({ signal }) => watchSilence(app, signal),
    }),
    leasedRunner(app, {
      name: 'catchUp',
      everyMs: 15_000,
      run: ({ signal }) => runCatchUps(app, signal),
    }),
    leasedRunner(app, {
      name: 'calendars',
      everyMs: (untilNextMs: number) => untilNextMs,
      wakeOn: 'calendars',
      run: ({ signal }) => syncDueCalendars(app, signal),
    }),
    leasedRunner(app, {
      name: 'scheduled',
      everyMs: (untilNextMs: number) => untilNextMs,
      wakeOn: 'scheduled',
      run: ({ signal }) => runScheduled(app, signal),
    }),
    leasedRunner(app, {
      name: 'broadcasts',
      everyMs: (untilNextMs: number) => untilNextMs,
      wakeOn: 'broadcasts',
      run: (context) => runDueBroadcasts(app, context),
    }),
    leasedRunner(app, {
      name: 'pauses',
      everyMs: (untilNextMs: number) => untilNextMs,
      run: ({ signal }) => endOverduePauses(app, signal),
    }),
    leasedRunner(app, {
      name: 'profiles',
      everyMs: 3_000,
      run: ({ signal }) => readDueProfiles(app, signal),
    }),
    leasedRunner(app, {
      name: 'hubLogins',
      everyMs: 15_000,
      run: ({ signal }) => followHubWalks(app, signal),
    }),
    createDispatcher(app),
  ];
}

/** @param makeRunners for tests */
export function createRuntime(
  app: RuntimeDeps,
  makeRunners: (app: RuntimeDeps) => Runner[] = runnersOf,
): Runtime {
  const uses = new Set<RuntimeUse>();
  let runners: Runner[] = [];

  const stop = async () => {
    const ending = runners;
    runners = [];
    await Promise.all(ending.map((runner) => runner.stop()));
  };
  return {
    uses,
    stop,
    acquire() {
      let present: RuntimeHandle | undefined;
      const use: RuntimeUse = {
        resume: async (acquire) => {
          if (!uses.has(use)) return;
          present = await acquire();
          if (!uses.has(use)) await present.release();
        },
      };
      uses.add(use);
      if (runners.length === 0) {
        runners = makeRunners(app);
        for (const runner of runners) runner.start();
      }
      return {
        async release() {
          if (!uses.delete(use)) return;
          await present?.release();
          if (uses.size === 0) await stop();
        },
      };
    },
  };
}

/** Keeps the background work of this process going until the handle is released. */
export async function acquireRuntime(app: { runtime: Runtime }): Promise<RuntimeHandle> {
  return app.runtime.acquire();
}
