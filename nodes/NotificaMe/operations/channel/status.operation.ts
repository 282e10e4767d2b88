import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { accountOperation } from '../../../shared/accountOperation';
import { placeOptions } from '../../../shared/commonOptions';
import { core } from '../../../shared/loadCore';
import { accountRun } from '../../accountRuns';
import { channelLocator } from '../../fields';

export const properties = [channelLocator, placeOptions] as const satisfies INodeProperties[];

/** Asks NotificaMe now: is the channel connected, and do its messages arrive here? */
export const operation = accountOperation(
  accountRun,
  properties,
  async ({ connection: { account }, app }) =>
    ({
      ...(await core.accounts.checkConnection(app, account.tenantId, account.id)),
    }) as unknown as IDataObject,
);
