'use strict';

/*
 * Another process that takes tokens: LIMITS holds { target, secret, of, callers, takes, seed, largest, leases }. It says
 * "ready", begins on the first message, reports every answer, and ends when it is told to.
 */

const { takeTokens } = require('../../../../dist/core/limits');
const { openStore } = require('../../../../dist/core/store');

const { target, secret, of, callers, takes, seed, largest, leases } = JSON.parse(
  process.env.LIMITS ?? '{}',
);
const silent = () => undefined;
const logger = { debug: silent, info: silent, warn: silent, error: silent };

let state = seed >>> 0;
const random = (/** @type {number} */ below) => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};
/** @param {unknown} message */
const say = (message) => process.send?.(message);

(async () => {
  const store = await openStore({
    target,
    encryptionSecret: secret,
    executionsMode: 'regular',
    logger,
  });
  const ctx = { store, logger, leases };
  let left = takes;
  const call = async () => {
    while (left-- > 0) {
      const count = 1 + random(largest);
      say({ count, state: await takeTokens(ctx, { ...of, count }) });
    }
  };
  process.once('message', async () => {
    await Promise.all(Array.from({ length: callers }, call));
    process.once('message', async () => {
      await store.close();
      process.disconnect();
    });
    say('done');
  });
  say('ready');
})();
