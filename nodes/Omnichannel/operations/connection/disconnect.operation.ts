import { core } from '../../../shared/loadCore';
import { refuseAsTool } from '../../../shared/toolVariant';
import { ofAccount, properties } from './ofAccount';

export { properties };

export const operation = refuseAsTool(
  'Disconnect',
  ofAccount((app, tenant, accountId) => core.accounts.disconnectAccount(app, tenant, accountId)),
);
