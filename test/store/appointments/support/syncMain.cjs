'use strict';

/*
 * One synchronisation of a calendar, as a process of its own: SYNC holds { target, secret, tenantId, accountId }. Before
 * each page that it stores it says { page: 1, 2, … }, and at the end { done: true }.
 */

const compiled = require('../../support/compiled.cjs');

const { syncCalendar } = compiled('appointments');
const { createHttpClient } = compiled('http');
const { createGoogleClient } = compiled('providers/google');
const { openStore } = compiled('store');

const { target, secret, tenantId, accountId } = JSON.parse(process.env.SYNC ?? '{}');
const clock = { now: () => Date.now() };
const quiet = () => undefined;
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

/** @param {object} message */
const say = (message) => new Promise((resolve) => process.send?.(message, resolve));

async function main() {
  const store = await openStore({
    target,
    encryptionSecret: secret,
    executionsMode: 'regular',
    clock,
    logger,
  });
  const http = createHttpClient({ userAgent: 'n8n-nodes-omnichannel/1.2.3', logger, env: {} });
  let pages = 0;
  const telling = {
    ...store,
    run: store.run.bind(store),
    sealer: store.sealer,
    forTenant: (/** @type {string} */ id) => ({
      tenantId: id,
      run: async (/** @type {{ name: string }} */ unit, /** @type {unknown} */ args) => {
        if (unit.name === 'recordCalendarPage') await say({ page: ++pages });
        return store.forTenant(id).run(unit, args);
      },
    }),
  };
  const google = createGoogleClient({ http, clock });
  await syncCalendar({ store: telling, clock, logger, google }, tenantId, accountId);
  await say({ done: true });
  await http.close();
  await store.close();
  process.disconnect();
}

main().catch((error) => {
  process.exitCode = 1;
  console.error(error);
  process.disconnect();
});
