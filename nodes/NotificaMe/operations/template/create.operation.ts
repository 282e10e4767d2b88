import type { INodeProperties } from 'n8n-workflow';
import { InvalidInputError } from '../../../../core/model/errors';
import { accountOperation, type AtAccount } from '../../../shared/accountOperation';
import { accountOf } from '../../../shared/accountRuns';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { parsedJson } from '../../../shared/fieldValues';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { mustHave } from '../../../shared/mustHave';
import {
  documentHandleOption,
  readReadyRequest,
  readyItems,
  readyProperties,
  templateSource,
} from '../../../shared/readyTemplates';
import { accountRun } from '../../accountRuns';
import { channelLocator } from '../../fields';

const EXAMPLE = `[
  { "type": "BODY", "text": "Olá {{1}}, sua consulta é amanhã às {{2}}.", "example": { "body_text": [["Ana", "14h"]] } }
]`;

/** What every new template has, first and last in the panel. */
export const firstProperties = [
  { ...channelLocator, description: 'A WhatsApp channel' },
  templateSource,
] as const satisfies INodeProperties[];
export const lastProperties = [
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [documentHandleOption, storeOption, tenantOption],
  },
] as const satisfies INodeProperties[];

export const ownProperties = [
  {
    displayName: 'Template Name',
    name: 'templateName',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. lembrete_consulta_24h',
    description: 'Lower-case letters, digits and underscores',
  },
  {
    displayName: 'Template Language',
    name: 'templateLanguage',
    type: 'string',
    default: 'pt_BR',
    required: true,
    placeholder: 'e.g. pt_BR',
  },
  {
    displayName: 'Category',
    name: 'category',
    type: 'options',
    default: 'UTILITY',
    options: [
      { name: 'Authentication', value: 'AUTHENTICATION' },
      { name: 'Marketing', value: 'MARKETING' },
      { name: 'Utility', value: 'UTILITY' },
    ],
  },
  {
    displayName: 'Components (JSON)',
    name: 'components',
    type: 'json',
    default: EXAMPLE,
    required: true,
    description: "Header, body, footer and buttons in Meta's own form",
  },
] as const satisfies INodeProperties[];

const properties = [
  ...firstProperties,
  ...ownProperties,
  ...readyProperties,
  ...lastProperties,
] as const satisfies INodeProperties[];

export const operation = accountOperation(accountRun, properties, async (at) =>
  at.read('source') === 'ready' ? await createReady(at) : await createOwn(at),
);

async function createReady({ read, connection, app, context }: AtAccount<typeof properties>) {
  const request = readReadyRequest(read, context.getExecutionCancelSignal());
  const { documentHandle } = read('options');
  const outcomes = await core.notificaMe.createReadyAtHub(app.http, connection, {
    ...request,
    documentHandle,
  });
  return readyItems(connection, outcomes);
}

async function createOwn({ read, connection, app }: AtAccount<typeof properties>) {
  const name = mustHave(
    'Template Name',
    read('templateName'),
    'It is how messages name the template.',
  );
  const created = await core.notificaMe.createHubTemplate(app.http, connection, {
    name,
    language: read('templateLanguage').trim(),
    category: read('category'),
    components: componentsOf(read('components')),
  });
  return { ...toItem(created), ...accountOf(connection) };
}

function componentsOf(value: unknown): unknown[] {
  const parsed = typeof value === 'string' ? parsedJson(value) : value;
  if (Array.isArray(parsed)) return parsed as unknown[];
  throw new InvalidInputError('Components (JSON)', '"Components (JSON)" is no JSON list.', {
    hint: 'Write it in square brackets: [{"type":"BODY","text":"…"}].',
  });
}
