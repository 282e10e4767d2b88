'use strict';

/* A process with one consumer whose runs never end, for a test to kill. */

const { startConsumer } = require('../../../../dist/core/events');
const { openStore } = require('../../../../dist/core/store');

const { target, secret, tenantId, leaseMs, collect } = JSON.parse(process.env.CONSUMER);
const silent = () => undefined;
const logger = { debug: silent, info: silent, warn: silent, error: silent };

// A consumer does not hold its process; in n8n the server does.
process.on('message', silent);

(async () => {
  const store = await openStore({
    target,
    encryptionSecret: secret,
    executionsMode: 'regular',
    logger,
  });
  await startConsumer(
    { store, clock: { now: () => Date.now() }, logger, processId: `killed-${process.pid}` },
    {
      consumerId: 'workflow-1:node-1',
      tenantId,
      name: 'Killed',
      filter: {},
      batchSize: 1,
      catchUpMs: 3_600_000,
      collect,
      emit: (items) => {
        process.send(items[0].message.text);
        return new Promise(() => undefined);
      },
      tuning: { leaseMs },
    },
  );
  process.send('consuming');
})();
