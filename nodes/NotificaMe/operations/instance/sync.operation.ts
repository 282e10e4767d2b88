import type { INodeProperties } from 'n8n-workflow';
import { placeOptions } from '../../../shared/commonOptions';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { instanceIdField, instanceOperation } from './instanceOperation';

export const properties = [instanceIdField, placeOptions] as const satisfies INodeProperties[];

export const operation = instanceOperation(properties, async ({ app, access, id }) =>
  toItem(await core.notificaMe.syncInstance(app.http, access, id)),
);
