import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  parentPort,
  receiveMessageOnPort,
  workerData,
  type MessagePort,
} from 'node:worker_threads';
import { bindKysely } from '../boundKysely';
import { errorFacts } from '../errorFacts';
import { packError } from '../errorTransfer';
import type { StoreFacts } from '../executor';
import { rememberKeyCheck } from '../meta';
import { migrate } from '../migrations/migrate';
import { SqliteConnection } from './connection';
import { translateSqliteError } from './errors';
import { runGroup } from './groupRunner';
import type { FromWorker, ToWorker, UnitAnswer, UnitRequest, WorkerSettings } from './protocol';

/*
 * The thread that owns the embedded database: SQLite is synchronous, and a slow statement must not stop n8n.
 * Two connections to the one file, because `synchronous` is a setting of a connection.
 */

if (!parentPort) throw new Error('This file runs in a worker thread.');
const port: MessagePort = parentPort;
const settings = workerData as WorkerSettings;

interface Connections {
  full: SqliteConnection;
  normal: SqliteConnection;
}

let connections: Connections | undefined;
const queue: UnitRequest[] = [];
let isClosing = false;
let isWorking = false;

port.on('message', (message: ToWorker) => {
  void accept(message);
});

async function accept(message: ToWorker): Promise<void> {
  switch (message.kind) {
    case 'open':
      send(await open(message.id, message.keyCheck));
      return;
    case 'units':
      queue.push(...message.units);
      break;
    case 'close':
      isClosing = true;
      break;
  }
  await work();
}

/** Commits groups until nobody waits; what arrives while a group runs is in the next one. */
async function work(): Promise<void> {
  if (isWorking) return;
  isWorking = true;
  try {
    while (takeArrived() && connections) {
      // Whoever asked for less gets the flush that the others need anyway, and the order of arrival is kept.
      const needsFlush = queue.some((unit) => unit.durability === 'full');
      const connection = needsFlush ? connections.full : connections.normal;
      answer(await runGroup(connection, settings.file, queue));
    }
  } finally {
    isWorking = false;
  }
  if (isClosing) close();
}

/** Reads what lies in the port without a turn of the event loop per message. */
function takeArrived(): boolean {
  for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) {
    const message = next.message as ToWorker;
    if (message.kind === 'units') queue.push(...message.units);
    else if (message.kind === 'close') isClosing = true;
  }
  return queue.length > 0;
}

function answer(answers: UnitAnswer[]): void {
  try {
    send({ kind: 'answers', answers });
  } catch {
    // A result that cannot be cloned spoils the whole batch: send one by one and name the culprit.
    for (const one of answers) answerOne(one);
  }
}

function answerOne(one: UnitAnswer): void {
  try {
    send({ kind: 'answers', answers: [one] });
  } catch (error) {
    const packed = packError(translateSqliteError(error, settings.file));
    send({ kind: 'answers', answers: [{ id: one.id, ok: false, error: packed }] });
  }
}

function send(message: FromWorker): void {
  port.postMessage(message);
}

async function open(id: number, keyCheck: string): Promise<FromWorker> {
  try {
    makeFile();
    connections = { full: await connect('FULL'), normal: await connect('NORMAL') };
    return { kind: 'opened', id, facts: await prepare(connections.full, keyCheck) };
  } catch (error) {
    closeConnections();
    return { kind: 'refused', id, error: packError(translateSqliteError(error, settings.file)) };
  }
}

/** Messages of customers are in there: the folder and the file that we make are for their owner alone. */
function makeFile(): void {
  mkdirSync(dirname(settings.file), { recursive: true, mode: 0o700 });
  closeSync(openSync(settings.file, 'a', 0o600));
}

/**
 * Opens one connection. Switching a new file to write-ahead logging needs it alone for a moment, and SQLite's busy
 * timeout does not cover that: two processes that start together would meet there.
 */
async function connect(synchronous: 'FULL' | 'NORMAL'): Promise<SqliteConnection> {
  const deadline = performance.now() + settings.busyTimeoutMs;
  for (;;) {
    try {
      const onSlow = (sql: string, milliseconds: number) =>
        send({ kind: 'slow', sql, milliseconds });
      return new SqliteConnection({ ...settings, synchronous, onSlow });
    } catch (error) {
      const isBusy = (errorFacts(error).sqliteCode & 0xff) === 5;
      if (!isBusy || performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** Migrates under the write lock, so that a second process waits and then finds everything done. */
async function prepare(connection: SqliteConnection, keyCheck: string): Promise<StoreFacts> {
  const { db, end } = bindKysely('sqlite', async (query) => connection.query(query));
  connection.step('BEGIN IMMEDIATE');
  try {
    const schemaVersion = await migrate(db, 'sqlite');
    const storedKeyCheck = await rememberKeyCheck(db, keyCheck);
    connection.step('COMMIT');
    return {
      location: settings.file,
      serverVersion: connection.serverVersion(),
      schemaVersion,
      storedKeyCheck,
    };
  } catch (error) {
    if (connection.isInTransaction) connection.exec('ROLLBACK');
    throw error;
  } finally {
    end();
  }
}

function closeConnections(): void {
  connections?.normal.close();
  connections?.full.close();
  connections = undefined;
}

function close(): void {
  closeConnections();
  port.close();
}
