import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { accountOperation } from '../../../shared/accountOperation';
import { accountOf } from '../../../shared/accountRuns';
import { placeOptions } from '../../../shared/commonOptions';
import { listProperties, toItem, wantedCount } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { accountRun } from '../../accountRuns';
import { channelLocator } from '../../fields';

export const properties = [
  { ...channelLocator, description: 'A WhatsApp channel' },
  ...listProperties,
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = accountOperation(
  accountRun,
  properties,
  async ({ read, connection, app }): Promise<IDataObject[]> => {
    const found = await core.notificaMe.listHubTemplates(app.http, connection);
    const wanted = found.slice(0, wantedCount(read));
    return wanted.map((template) => ({ ...toItem(template), ...accountOf(connection) }));
  },
);
