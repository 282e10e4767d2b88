import type {
  ILoadOptionsFunctions,
  INodeListSearchResult,
  ResourceMapperField,
  ResourceMapperFields,
} from 'n8n-workflow';
import type { MessageTemplate, TemplateVariable } from '../../core/providers/whatsapp-cloud';
import { InvalidInputError } from '../../core/model/errors';
import { core } from '../shared/loadCore';
import { CHOOSE_FIRST } from '../shared/mapperNotice';
import { PREVIEW } from './content/readContent';
import {
  accountOfCredential,
  asPanel,
  readOfPanel,
  valueOf,
  type AccountOfPanel,
} from './panelAccount';

/** The approved templates whose name or text contains the filter. @throws NodeOperationError */
export async function searchTemplates(
  context: ILoadOptionsFunctions,
  filter: string | undefined,
  accountOf: AccountOfPanel = accountOfCredential,
): Promise<INodeListSearchResult> {
  return await asPanel(context, async () => {
    const wanted = filter?.trim().toLocaleLowerCase() ?? '';
    const templates = await templatesOfPanel(context, accountOf);
    const results = templates
      .filter(({ status }) => status === 'APPROVED')
      .map((template) => ({
        name: labelOf(template),
        value: `${template.name}|${template.language}`,
        description: core.whatsApp.previewOf(template),
      }))
      .filter(({ name, description }) =>
        `${name}\n${description}`.toLocaleLowerCase().includes(wanted),
      )
      .toSorted((a, b) => a.name.localeCompare(b.name));
    return { results };
  });
}

function labelOf({ name, language, category }: MessageTemplate): string {
  return [name, language, category?.toLowerCase()].filter(Boolean).join(' · ');
}

/** What the chosen template says, and a field for each of its variables. @throws NodeOperationError */
export async function templateVariables(
  context: ILoadOptionsFunctions,
  field: 'template' | 'fallbackTemplate',
  accountOf: AccountOfPanel = accountOfCredential,
): Promise<ResourceMapperFields> {
  return await asPanel(context, async () => {
    const [name, language] = valueOf(context, field).split('|');
    if (!name) return { fields: [], emptyFieldsNotice: CHOOSE_FIRST };
    const templates = await templatesOfPanel(context, accountOf);
    const template = templates.find((one) => one.name === name && one.language === language);
    if (!template) {
      throw new InvalidInputError(
        'Template',
        `There is no template "${name}" in the language "${language ?? ''}".`,
        { hint: 'Choose one from the list.' },
      );
    }
    return {
      fields: [previewField(template), ...core.whatsApp.variablesOf(template).map(toField)],
    };
  });
}

function previewField(template: MessageTemplate): ResourceMapperField {
  return {
    id: PREVIEW,
    displayName: 'What It Says',
    type: 'string',
    readOnly: true,
    required: false,
    display: true,
    defaultMatch: false,
    canBeUsedToMatch: false,
    defaultValue: core.whatsApp.previewOf(template),
  };
}

const FIELD_TYPES = {
  text: 'string',
  url: 'string',
  json: 'string',
  number: 'number',
  instant: 'dateTime',
} as const satisfies Record<TemplateVariable['kind'], ResourceMapperField['type']>;

function toField({ slot, label, kind, required, example }: TemplateVariable): ResourceMapperField {
  return {
    id: slot,
    displayName: example === null ? label : `${label} (${example})`,
    type: FIELD_TYPES[kind],
    required,
    display: true,
    defaultMatch: false,
    canBeUsedToMatch: false,
  };
}

async function templatesOfPanel(
  context: ILoadOptionsFunctions,
  accountOf: AccountOfPanel,
): Promise<MessageTemplate[]> {
  return await readOfPanel(context, accountOf, 'templates', (app, connection) =>
    core.whatsApp.templatesOf(app.http, connection),
  );
}
