import type { INodeProperties } from 'n8n-workflow';
import { storeOption, tenantOption } from './commonOptions';

/** Options of every sending operation. */
export const sendOptions = {
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
      placeholder: 'e.g. order-4711-shipped',
      description:
        'A text of your own: what was sent under it is never sent again in this tenant, by whichever node or workflow. It overrides Send Again.',
    },
    {
      displayName: 'Send Again?',
      name: 'sendAgain',
      type: 'options',
      default: 'oncePerEvent',
      description:
        'What happens when n8n runs this node twice for the same event, for example after a crash',
      options: [
        {
          name: 'Once per Event',
          value: 'oncePerEvent',
          description:
            'The second time nothing is sent and the first result comes back with "duplicate". Test runs in the editor always send.',
        },
        {
          name: 'Every Time This Node Runs',
          value: 'everyRun',
          description: 'Each execution sends. Retries inside an execution still do not send twice.',
        },
      ],
    },
    storeOption,
    tenantOption,
    {
      displayName: 'When Not Sent',
      name: 'whenNotSent',
      type: 'options',
      default: 'failOnFailed',
      description: 'What a message that was not sent does to the workflow',
      options: [
        {
          name: 'Stop Only if It Failed',
          value: 'failOnFailed',
          description:
            'A refusal is an error; "skipped" and "unknown" are results, because nothing is wrong with the workflow',
        },
        {
          name: 'Stop Unless It Was Sent',
          value: 'fail',
          description: 'Also "skipped" and "unknown" are errors',
        },
        {
          name: 'Never Stop',
          value: 'return',
          description: 'Always return the result with its status and reason',
        },
      ],
    },
  ],
} as const satisfies INodeProperties;

export type WhenNotSent = (typeof sendOptions.options)[4]['options'][number]['value'];
