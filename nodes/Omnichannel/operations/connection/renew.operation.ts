import { core } from '../../../shared/loadCore';
import { ofAccount, properties } from './ofAccount';

export { properties };

export const operation = ofAccount((app, tenant, accountId) =>
  core.accounts.renewConnection(app, tenant, accountId),
);
