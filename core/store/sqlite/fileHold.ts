import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../../model';
import { errorFacts } from '../errorFacts';
import { USE_A_SERVER } from '../refusals';
import { translateSqliteError } from './errors';
import { loadSqlite } from './library';

/*
 * One process at a time has the embedded store. The lock is an exclusive transaction on an empty second database,
 * `<file>.lock`: the operating system ends it with its holder, however that one dies, and a holder that is merely slow
 * or stopped keeps it. There is no heartbeat: a blocked event loop looks like a dead one, and two processes that both
 * believe in being alone are worse than one that must wait. `<file>.holder` says who has it; it decides nothing.
 */

/** This process's hold of an embedded database; ends with `release()` or with the process. */
export interface FileHold {
  release(): void;
}

interface Holder {
  pid: number;
  host: string;
  /** ISO 8601. */
  since: string;
}

/** For an n8n that is just ending; n8n itself tries a refused workflow again, after longer and longer pauses. */
const PATIENCE_MS = 5_000;
const ASK_EVERY_MS = 100;
/** Who was refused moments ago asks without patience: n8n activates one workflow after the other at its start. */
const REFUSED_REMEMBERED_MS = 30_000;
const SQLITE_BUSY = 5;

/** When a file was last refused (`performance.now()`). */
const refusedAt = new Map<string, number>();

/**
 * Takes the file for this process alone.
 * @param file its real path, so that every process means the same lock
 * @throws StoreError `store_locked` naming process and host of the holder, after a few seconds of patience
 */
export async function holdFile(file: string): Promise<FileHold> {
  const wasRefused = performance.now() - (refusedAt.get(file) ?? -Infinity) < REFUSED_REMEMBERED_MS;
  const deadline = performance.now() + (wasRefused ? 0 : PATIENCE_MS);
  for (;;) {
    const lock = tryLock(file);
    if (lock) {
      refusedAt.delete(file);
      return holdOf(file, lock);
    }
    if (performance.now() >= deadline) {
      refusedAt.set(file, performance.now());
      throw heldError(file, readHolder(file));
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
}

/**
 * For a program that works beside n8n for a moment and takes nothing: SQLite's own locks keep the two apart, as long
 * as both are on one machine.
 * @throws StoreError `store_locked` when a process of another machine has the file
 */
export function refuseFileHeldFarAway(file: string): void {
  const holder = presentHolder(file);
  if (holder && holder.host !== hostname()) throw heldError(file, holder);
}

/** @throws StoreError `store_locked` when another process has the file */
export function refuseFileHeldElsewhere(file: string): void {
  const holder = presentHolder(file);
  const isOurs = holder?.host === hostname() && holder.pid === process.pid;
  if (holder && !isOurs) throw heldError(file, holder);
}

/** The same for every way to write it. The file may not be there yet; it or its folder may be reached through a link. */
export function realPath(file: string): string {
  const absolute = resolve(file);
  for (const find of [
    () => realpathSync(absolute),
    () => join(realpathSync(dirname(absolute)), basename(absolute)),
  ]) {
    try {
      return find();
    } catch {
      // Not there: as the next way sees it.
    }
  }
  return absolute;
}

function holdOf(file: string, lock: DatabaseSync): FileHold {
  writeHolder(file);
  let isHeld = true;
  return {
    release() {
      if (!isHeld) return;
      isHeld = false;
      rmSync(holderFile(file), { force: true });
      lock.close();
    },
  };
}

/** Who holds the file at this moment; null = nobody. */
function presentHolder(file: string): Partial<Holder> | null {
  // Asking must leave nothing behind.
  if (!existsSync(lockFile(file))) return null;
  const lock = tryLock(file);
  lock?.close();
  return lock ? null : readHolder(file);
}

/** @returns undefined when somebody has it */
function tryLock(file: string): DatabaseSync | undefined {
  const { DatabaseSync } = loadSqlite();
  let lock: DatabaseSync | undefined;
  try {
    makeLockFile(file);
    lock = new DatabaseSync(lockFile(file), { timeout: 0 });
    // Nothing is ever written, so nothing must be undone after a crash.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock?.close();
    if ((errorFacts(error).sqliteCode & 0xff) === SQLITE_BUSY) return undefined;
    throw translateSqliteError(error, file);
  }
}

/** For its owner alone, and never opened where it is there: POSIX ends a process's lock when it closes any other handle. */
function makeLockFile(file: string): void {
  if (existsSync(lockFile(file))) return;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    closeSync(openSync(lockFile(file), 'wx', 0o600));
  } catch (error) {
    // Another process was quicker.
    if (errorFacts(error).code !== 'EEXIST') throw error;
  }
}

function writeHolder(file: string): void {
  const holder: Holder = {
    pid: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
  };
  const draft = `${holderFile(file)}.new`;
  try {
    writeFileSync(draft, JSON.stringify(holder), { mode: 0o600 });
    renameSync(draft, holderFile(file));
  } catch {
    // On a full disk the store must open all the same; only its name is then missing in another's refusal.
    rmSync(holderFile(file), { force: true });
  }
}

function readHolder(file: string): Partial<Holder> {
  try {
    return JSON.parse(readFileSync(holderFile(file), 'utf8')) as Partial<Holder>;
  } catch {
    return {};
  }
}

function heldError(file: string, { pid, host, since }: Partial<Holder>): StoreError {
  const who = pid === undefined ? 'another process' : `process ${pid} on the host "${host}"`;
  const from = since === undefined ? '' : `, since ${since.slice(0, 16).replace('T', ' ')} UTC`;
  return new StoreError(
    'store_locked',
    `${file} is in use by ${who}${from}. Only one n8n at a time may use this file.`,
    true,
    {
      hint: `Stop the other n8n; if it is just ending, this one goes on by itself. For several at a time: ${USE_A_SERVER}`,
      details: { file, holder: { pid, host, since } },
    },
  );
}

function lockFile(file: string): string {
  return `${file}.lock`;
}

function holderFile(file: string): string {
  return `${file}.holder`;
}
