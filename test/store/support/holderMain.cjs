'use strict';

/*
 * A process that has a store as n8n has it: HOLDER holds { target, isOneOff, drainMs }. It says { opened } or
 * { failure }, appends the text of a message and says all { texts }, and at SIGTERM closes its store after drainMs.
 */

const compiled = require('./compiled.cjs');
/** @type {typeof import('../../../core/store/registry')} */
const { acquireStore } = compiled('store/registry');
const { append, listTexts } = require('./units.cjs');

const { target, isOneOff, drainMs } = JSON.parse(process.env.HOLDER ?? '{}');
const silent = () => undefined;
const logger = { debug: silent, info: silent, warn: silent, error: silent };
/** @param {unknown} message */
const say = (message) => process.send?.(message);

async function main() {
  const store = await acquireStore({
    target,
    encryptionSecret: 'the encryption key of the tests',
    executionsMode: 'regular',
    version: '1.2.3',
    isOneOff,
    logger,
  });
  const tenant = store.forTenant('held');
  process.on('message', async (/** @type {{ text: string }} */ { text }) => {
    await tenant.run(append, text);
    say({ texts: await tenant.run(listTexts, null) });
  });
  process.once('SIGTERM', () => {
    setTimeout(async () => {
      await store.close();
      process.disconnect();
    }, drainMs);
  });
  say({ opened: true });
}

main().catch((/** @type {any} */ error) => {
  const { code, message, hint, retryable } = error;
  say({ failure: { code, message, hint, retryable } });
  process.disconnect();
});
