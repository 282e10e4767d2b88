import type { INodeProperties } from 'n8n-workflow';
import { placeOptions } from '../../../shared/commonOptions';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { instanceIdField, instanceOperation } from './instanceOperation';

export const properties = [
  instanceIdField,
  {
    displayName: 'Code',
    name: 'code',
    type: 'string',
    default: '={{ $json.query.code }}',
    required: true,
    description: 'What the login gave to the callback',
  },
  {
    displayName: 'State',
    name: 'state',
    type: 'string',
    default: '={{ $json.query.state }}',
    description: 'As it came back with the code',
  },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = instanceOperation(properties, async ({ app, access, id, read }) =>
  toItem(
    await core.notificaMe.completeInstance(app.http, access, {
      id,
      code: read('code'),
      state: read('state'),
    }),
  ),
);
