import type { INodeProperties } from 'n8n-workflow';
import { InvalidInputError } from '../../../../core/model/errors';
import { placeOptions } from '../../../shared/commonOptions';
import { instantOf } from '../../../shared/fieldValues';
import { itemOperation } from '../../../shared/itemOperation';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import type { ParameterReader } from '../../../shared/parameters';
import { conversationField, mustBeConversation } from './fields';
import { ordered } from './ofConversation';

export const properties = [
  conversationField,
  {
    displayName: 'How Long',
    name: 'duration',
    type: 'options',
    noDataExpression: true,
    default: 'usual',
    description: 'When automation answers again by itself',
    options: [
      {
        name: 'As Usual',
        value: 'usual',
        description: "After the minutes of the tenant's settings (60 at first)",
      },
      { name: 'For Some Minutes', value: 'minutes' },
      { name: 'Until a Time', value: 'until' },
      {
        name: 'Until Given Back',
        value: 'open',
        description: 'By "Resume Automation", by a word of the contact, or when it is closed',
      },
    ],
  },
  {
    displayName: 'Minutes',
    name: 'minutes',
    type: 'number',
    typeOptions: { minValue: 1, numberPrecision: 0 },
    default: 60,
    displayOptions: { show: { duration: ['minutes'] } },
  },
  {
    displayName: 'Until',
    name: 'until',
    type: 'dateTime',
    default: '',
    required: true,
    description: 'Without a time zone it is UTC',
    displayOptions: { show: { duration: ['until'] } },
  },
  {
    displayName: 'Reason',
    name: 'reason',
    type: 'string',
    default: '',
    placeholder: 'e.g. complaint',
    description: 'Shown in conversation.automation.reason of every item; empty means "operation"',
  },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const id = mustBeConversation(read('conversation'));
  const { store, tenant } = read('options');
  const app = await openApp(context, store);
  const until = untilOf(read, Date.now());
  const order = { kind: 'handOver', reason: read('reason'), until } as const;
  return ordered(await core.conversations.orderConversation(app, tenantId(tenant), id, order));
});

type Read = ParameterReader<typeof properties>;

/** Epoch ms; null = until it is given back, undefined = as usual. */
function untilOf(read: Read, now: number): number | null | undefined {
  switch (read('duration')) {
    case 'usual':
      return undefined;
    case 'open':
      return null;
    case 'minutes':
      return now + minutesOf(read('minutes')) * 60_000;
    case 'until': {
      const until = instantOf('Until', read('until'));
      if (until !== undefined) return until;
      throw new InvalidInputError('Until', '"Until" is empty.', {
        hint: 'Give the time, or choose another "How Long".',
      });
    }
  }
}

function minutesOf(minutes: number): number {
  if (minutes > 0) return minutes;
  throw new InvalidInputError('Minutes', '"Minutes" must be more than 0.');
}
