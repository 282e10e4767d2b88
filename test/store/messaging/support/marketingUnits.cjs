'use strict';

/* Units of work for the tests of caps; plain JavaScript, as the store's worker thread loads them by path. */

const { sql } = require('kysely');
const { tenantUnit } = require('../../../../dist/core/store/unit');
const marketing = require('../../../../dist/core/store/statements/marketing');
const { explained } = require('../../support/explained.cjs');

/** Makes all that was sent marketing. */
exports.markMarketing = tenantUnit(__filename, 'markMarketing', async (tx) => {
  await sql`update messages set category = 'marketing'
    where tenant_id = ${tx.tenantId} and direction = 'outbound'`.execute(tx.db);
});

exports.explainMarketing = tenantUnit(__filename, 'explainMarketing', (tx, args) =>
  explained(tx, (watched) => marketing.listMarketing(watched, args)),
);
