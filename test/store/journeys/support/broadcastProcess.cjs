'use strict';

/*
 * A process that does the background work of broadcasts, and of sends whose outcome nobody knows, under the same leases as
 * every other one. BROADCASTS holds { target, secret, abilities }. Its provider is the test: every call goes there and
 * comes back from there, so that a kill may fall on any moment of it.
 */

const { createHash, randomUUID } = require('node:crypto');
const { runDueBroadcasts } = require('../../../../dist/core/journeys/broadcasts');
const { settleUnknownSends } = require('../../../../dist/core/messaging');
const { leasedRunner } = require('../../../../dist/core/runtime/runner');
const { openStore } = require('../../../../dist/core/store');

const { target, secret, abilities } = JSON.parse(process.env.BROADCASTS ?? '{}');
const silent = () => undefined;
const logger = { debug: silent, info: silent, warn: silent, error: silent };

/** @type {Map<string, (answer: any) => void>} */
const waiting = new Map();
process.on('message', (/** @type {any} */ { id, answer }) => {
  waiting.get(id)?.(answer);
  waiting.delete(id);
});
/**
 * @param {string} what
 * @param {object} args
 * @returns {Promise<any>}
 */
const ask = (what, args) =>
  new Promise((resolve) => {
    const id = randomUUID();
    waiting.set(id, resolve);
    process.send?.({ id, what, args });
  });

const provider = {
  id: 'meta',
  abilities: () => abilities,
  checkContent: silent,
  send: (
    /** @type {any} */ _connection,
    /** @type {any} */ { recipientExternalId, content, messageId },
  ) => ask('send', { to: recipientExternalId, text: content.text, messageId }),
  recentMessages: (
    /** @type {any} */ _connection,
    /** @type {string} */ to,
    /** @type {number} */ limit,
  ) => ask('recent', { to, limit }),
  contentFingerprint: (/** @type {any} */ content) =>
    createHash('sha256').update(`text ${content.text}`).digest('hex'),
};

(async () => {
  const store = await openStore({
    target,
    encryptionSecret: secret,
    executionsMode: 'regular',
    logger,
  });
  const ctx = {
    store,
    logger,
    clock: store.clock,
    processId: randomUUID(),
    providers: new Map([['meta', provider]]),
  };
  const lease = { leaseTtlMs: 1_500 };
  leasedRunner(/** @type {any} */ (ctx), {
    ...lease,
    name: 'broadcasts',
    everyMs: (/** @type {number} */ wait) => Math.min(wait, 500),
    run: (context) => runDueBroadcasts(/** @type {any} */ (ctx), context),
  }).start();
  leasedRunner(/** @type {any} */ (ctx), {
    ...lease,
    name: 'settle',
    everyMs: 200,
    run: () => settleUnknownSends(/** @type {any} */ (ctx)),
  }).start();
  process.send?.({ what: 'ready' });
})();
