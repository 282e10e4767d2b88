import type { INodeProperties } from 'n8n-workflow';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { instantIn } from './readSend';
import { scheduledIdOf, scheduledLocator } from './scheduledLocator';

export const properties = [
  scheduledLocator,
  {
    displayName: 'Send At',
    name: 'newTime',
    type: 'dateTime',
    default: '',
    required: true,
    placeholder: 'e.g. 2026-11-25T14:00',
    description:
      "When the message goes from now on; without a zone, by the workflow's time zone. A moment that has passed means now.",
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      {
        displayName: 'Must Go Before',
        name: 'mustGoBefore',
        type: 'dateTime',
        default: '',
        description: 'A new limit; without this option the one that it has stays',
      },
      storeOption,
      tenantOption,
    ],
  },
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const { store, tenant, mustGoBefore } = read('options');
  const zone = context.getTimezone();
  const id = scheduledIdOf(read('scheduledMessage'));
  const dueAt = instantIn(read('newTime'), zone, 'Send At');
  const beforeAt = mustGoBefore ? instantIn(mustGoBefore, zone, 'Must Go Before') : undefined;
  const app = await openApp(context, store);
  const move = { tenantId: tenantId(tenant), id, dueAt, beforeAt };
  return toItem(await core.journeys.rescheduleMessage(app, move));
});
