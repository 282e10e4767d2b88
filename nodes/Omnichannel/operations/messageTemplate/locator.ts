import type {
  ILoadOptionsFunctions,
  INodeListSearchResult,
  INodeProperties,
  ResourceMapperFields,
} from 'n8n-workflow';
import { InvalidInputError } from '../../../../core/model/errors';
import { toNodeError } from '../../../shared/errors';
import { core } from '../../../shared/loadCore';
import { CHOOSE_FIRST } from '../../../shared/mapperNotice';
import { openApp, tenantId } from '../../../shared/openApp';

/** The field of the mapper that shows the text; no variable can be called so. */
export const PREVIEW_FIELD = '$preview';

/** One of the tenant's own templates. */
export const messageTemplateLocator = {
  displayName: 'Message Template',
  name: 'messageTemplate',
  type: 'resourceLocator',
  default: { mode: 'list', value: '' },
  required: true,
  description: "One of the tenant's own texts",
  modes: [
    {
      displayName: 'From List',
      name: 'list',
      type: 'list',
      placeholder: 'Select a template…',
      typeOptions: { searchListMethod: 'searchMessageTemplates', searchable: true },
    },
    {
      displayName: 'By Name or ID',
      name: 'id',
      type: 'string',
      placeholder: 'e.g. Appointment reminder',
    },
  ],
} as const satisfies INodeProperties;

/** What fills the places of the chosen template: a field for each of its variables, and its text. */
export const messageTemplateValues = {
  displayName: 'Values',
  name: 'templateValues',
  type: 'resourceMapper',
  noDataExpression: true,
  default: { mappingMode: 'defineBelow', value: null },
  description: 'What stands in the places of the text',
  typeOptions: {
    loadOptionsDependsOn: ['messageTemplate.value'],
    resourceMapper: {
      resourceMapperMethod: 'getMessageTemplateFields',
      mode: 'add',
      addAllFields: true,
      supportAutoMap: false,
      valuesLabel: 'Values',
      fieldWords: { singular: 'value', plural: 'values' },
      noFieldsError: 'This template has no variables.',
    },
  },
} as const satisfies INodeProperties;

const MOST_LISTED = 500;

async function placeOf(context: ILoadOptionsFunctions) {
  const options = (context.getCurrentNodeParameter('options') ?? {}) as {
    tenant?: string;
    store?: string;
  };
  return { app: await openApp(context, options.store), tenant: tenantId(options.tenant) };
}

/** The templates whose name or text contains the filter. @throws NodeOperationError */
export async function searchMessageTemplates(
  context: ILoadOptionsFunctions,
  filter: string | undefined,
): Promise<INodeListSearchResult> {
  try {
    const { app, tenant } = await placeOf(context);
    const page = { tenantId: tenant, limit: MOST_LISTED, cursor: null };
    const { items } = await core.messaging.listMessageTemplates(app, page);
    const wanted = filter?.trim().toLocaleLowerCase() ?? '';
    const results = items
      .map(({ id, name, texts }) => ({ name, value: id, description: texts[0]?.text ?? '' }))
      .filter(({ name, description }) =>
        `${name}\n${description}`.toLocaleLowerCase().includes(wanted),
      );
    return { results };
  } catch (error) {
    throw toNodeError(context.getNode(), error);
  }
}

/** What the chosen template says, and a field for each of its variables. @throws NodeOperationError */
export async function messageTemplateFields(
  context: ILoadOptionsFunctions,
): Promise<ResourceMapperFields> {
  try {
    const chosen = valueOf(context.getCurrentNodeParameter('messageTemplate'));
    if (chosen === '') return { fields: [], emptyFieldsNotice: CHOOSE_FIRST };
    const { app, tenant } = await placeOf(context);
    const template = await core.messaging.getMessageTemplate(app, tenant, chosen);
    const first = template.texts[0]?.text ?? '';
    const required = new Set(template.required);
    const field = { type: 'string', display: true, defaultMatch: false, canBeUsedToMatch: false };
    return {
      fields: [
        {
          ...field,
          type: 'string',
          id: PREVIEW_FIELD,
          displayName: 'What It Says',
          readOnly: true,
          required: false,
          defaultValue: first,
        },
        ...template.variables.map((name) => ({
          ...field,
          type: 'string' as const,
          id: name,
          displayName: name,
          required: required.has(name),
        })),
      ],
    };
  } catch (error) {
    throw toNodeError(context.getNode(), error);
  }
}

/** The value of a resource locator of the panel; an expression is none yet. */
function valueOf(raw: unknown): string {
  const value = typeof raw === 'object' && raw !== null && 'value' in raw ? raw.value : raw;
  return typeof value === 'string' && !value.startsWith('=') ? value.trim() : '';
}

/** @throws InvalidInputError when none was chosen */
export function templateNameOf(text: string): string {
  const idOrName = text.trim();
  if (idOrName) return idOrName;
  throw new InvalidInputError('Message Template', '"Message Template" is empty.', {
    hint: 'Choose one from the list, or write its name.',
  });
}
