import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { LoginsContext } from '../accounts/context';
import { startConsumer, type ActiveConsumer } from '../events';
import { createHttpClient, type HttpClient } from '../http/client';
import type { ActiveJourney, JourneyDeps } from '../journeys/due';
import { noteUsage } from '../limits';
import type { MessagingContext } from '../messaging/context';
import { describeError, systemClock, type Clock, type Host, type Logger } from '../model';
import { createGoogleClient, type GoogleClient } from '../providers/google/client';
import { createCalendarCheck } from '../providers/google/connectionCheck';
import { createProviderRegistry } from '../providers/registry';
import { acquireStore, closeStores } from '../store/registry';
import type { Store } from '../store/store';
import { createRuntime, type Runtime, type RuntimeUse } from './runtime';

/** Everything core/ needs to work, over one store; one per store and process, shared by all nodes. */
export interface App extends JourneyDeps, MessagingContext, LoginsContext {
  readonly host: Host;
  readonly store: Store;
  readonly http: HttpClient;
  /** Calls Google's calendars; its access tokens are shared by all nodes. */
  readonly google: GoogleClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** This process among all that share the store. */
  readonly processId: string;
  readonly activeConsumers: Set<ActiveConsumer>;
  readonly activeJourneys: Set<ActiveJourney>;
  readonly runtime: Runtime;
}

/** What a copy of the package leaves to the newer one that replaces it. */
interface Legacy {
  host: Host;
  consumers: ActiveConsumer[];
  journeys: ActiveJourney[];
  uses: RuntimeUse[];
}

/**
 * The Apps of one copy of the package. What other copies rely on (`version`, `stop`, Legacy, HandedOver, RuntimeUse)
 * must never change.
 */
interface Copy {
  version: string;
  apps: Map<Store, App>;
  /** Resolves when the copy before has been replaced. */
  ready: Promise<void>;
  /** Stops everything in the background and hands over what was going on. */
  stop(): Promise<Legacy[]>;
}

/**
 * The place outlives this module: an update of the package clears n8n's require cache and loads a second copy into the
 * same process, while triggers published before go on with the first.
 */
const PLACE = Symbol.for('n8n-nodes-omnichannel.app');
const holder = globalThis as { [PLACE]?: Copy };
const PROCESS_ID = `${hostname()}:${process.pid}:${randomBytes(4).toString('hex')}`;

/**
 * The App over the host's store: opened once per process, the same for every later call. It stays open when no trigger
 * is active, for executions use it too; nothing of it holds the process.
 *
 * The first call of a newer copy of the package asks the older one to stop and takes its work over: published triggers
 * go on consuming, through the new code, without being published again.
 * @throws StoreError when the store cannot be opened, with the remedy as its hint
 */
export async function openApp(host: Host): Promise<App> {
  const copy = presentCopy(host);
  await copy.ready;
  return await appOver(copy, host);
}

/** Ends everything of this process: consumers, background work, connections, stores. For programs and tests. */
export async function closeApps(): Promise<void> {
  const copy = holder[PLACE];
  delete holder[PLACE];
  await copy?.stop();
  await closeStores();
}

function presentCopy(host: Host): Copy {
  const present = holder[PLACE];
  if (present && !isNewer(host.version, present.version)) return present;
  const apps = new Map<Store, App>();
  const copy: Copy = {
    version: host.version,
    apps,
    ready: Promise.resolve(),
    stop: () => stopApps(apps),
  };
  holder[PLACE] = copy;
  if (present) copy.ready = replace(present, copy);
  return copy;
}

async function replace(older: Copy, copy: Copy): Promise<void> {
  // Before acquireStore, which closes the older copy's stores: what runs must still be written down there.
  for (const legacy of await older.stop()) {
    const { logger } = legacy.host;
    try {
      await takeOver(await appOver(copy, { ...legacy.host, version: copy.version }), legacy);
      logger.info(`Version ${copy.version} goes on where version ${older.version} was stopped.`);
    } catch (error) {
      logger.error(
        `Published triggers of version ${older.version} stand still; publish their workflows again. ${describeError(error)}`,
      );
    }
  }
}

async function takeOver(app: App, legacy: Legacy): Promise<void> {
  for (const use of legacy.uses) await use.resume(async () => app.runtime.acquire());
  for (const consumer of legacy.consumers) {
    await consumer.resume((options) => startConsumer(app, options));
  }
  if (legacy.journeys.length === 0) return;
  // Times and calendars take a library that a process without journeys need not hold.
  const { startJourneyTrigger } = await import('../journeys/due/index.js');
  for (const journey of legacy.journeys) {
    await journey.resume((options) => startJourneyTrigger(app, options));
  }
}

async function appOver(copy: Copy, host: Host): Promise<App> {
  const store = await acquireStore({
    target: host.store,
    encryptionSecret: host.encryptionKey.secret,
    executionsMode: host.executionsMode,
    isOneOff: host.isOneOff,
    logger: host.logger,
    version: host.version,
  });
  const present = copy.apps.get(store);
  if (present) return present;
  const app = createApp(host, store);
  copy.apps.set(store, app);
  return app;
}

function createApp(host: Host, store: Store): App {
  const { logger } = host;
  const clock = systemClock;
  const http = createHttpClient({
    userAgent: `n8n-nodes-omnichannel/${host.version}`,
    logger,
    egress: host.egress,
  });
  const app: Omit<App, 'runtime'> = {
    host,
    store,
    http,
    google: createGoogleClient({ http, clock }),
    providers: createProviderRegistry({
      http,
      clock,
      onUsage: (account, report) => {
        // Beside the answer that brought it: who sends does not wait for this.
        noteUsage({ store, logger }, account, report).catch((error: unknown) => {
          logger.warn('What a provider says of its own limits could not be noted.', {
            tenantId: account.tenantId,
            accountId: account.id,
            error: describeError(error),
          });
        });
      },
    }),
    checks: new Map([['google', createCalendarCheck({ http, clock })]]),
    clock,
    logger,
    processId: PROCESS_ID,
    uncountedSends: host.uncountedSends,
    activeConsumers: new Set(),
    activeJourneys: new Set(),
  };
  return Object.assign(app, { runtime: createRuntime(app) });
}

async function stopApps(apps: Map<Store, App>): Promise<Legacy[]> {
  return await Promise.all(
    [...apps.values()].map(async (app) => {
      const consumers = [...app.activeConsumers];
      const journeys = [...app.activeJourneys];
      const triggers = [...consumers, ...journeys];
      await Promise.all([app.runtime.stop(), ...triggers.map((trigger) => trigger.pause())]);
      await app.http.close();
      return { host: app.host, consumers, journeys, uses: [...app.runtime.uses] };
    }),
  );
}

/** By the numbers of `major.minor.patch`. */
function isNewer(version: string, than: string): boolean {
  const numbers = (text: string) => text.split(/[-+]/)[0] ?? '';
  return numbers(version).localeCompare(numbers(than), 'en', { numeric: true }) > 0;
}
