import type { INodeProperties } from 'n8n-workflow';
import { InvalidInputError } from '../../../../core/model/errors';
import { accountOperation, placeOptions } from '../../../shared/accountOperation';
import { accountOf, missing } from '../../../shared/accountRuns';
import { parsedJson } from '../../../shared/fieldValues';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { accountRun } from '../../accountRuns';
import { channelLocator } from '../../fields';

const EXAMPLE = `[
  { "type": "BODY", "text": "Olá {{1}}, sua consulta é amanhã às {{2}}.", "example": { "body_text": [["Ana", "14h"]] } }
]`;

export const properties = [
  { ...channelLocator, description: 'A WhatsApp channel' },
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
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = accountOperation(
  accountRun,
  properties,
  async ({ read, connection, app }) => {
    const name = read('templateName').trim();
    if (!name) throw missing('Template Name', 'It is how messages name the template.');
    const created = await core.notificaMe.createHubTemplate(app.http, connection, {
      name,
      language: read('templateLanguage').trim(),
      category: read('category'),
      components: componentsOf(read('components')),
    });
    return { ...toItem(created), ...accountOf(connection) };
  },
);

function componentsOf(value: unknown): unknown[] {
  const parsed = typeof value === 'string' ? parsedJson(value) : value;
  if (Array.isArray(parsed)) return parsed as unknown[];
  throw new InvalidInputError('Components (JSON)', '"Components (JSON)" is no JSON list.', {
    hint: 'Write it in square brackets: [{"type":"BODY","text":"…"}].',
  });
}
