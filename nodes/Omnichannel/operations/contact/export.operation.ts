import type { INodeProperties } from 'n8n-workflow';
import { actorOf } from '../../../shared/actor';
import { placeOptions } from '../../../shared/commonOptions';
import { contactLocator } from '../../../shared/contactLocator';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { ResultWithFiles } from '../../../shared/router';
import { filterFields, readFilterFields, savedFilterOption } from './filterFields';

const ofOne = { show: { what: ['person'] } };
const ofMany = { show: { what: ['table'] } };

export const properties = [
  {
    displayName: 'What',
    name: 'what',
    type: 'options',
    noDataExpression: true,
    default: 'person',
    options: [
      {
        name: 'Everything of One Person',
        value: 'person',
        description:
          'Contact, consents, conversations with all messages, appointments and audit log as JSON: what the person may ask for by law',
      },
      {
        name: 'Table of Many (CSV)',
        value: 'table',
        description: 'One line for each contact, as a file; "Create or Update" reads it in again',
      },
    ],
  },
  { ...contactLocator, displayOptions: ofOne },
  { ...filterFields, displayOptions: ofMany },
  {
    displayName: 'Separator',
    name: 'separator',
    type: 'options',
    noDataExpression: true,
    default: ';',
    displayOptions: ofMany,
    hint: 'Excel in Portuguese expects semicolons, most other programs commas.',
    options: [
      { name: 'Comma', value: ',' },
      { name: 'Semicolon', value: ';' },
    ],
  },
  {
    displayName: 'Put Output File in Field',
    name: 'binaryField',
    type: 'string',
    default: 'data',
    required: true,
    description: 'Name of the binary field of the output that the file goes into',
  },
  {
    ...placeOptions,
    options: [
      {
        displayName: 'Include Provider Payloads',
        name: 'raws',
        type: 'boolean',
        default: false,
        description:
          'Whether what the providers sent with each message goes along, of the export of one person',
      },
      savedFilterOption,
      ...placeOptions.options,
    ],
  },
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const { store, tenant, raws, savedFilter } = read('options');
  const field = read('binaryField').trim() || 'data';
  const what = read('what');
  const place = { tenantId: tenantId(tenant) };
  const actor = actorOf(context);
  const asFile = async (text: string, name: string, mimeType: string) => ({
    [field]: await context.helpers.prepareBinaryData(Buffer.from(text), name, mimeType),
  });
  if (what === 'person') {
    const contact = read('contact');
    const app = await openApp(context, store);
    const person = await core.contacts.exportContact(app, { ...place, contact, raws }, actor);
    const text = JSON.stringify(person, null, 2);
    const name = `contact-${person.contact.id}.json`;
    return new ResultWithFiles(toItem(person), await asFile(text, name, 'application/json'));
  }
  const filter = readFilterFields(read('filters'));
  const separator = read('separator');
  const app = await openApp(context, store);
  const input = { ...place, ...filter, savedFilter, separator };
  const { text, contacts } = await core.contacts.exportContactsCsv(app, input, actor);
  return new ResultWithFiles({ contacts }, await asFile(text, 'contacts.csv', 'text/csv'));
});
