import type { INodeProperties } from 'n8n-workflow';
import { accountOperation } from '../../../shared/accountOperation';
import { accountOf } from '../../../shared/accountRuns';
import { placeOptions } from '../../../shared/commonOptions';
import { core } from '../../../shared/loadCore';
import { accountRun } from '../../accountRuns';
import { numberLocator } from '../../fields';

export const properties = [numberLocator, placeOptions] as const satisfies INodeProperties[];

export const operation = accountOperation(accountRun, properties, async ({ connection, app }) => ({
  ...accountOf(connection),
  profile: { ...(await core.whatsApp.getProfile(app.http, connection)) },
}));
