'use strict';

/* A process that holds a runner's lease, for a test to kill. */

const { leasedRunner } = require('../../../../dist/core/runtime');
const { openStore } = require('../../../../dist/core/store');

const { target, secret, name } = JSON.parse(process.env.RUNNER);
const silent = () => undefined;
const logger = { debug: silent, info: silent, warn: silent, error: silent };
// A runner does not hold its process; in n8n the server does.
process.on('message', silent);

(async () => {
  const store = await openStore({
    target,
    encryptionSecret: secret,
    executionsMode: 'regular',
    logger,
  });
  leasedRunner(
    { store, logger, processId: `killed-${process.pid}` },
    { name, everyMs: 5, leaseTtlMs: 1_000, run: async () => process.send('runs') },
  ).start();
})();
