import type { INodeProperties } from 'n8n-workflow';
import { placeOptions } from '../../../shared/commonOptions';
import { core } from '../../../shared/loadCore';
import { broadcastLocator } from '../../broadcastLocator';
import { ofBroadcast } from './ofBroadcast';

export const properties = [
  broadcastLocator,
  {
    displayName: 'Not Before',
    name: 'startAt',
    type: 'dateTime',
    default: '',
    placeholder: 'e.g. 2026-12-01T09:00:00',
    description: "When the first message goes, by the tenant's clock; empty means now",
    hint: 'Quiet hours of the tenant hold messages back in any case.',
  },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = ofBroadcast(properties, (app, name, read) =>
  core.broadcasts.moveBroadcast(app, name, 'start', read('startAt')),
);
