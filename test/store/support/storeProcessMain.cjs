'use strict';

/*
 * A second process on a store: `node storeProcessMain.cjs open|write <StoreTarget as JSON>`.
 * open: prints the schema version and ends. write: 8 callers append numbered events for ever, and every number is
 * printed as soon as the store has acknowledged it, until the process is killed.
 */

const compiled = require('./compiled.cjs');
/** @type {typeof import('../../../core/store/openStore')} */
const { openStore } = compiled('store/openStore');
const { append } = require('./units.cjs');

const [mode = '', target = '{}'] = process.argv.slice(2);
const silent = () => undefined;
const logger = { debug: silent, info: silent, warn: silent, error: silent };

async function main() {
  const store = await openStore({
    target: JSON.parse(target),
    encryptionSecret: 'the encryption key of the tests',
    executionsMode: 'regular',
    logger,
  });
  if (mode === 'open') {
    process.stdout.write(`${(await store.describe()).schemaVersion}\n`);
    await store.close();
    return;
  }
  const tenant = store.forTenant('writer');
  let last = 0;
  const write = async () => {
    for (;;) {
      const number = (last += 1);
      await tenant.run(append, String(number));
      process.stdout.write(`${number}\n`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, write));
}

main().catch((/** @type {unknown} */ error) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
