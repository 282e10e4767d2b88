import type { INodeProperties } from 'n8n-workflow';
import { placeOptions } from '../../../shared/commonOptions';
import { core } from '../../../shared/loadCore';
import { broadcastLocator } from '../../broadcastLocator';
import { ofBroadcast } from './ofBroadcast';

export const properties = [
  broadcastLocator,
  {
    displayName: 'Messages to Show',
    name: 'show',
    type: 'number',
    typeOptions: { minValue: 0, maxValue: 100, numberPrecision: 0 },
    default: 5,
    description: 'So many of the first people, each with the message that would go to them',
  },
  {
    displayName: 'People to Count',
    name: 'look',
    type: 'number',
    typeOptions: { minValue: 0, maxValue: 10_000, numberPrecision: 0 },
    default: 1_000,
    description:
      'For so many it is looked up whether their message would go now, or why not. Nothing is sent.',
  },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = ofBroadcast(properties, async (app, name, read) => {
  const most = (value: number, limit: number) => Math.min(Math.max(0, Math.floor(value)), limit);
  return await core.broadcasts.previewBroadcast(app, {
    ...name,
    show: most(read('show'), 100),
    look: most(read('look'), 10_000),
  });
});
