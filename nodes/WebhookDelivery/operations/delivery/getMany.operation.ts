import type { INodeProperties } from 'n8n-workflow';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { itemOperation } from '../../../shared/itemOperation';
import { collectPages, cursorOption, listProperties } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openPlace } from '../../options';
import { attemptFilters, queueFilters } from './filters';
import { readAttemptFilter, readQueueFilter } from './readFilters';

const showFor = (list: 'attempts' | 'deliveries') => ({ show: { list: [list] } });

export const properties = [
  {
    displayName: 'List',
    name: 'list',
    type: 'options',
    noDataExpression: true,
    default: 'attempts',
    options: [
      {
        name: 'Attempts (the Log)',
        value: 'attempts',
        description: 'Every single try with its HTTP status, answer and duration',
      },
      {
        name: 'Deliveries (the Queue)',
        value: 'deliveries',
        description: 'One per event and subscription: waiting, delivered, dead or cancelled',
      },
    ],
  },
  ...listProperties,
  { ...attemptFilters, displayOptions: showFor('attempts') },
  { ...queueFilters, displayOptions: showFor('deliveries') },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [cursorOption, storeOption, tenantOption],
  },
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const { cursor, ...place } = read('options');
  const { app, tenant } = await openPlace(context, place);
  if (read('list') === 'deliveries') {
    const filter = { tenantId: tenant, ...readQueueFilter(read('queueFilters')) };
    return await collectPages(read, cursor, (page) =>
      core.webhooks.listQueue(app, { ...filter, ...page }),
    );
  }
  const filter = { tenantId: tenant, ...readAttemptFilter(read('filters')) };
  return await collectPages(read, cursor, (page) =>
    core.webhooks.listDeliveries(app, { ...filter, ...page }),
  );
});
