import type { INodeProperties } from 'n8n-workflow';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { reportedEvents } from '../../../shared/eventOptions';
import { instantOf } from '../../../shared/fieldValues';
import { idempotencyKeys } from '../../../shared/idempotencyKey';
import { itemParameters } from '../../../shared/itemParameters';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import type { Operation } from '../../../shared/router';
import { eventFields } from './eventFields';
import { readEventFields } from './readEventFields';

export const properties = [
  {
    displayName: 'Event',
    name: 'event',
    type: 'options',
    default: 'deal.moved',
    description:
      'What happened. Triggers start on it and webhooks deliver it. A rating (Feedback: Received) is kept for the statistics, too; nothing else is changed.',
    options: reportedEvents,
  },
  ...eventFields,
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      {
        displayName: 'Happened At',
        name: 'happenedAt',
        type: 'dateTime',
        default: '',
        description: 'When it happened; empty means now. Without a time zone it is UTC.',
      },
      {
        displayName: 'Idempotency Key',
        name: 'idempotencyKey',
        type: 'string',
        default: '',
        placeholder: 'e.g. deal-4711-won',
        description:
          'A text of your own: what was recorded under it is never recorded again in this tenant. It overrides Record Again.',
      },
      {
        displayName: 'Record Again?',
        name: 'sendAgain',
        type: 'options',
        default: 'oncePerEvent',
        description: 'What happens when n8n runs this node twice, for example after a crash',
        options: [
          {
            name: 'Once per Event',
            value: 'oncePerEvent',
            description:
              'The second time nothing is recorded and the first event comes back with "duplicate"',
          },
          {
            name: 'Every Time This Node Runs',
            value: 'everyRun',
            description: 'Each execution records an event of its own',
          },
        ],
      },
      storeOption,
      tenantOption,
    ],
  },
] as const satisfies INodeProperties[];

export const operation: Operation = {
  start(context) {
    const readerFor = itemParameters(context, properties);
    const keyFor = idempotencyKeys(context);
    return async (itemIndex) => {
      const read = readerFor(itemIndex);
      const event = read('event');
      const options = read('options');
      const reported = readEventFields(event, read);
      const occurredAt = instantOf('Happened At', options.happenedAt);
      const app = await openApp(context, options.store);
      const { item, eventId, duplicate } = await core.messaging.emitEvent(app, {
        tenantId: tenantId(options.tenant),
        event,
        ...reported,
        ...(occurredAt !== undefined && { occurredAt }),
        idempotencyKey: keyFor(itemIndex, options, { event, ...reported }),
      });
      return toItem({ ...(item ?? { id: eventId, event }), ...(duplicate && { duplicate }) });
    };
  },
};
