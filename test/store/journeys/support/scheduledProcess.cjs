'use strict';

/*
 * Another process that sends what is due, until it is killed: SCHEDULED holds { target, secret, abilities, now, dieAt }. Its
 * provider is the parent, which counts what reaches it.
 */

const { createHash } = require('node:crypto');
const { runScheduled } = require('../../../../dist/core/journeys');
const { openStore } = require('../../../../dist/core/store');

const { target, secret, abilities, now, dieAt } = JSON.parse(process.env.SCHEDULED ?? '{}');
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

const provider = {
  id: 'meta',
  abilities: () => abilities,
  checkContent: () => undefined,
  // As the parent's provider has it.
  contentFingerprint: (/** @type {{ text: string }} */ { text }) =>
    createHash('sha256').update(`text ${text}`).digest('hex'),
  recentMessages: async () => ({ messages: [], reachesBeginning: true }),
  send: async (/** @type {unknown} */ _connection, /** @type {unknown} */ request) => {
    if (dieAt === 'reserved') return stop('reserved');
    const answer = new Promise((resolve) => process.once('message', resolve));
    process.send?.({ request });
    if (dieAt === 'accepted') return stop('accepted');
    const providerMessageId = await answer;
    if (dieAt === 'answered') return stop('answered');
    return { providerMessageId };
  },
};

(async () => {
  const store = await openStore({
    target,
    encryptionSecret: secret,
    executionsMode: 'regular',
    logger,
    clock,
  });
  const run =
    dieAt === 'claimed' ? { ...store, forTenant: () => ({ run: () => stop('claimed') }) } : store;
  await runScheduled({
    store: Object.assign(Object.create(store), run),
    providers: new Map([['meta', provider]]),
    clock,
    logger,
    processId: 'child',
  });
  await stop('finished');
})();
