import type { INodeProperties } from 'n8n-workflow';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { jsonObjectOf } from '../../../shared/fieldValues';
import { idempotencyKeys } from '../../../shared/idempotencyKey';
import { itemParameters } from '../../../shared/itemParameters';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import type { Operation } from '../../../shared/router';
import { chosenId, openPlace } from '../../options';
import { subscriptionLocator } from '../../subscriptionLocator';

export const properties = [
  subscriptionLocator,
  {
    displayName: 'Event',
    name: 'event',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. invoice.paid',
    description: 'What the receiver is told: an event of the log, or a dotted name of your own',
  },
  {
    displayName: 'Data',
    name: 'data',
    type: 'json',
    default: '={{ $json }}',
    description: 'What the delivery carries, as a JSON object',
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      {
        displayName: 'Idempotency Key',
        name: 'idempotencyKey',
        type: 'string',
        default: '',
        placeholder: 'e.g. invoice-4711-paid',
        description:
          'A text of your own: what was sent under it is not sent again. It overrides Send Again.',
      },
      {
        displayName: 'Retry',
        name: 'retry',
        type: 'boolean',
        default: false,
        description:
          'Whether to go on trying in the background, by the schedule of the subscription, when this attempt fails',
      },
      {
        displayName: 'Send Again?',
        name: 'sendAgain',
        type: 'options',
        default: 'oncePerEvent',
        description: 'What happens when n8n runs this node twice, for example after a crash',
        options: [
          {
            name: 'Once per Event',
            value: 'oncePerEvent',
            description: 'The second time nothing is sent and the first result comes back',
          },
          { name: 'Every Time This Node Runs', value: 'everyRun' },
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
      const subscriptionId = chosenId('Subscription', read('subscription'));
      const options = read('options');
      const event = read('event').trim();
      const data = jsonObjectOf('Data', read('data'));
      const { app, tenant } = await openPlace(context, options);
      const entry = await core.webhooks.sendNow(app, {
        tenantId: tenant,
        subscriptionId,
        event,
        data,
        retry: options.retry ?? false,
        idempotencyKey: keyFor(itemIndex, options, { event, data }),
      });
      return toItem(entry);
    };
  },
};
