'use strict';

/*
 * Another process with the same trigger, until it is killed: DUE holds { target, secret, options, now, dieAt, settings }. What
 * it emits goes to the parent, whose answer ends the run.
 */

const { randomUUID } = require('node:crypto');
const { startJourneyTrigger } = require('../../../../dist/core/journeys/due');
const { openStore } = require('../../../../dist/core/store');

const { target, secret, options, now, dieAt } = JSON.parse(process.env.DUE ?? '{}');
const silent = () => undefined;
const logger = { debug: silent, info: silent, warn: silent, error: silent };
const clock = { now: () => now };

/** Nothing of this process goes on from here. */
const stop = (/** @type {string} */ where) => {
  process.send?.({ reached: where }, () =>
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0),
  );
  return new Promise(() => undefined);
};

/** @type {Map<string, () => void>} */
const waiting = new Map();
process.on('message', (/** @type {any} */ key) => waiting.get(key)?.());

const emit = async (/** @type {{ journeyKey: string }} */ item) => {
  if (dieAt === 'claimed') return stop('claimed');
  const answered = new Promise((resolve) => waiting.set(item.journeyKey, () => resolve(undefined)));
  process.send?.({ emitted: item.journeyKey });
  if (dieAt === 'emitted') return stop('emitted');
  await answered;
  if (dieAt === 'answered') return stop('answered');
  return undefined;
};

(async () => {
  const store = await openStore({
    target,
    encryptionSecret: secret,
    executionsMode: 'regular',
    logger,
    clock,
  });
  const deps = { store, clock, logger, processId: randomUUID() };
  await startJourneyTrigger(deps, { ...options, emit });
  process.send?.({ started: true });
})();
