import { createRequire } from 'node:module';
import { StoreError } from '../../model';
import { bindKysely } from '../boundKysely';
import { packError } from '../errorTransfer';
import { createTx, distinctSignals } from '../executor';
import type { TenantTx } from '../unit';
import type { SqliteConnection } from './connection';
import { translateSqliteError } from './errors';
import type { UnitAnswer, UnitRequest } from './protocol';

/** A group ends after this many milliseconds, so that a slow unit delays few others. */
const GROUP_MS = 20;

const load = createRequire(__filename);
const units = new Map<string, (tx: TenantTx, args: unknown) => Promise<unknown>>();

/** The whole transaction is gone, and with it the work of every unit in it. */
class GroupLostError extends Error {}

/**
 * Runs waiting units in ONE transaction with one commit, each in a savepoint of its own: a unit that fails is undone
 * alone. Units run one after another, each to its end.
 * @param queue units are taken from its front; those that do not fit into the group's time stay in it
 * @returns one answer for each unit taken, given after the commit; where the file is locked or the commit fails,
 *   every one of them gets that error
 */
export async function runGroup(
  connection: SqliteConnection,
  file: string,
  queue: UnitRequest[],
): Promise<UnitAnswer[]> {
  try {
    connection.step('BEGIN IMMEDIATE');
  } catch (error) {
    // Everybody who waits has waited for the lock: none of them waits once more.
    return refuseAll(queue.splice(0), error, file);
  }
  const taken: UnitRequest[] = [];
  const answers: UnitAnswer[] = [];
  const started = performance.now();
  try {
    for (let next = queue.shift(); next; next = takeNext(queue, started)) {
      taken.push(next);
      answers.push(await runInSavepoint(connection, file, next));
    }
    connection.step('COMMIT');
    return answers;
  } catch (error) {
    if (connection.isInTransaction) connection.exec('ROLLBACK');
    return refuseAll(taken, error instanceof GroupLostError ? error.cause : error, file);
  }
}

function refuseAll(requests: UnitRequest[], error: unknown, file: string): UnitAnswer[] {
  const packed = packError(translateSqliteError(error, file));
  return requests.map(({ id }) => ({ id, ok: false, error: packed }));
}

function takeNext(queue: UnitRequest[], started: number): UnitRequest | undefined {
  return performance.now() - started < GROUP_MS ? queue.shift() : undefined;
}

async function runInSavepoint(
  connection: SqliteConnection,
  file: string,
  request: UnitRequest,
): Promise<UnitAnswer> {
  const bound = bindKysely('sqlite', async (query) => connection.query(query));
  const { tx, signals } = createTx(bound.db, 'sqlite', request, async () => Date.now());
  connection.step('SAVEPOINT unit');
  try {
    const value = await findUnit(request)(tx, request.args);
    bound.end();
    connection.step('RELEASE unit');
    return { id: request.id, ok: true, value, signals: distinctSignals(signals) };
  } catch (error) {
    bound.end();
    // On a full disk and the like SQLite undoes the whole transaction by itself.
    if (!connection.isInTransaction) throw new GroupLostError('', { cause: error });
    connection.step('ROLLBACK TO unit');
    connection.step('RELEASE unit');
    return { id: request.id, ok: false, error: packError(translateSqliteError(error, file)) };
  }
}

function findUnit(request: UnitRequest): (tx: TenantTx, args: unknown) => Promise<unknown> {
  const key = `${request.module}#${request.name}`;
  let run = units.get(key);
  if (!run) {
    run = readUnit(load(request.module) as Record<string, unknown>, request.name);
    if (!run) {
      throw new StoreError(
        'store_failed',
        `The unit of work "${request.name}" is not exported by its module.`,
        false,
        { hint: 'Reinstall the package; if it was just updated, restart n8n.' },
      );
    }
    units.set(key, run);
  }
  return run;
}

function readUnit(module: Record<string, unknown>, name: string) {
  const unit = module[name] as { run?: unknown } | undefined;
  return typeof unit?.run === 'function'
    ? (unit.run as (tx: TenantTx, args: unknown) => Promise<unknown>)
    : undefined;
}
