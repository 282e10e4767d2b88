import type { INodeProperties } from 'n8n-workflow';
import { placeOptions } from '../../../shared/commonOptions';
import { core } from '../../../shared/loadCore';
import { instanceIdField, instanceOperation } from './instanceOperation';

export const properties = [instanceIdField, placeOptions] as const satisfies INodeProperties[];

export const operation = instanceOperation(properties, async ({ app, access, id }) => {
  await core.notificaMe.disconnectInstance(app.http, access, id);
  return { success: true, id };
});
