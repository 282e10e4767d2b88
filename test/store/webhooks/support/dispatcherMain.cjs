'use strict';

/*
 * The runtime with only the dispatcher, as a process of its own: DISPATCHER holds { target, secret, tuning, skewMs,
 * egress, proxy, version, sqlite, alone }. Without "alone" it shares a SQLite file with the test that looks at it, under
 * SQLite's own locks; with it the file is its own, as in production. It says { ready: true } or { failure }, passes on what it logs, and ends in order at
 * SIGTERM. A message { skewMs } moves its clock, { cpu: true } asks for its usage.
 */

const { createHttpClient } = require('../../../../dist/core/http');
const { acquireStore, openStore } = require('../../../../dist/core/store');
const { createDispatcher } = require('../../../../dist/core/webhooks');

const setup = JSON.parse(process.env.DISPATCHER ?? '{}');
let skewMs = Number(setup.skewMs ?? 0);
const clock = { now: () => Date.now() + skewMs };

/** @param {unknown} message */
const say = (message) => {
  if (process.connected) process.send?.(message);
};
/** @param {string} level */
const write =
  (level) =>
  (/** @type {string} */ message, meta = {}) =>
    say({ log: { level, message, meta } });
const logger = {
  debug: write('debug'),
  info: write('info'),
  warn: write('warn'),
  error: write('error'),
};

process.on('message', (/** @type {{ skewMs?: number, cpu?: true }} */ message) => {
  if (message.cpu) {
    const { user, system } = process.cpuUsage();
    say({ cpuMs: (user + system) / 1_000 });
    return;
  }
  skewMs = message.skewMs ?? skewMs;
  say({ skewMs });
});

async function main() {
  const open = setup.alone ? acquireStore : openStore;
  const store = await open({
    version: setup.version,
    target: setup.target,
    encryptionSecret: setup.secret,
    executionsMode: 'regular',
    clock,
    logger,
    sqlite: setup.sqlite,
  });
  const http = createHttpClient({
    userAgent: 'n8n-nodes-omnichannel/1.2.3',
    logger,
    env: setup.proxy ? { HTTP_PROXY: setup.proxy } : {},
    egress: setup.egress,
  });
  const dispatcher = createDispatcher(
    {
      store,
      http,
      clock,
      logger,
      processId: `dispatcher-${process.pid}`,
      host: { version: setup.version },
    },
    setup.tuning,
  );
  process.once('SIGTERM', async () => {
    await dispatcher.stop();
    say({ stopped: true });
    await http.close();
    await store.close();
    process.disconnect();
  });
  dispatcher.start();
  say({ ready: true });
}

main().catch((/** @type {any} */ error) => {
  const { code, message, hint, retryable } = error;
  process.exitCode = 1;
  say({ failure: { code, message, hint, retryable } });
  process.disconnect();
});
