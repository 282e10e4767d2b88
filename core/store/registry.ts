import { StoreError, type StoreTarget } from '../model';
import { SCHEMA_VERSION } from './migrations';
import { openStore, type OpenStoreOptions } from './openStore';
import { loadPostgres } from './postgres/load';
import { refuseEmbeddedBesideServer, refuseEmbeddedInQueueMode } from './refusals';
import { createSealer } from './sealing';
import { holdFile, realPath, refuseFileHeldFarAway } from './sqlite/fileHold';
import type { Store } from './store';

/**
 * The place outlives this module: an update of the package clears n8n's require cache and loads a second copy into
 * the same process. What other copies rely on (these names, `stop`) must never change.
 */
const PLACE = Symbol.for('n8n-nodes-omnichannel.stores');

interface Entry {
  kind: StoreTarget['kind'];
  /** For messages: never a password. */
  where: string;
  keyCheck: string;
  opening: Promise<Store>;
}

interface Registry {
  /** Version of the package copy that owns these stores. */
  version: string;
  schemaVersion: string;
  entries: Map<string, Entry>;
  /** Resolves when the stores of the copy before are closed. */
  ready: Promise<void>;
  /** Closes every store, for a newer copy that takes over. */
  stop(): Promise<void>;
}

export interface AcquireStoreOptions extends OpenStoreOptions {
  /** Version of the package (Host.version). */
  version: string;
  /** A program that ends by itself beside an n8n that may be running (Host.isOneOff): it shares the embedded store. */
  isOneOff?: boolean | undefined;
}

/**
 * The store of a target, opened once per process and shared. It stays open until `close()` or until a newer copy of
 * the package takes over; a store that failed to open is tried again with the next call. An embedded store is this
 * process's alone meanwhile (see sqlite/fileHold.ts).
 * @throws StoreError `store_locked` when another process has the embedded store, `store_conflict` when the embedded store is asked for beside a server store or in queue mode,
 *   with another encryption key than the one in use, or by an older copy of the package; and what openStore throws
 */
export async function acquireStore(options: AcquireStoreOptions): Promise<Store> {
  const registry = takeRegistry(options.version);
  await registry.ready;
  const { key, where } = await identify(options.target);
  const entry = registry.entries.get(key);
  if (entry) {
    refuseOtherKey(entry, options);
    return await entry.opening;
  }
  refuseSecondKind(registry, options.target);
  return await openInto(registry, key, where, options);
}

async function openInto(
  registry: Registry,
  key: string,
  where: string,
  options: AcquireStoreOptions,
): Promise<Store> {
  const { target, encryptionSecret } = options;
  const entry: Entry = {
    kind: target.kind,
    where,
    keyCheck: createSealer(encryptionSecret).keyCheck(),
    opening: openAlone(options).then((store) => ({
      ...store,
      close: () => {
        forget();
        return store.close();
      },
    })),
  };
  const forget = () => {
    if (registry.entries.get(key) === entry) registry.entries.delete(key);
  };
  registry.entries.set(key, entry);
  entry.opening.catch(forget);
  return await entry.opening;
}

async function openAlone(options: AcquireStoreOptions): Promise<Store> {
  const { target, isOneOff = false, executionsMode } = options;
  if (target.kind !== 'sqlite') return await openStore(options);
  refuseEmbeddedInQueueMode(target, executionsMode);
  const file = realPath(target.file);
  if (isOneOff) {
    refuseFileHeldFarAway(file);
    return await openStore(options);
  }
  const hold = await holdFile(file);
  try {
    const store = await openStore(options);
    return { ...store, close: () => store.close().finally(() => hold.release()) };
  } catch (error) {
    hold.release();
    throw error;
  }
}

function takeRegistry(version: string): Registry {
  const holder = globalThis as { [PLACE]?: Registry };
  const present = holder[PLACE];
  const order = present ? compareVersions(version, present.version) : 1;
  if (present && order === 0) return present;
  // A copy that has closed all its stores is out of use: going back to an older version is then no conflict.
  if (present && order < 0 && present.entries.size > 0) {
    throw new StoreError(
      'store_conflict',
      `Version ${present.version} of n8n-nodes-omnichannel already runs in this n8n, and this node is of version ${version}.`,
      false,
      {
        hint: 'Restart n8n; if this remains, the package is installed twice: remove the older copy.',
      },
    );
  }
  const entries = new Map<string, Entry>();
  const registry: Registry = {
    version,
    schemaVersion: SCHEMA_VERSION,
    entries,
    ready: present ? present.stop() : Promise.resolve(),
    stop: () => closeAll(entries),
  };
  holder[PLACE] = registry;
  return registry;
}

async function closeAll(entries: Map<string, Entry>): Promise<void> {
  const closing = [...entries.values()].map(async (entry) => (await entry.opening).close());
  entries.clear();
  // A store that could not be opened has nothing to close, and one that fails to close must not hold up the update.
  await Promise.allSettled(closing);
}

/** Closes every store of this process and forgets who opened them; the next acquireStore, of any version, opens anew. For the end of a program and for tests. */
export async function closeStores(): Promise<void> {
  const holder = globalThis as { [PLACE]?: Registry };
  const present = holder[PLACE];
  await present?.stop();
  // Unless somebody opened a store meanwhile: the version then has users again.
  if (holder[PLACE] === present && present?.entries.size === 0) delete holder[PLACE];
}

/** @returns negative, zero or positive, by the numbers of `major.minor.patch`; a pre-release counts as its release */
function compareVersions(a: string, b: string): number {
  const numbersOf = (version: string) =>
    (version.split(/[-+]/)[0] ?? '').split('.').map((part) => Number(part) || 0);
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The same key for two targets that are the same place, however they were written; and its name for people. */
async function identify(target: StoreTarget): Promise<{ key: string; where: string }> {
  if (target.kind === 'sqlite') {
    return { key: `sqlite ${realPath(target.file)}`, where: target.file };
  }
  const { identifyTarget, describeTarget } = await loadPostgres();
  return { key: identifyTarget(target), where: describeTarget(target) };
}

function refuseSecondKind(registry: Registry, target: StoreTarget): void {
  for (const entry of registry.entries.values()) {
    if (entry.kind === 'postgres') refuseEmbeddedBesideServer(target, entry.where);
  }
}

function refuseOtherKey(entry: Entry, options: AcquireStoreOptions): void {
  if (createSealer(options.encryptionSecret).keyCheck() === entry.keyCheck) return;
  throw new StoreError(
    'store_conflict',
    `The store ${entry.where} is in use in this process with another encryption key.`,
    false,
    {
      hint: 'Give the same encryption key wherever this store is named (environment and credentials).',
    },
  );
}
