import type { INodeProperties } from 'n8n-workflow';
import { accountOperation, placeOptions } from '../../../shared/accountOperation';
import { accountOf } from '../../../shared/accountRuns';
import { core } from '../../../shared/loadCore';
import type { ParameterReader } from '../../../shared/parameters';
import { accountRun } from '../../accountRuns';
import { numberLocator } from '../../fields';
import { draftProperties } from './draftProperties';
import { componentsOfJson, readDraft } from './readDraft';

export const properties = [
  numberLocator,
  {
    displayName: 'Name',
    name: 'name',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. lembrete_consulta',
    description: 'Small letters without accents, digits and underscores',
  },
  {
    displayName: 'Language',
    name: 'language',
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
    description: 'What it is for; it decides price and who may be written to',
    hint: 'Meta may put it into another category. Anything with an offer in it is marketing.',
    options: [
      { name: 'Authentication', value: 'AUTHENTICATION', description: 'A code to log in with' },
      {
        name: 'Marketing',
        value: 'MARKETING',
        description: 'Offers, birthday wishes, win-back, surveys',
      },
      {
        name: 'Utility',
        value: 'UTILITY',
        description: 'Something the customer did or asked for: confirmation, reminder, document',
      },
    ],
  },
  {
    displayName: 'Components As',
    name: 'componentsAs',
    type: 'options',
    noDataExpression: true,
    default: 'fields',
    options: [
      { name: 'Fields', value: 'fields', description: 'Fill in header, body, footer and buttons' },
      { name: 'JSON', value: 'json', description: "In the form of Meta's documentation" },
    ],
  },
  ...draftProperties,
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = accountOperation(
  accountRun,
  properties,
  async ({ read, connection, app }) => {
    const parts = partsOf(read);
    const name = read('name').trim();
    const language = read('language').trim();
    const created = await core.whatsApp.createTemplate(app.http, connection, {
      name,
      language,
      category: read('category'),
      ...parts,
    });
    core.whatsApp.forgetTemplates(app.http);
    return {
      success: true,
      ...accountOf(connection),
      template: { name, language, key: `${name}|${language}`, ...created },
    };
  },
);

function partsOf(read: ParameterReader<typeof properties>) {
  if (read('componentsAs') === 'fields') return core.whatsApp.componentsOf(readDraft(read));
  const components = componentsOfJson(read('componentsJson'));
  return { components, ...core.whatsApp.formatOf(components) };
}
