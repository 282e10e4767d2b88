'use strict';

/* Units of work for the tests of logins; plain JavaScript for the worker thread of the embedded store. */

const { instanceUnit, tenantUnit } = require('../../../../dist/core/store/unit');

exports.readLogins = tenantUnit(__filename, 'readLogins', async (tx) =>
  tx.db.selectFrom('logins').selectAll().where('tenant_id', '=', tx.tenantId).execute(),
);

/** As if whoever works on the tenant's logins had died so long ago that they are anybody's again. */
exports.endClaims = tenantUnit(__filename, 'endClaims', async (tx) => {
  await tx.db
    .updateTable('logins')
    .set({ claimed_until: 1 })
    .where('tenant_id', '=', tx.tenantId)
    .where('claimed_by', 'is not', null)
    .execute();
});

/** The background work looks at the logins of every tenant: those of earlier tests are none of its business. */
exports.forgetAllLogins = instanceUnit(__filename, 'forgetAllLogins', async (tx) => {
  await tx.db.deleteFrom('logins').execute();
});
