import { updateDisplayOptions, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import type { BroadcastPerson, PersonsMessage } from '../../../../core/journeys/broadcasts/drafts';
import type { App } from '../../../../core/runtime';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { contentProperties } from '../../../shared/content/contentProperties';
import { itemFiles } from '../../../shared/content/itemFiles';
import { readContent } from '../../../shared/content/readContent';
import { idempotencyKeys } from '../../../shared/idempotencyKey';
import { itemParameters } from '../../../shared/itemParameters';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import type { Operation } from '../../../shared/router';
import { templateLocator, variablesMapper } from '../../../WhatsAppCloud/content/templateField';
import { chosenTemplate } from '../../../WhatsAppCloud/content/readContent';
import { connectionLocator, mustName } from '../connection/fields';

const IS_TEMPLATE = { show: { sendAs: ['template'] } };

const head = [
  {
    ...connectionLocator,
    description: 'The account that sends to everybody',
    hint: 'WhatsApp can write first, with a template. Instagram and Messenger reach only people who wrote within 24 hours.',
  },
  {
    displayName: 'Name',
    name: 'name',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. Vaccination campaign, December',
    description: 'What your colleagues call it; customers do not see it',
  },
  {
    displayName: 'Recipient',
    name: 'recipient',
    type: 'string',
    default: '={{ $json.phone }}',
    required: true,
    placeholder: 'e.g. +55 11 98888-7777',
    description:
      'Each item of the input is one person. A phone number as people write it, or the ID at the account.',
    hint: 'The same person twice is in it once. Whoever cannot be written to is listed in leftOut.',
  },
  {
    displayName: 'Category',
    name: 'category',
    type: 'options',
    noDataExpression: true,
    default: 'marketing',
    description: 'What kind of message it is: its rules follow from that',
    options: [
      {
        name: 'Marketing',
        value: 'marketing',
        description: 'Offers, greetings, news: only with opt-in, in its own hours, within the cap',
      },
      {
        name: 'Utility',
        value: 'utility',
        description: 'About something the person has with you: an appointment, an order',
      },
    ],
  },
  {
    displayName: 'Send As',
    name: 'sendAs',
    type: 'options',
    noDataExpression: true,
    default: 'template',
    options: [
      {
        name: 'WhatsApp Template',
        value: 'template',
        description: 'An approved message: reaches people who have not written lately',
      },
      {
        name: 'Message',
        value: 'message',
        description: 'Any content: reaches people whose window is open',
      },
    ],
  },
  { ...templateLocator, displayOptions: IS_TEMPLATE },
  { ...variablesMapper, displayOptions: IS_TEMPLATE },
] as const satisfies INodeProperties[];

const tail = [
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      {
        displayName: 'Contact ID',
        name: 'contactId',
        type: 'string',
        default: '',
        placeholder: 'e.g. 01JD3Z8Q4T6W8Y0A2C4E6G8J0M',
        description: 'Of the person, in place of Recipient',
      },
      {
        displayName: 'Share of the Limits (%)',
        name: 'share',
        type: 'number',
        typeOptions: { minValue: 1, maxValue: 100, numberPrecision: 0 },
        default: 80,
        description: "Of the account's limits; the rest is left to answers",
      },
      {
        displayName: 'Stop When Failed (%)',
        name: 'stopAtFailed',
        type: 'number',
        typeOptions: { minValue: 0, maxValue: 100, numberPrecision: 0 },
        default: 30,
        description:
          'It stops by itself when so many of its last messages failed, so that the account keeps its quality; 0 means never',
      },
      storeOption,
      tenantOption,
    ],
  },
] as const satisfies INodeProperties[];

/** What the parameters are read by. */
const read = [...head, ...contentProperties, ...tail] as const satisfies INodeProperties[];

/** What the panel shows. */
export const properties: INodeProperties[] = [
  ...head,
  ...updateDisplayOptions({ show: { sendAs: ['message'] } }, [...contentProperties]),
  ...tail,
];

/** One draft out of all items; it leaves with the first of them. */
export const operation: Operation = {
  start: (context) => async (itemIndex) => (itemIndex === 0 ? [await create(context)] : []),
};

async function create(context: IExecuteFunctions) {
  const readerFor = itemParameters(context, read);
  const first = readerFor(0);
  const { share, stopAtFailed, store, tenant: named } = first('options');
  const accountId = mustName(first('account'));
  const name = first('name');
  const tenant = tenantId(named);
  const app = await openApp(context, store);
  const files = itemFiles(context);
  const people = context.getInputData().map((_, item): BroadcastPerson => {
    const readItem = readerFor(item);
    return {
      item,
      recipient: readItem('recipient'),
      contactId: readItem('options').contactId,
      message: async () => {
        if (readItem('sendAs') === 'template') {
          return await templateFor(app, { tenantId: tenant, accountId }, readItem);
        }
        const content = readContent(readItem, (field) => files.describe(item, field));
        return { content: await files.load(item, content) };
      },
    };
  });
  const created = await core.broadcasts.createBroadcast(app, {
    tenantId: tenant,
    accountId,
    name,
    category: first('category'),
    settings: { share, stopAtFailed },
    createKey: idempotencyKeys(context)(0, {}, name),
    people,
  });
  return toItem(created);
}

async function templateFor(
  app: App,
  account: { tenantId: string; accountId: string },
  readItem: ReturnType<ReturnType<typeof itemParameters<typeof read>>>,
): Promise<PersonsMessage> {
  const chosen = chosenTemplate(readItem('template'), readItem('variables'));
  return await core.accounts.useConnection(app, account, async (connection) => ({
    content: {
      type: 'template',
      template: await core.whatsApp.fillTemplate(app.http, connection, chosen),
    },
  }));
}
