import type {
  ILoadOptionsFunctions,
  INodeListSearchResult,
  ResourceMapperField,
  ResourceMapperFields,
} from 'n8n-workflow';
import type { MessageTemplate, TemplateVariable } from '../../core/providers/whatsapp-cloud';
import type { Account } from '../../core/model/account';
import { InvalidInputError } from '../../core/model/errors';
import type { App } from '../../core/runtime';
import { toNodeError } from '../shared/errors';
import { core } from '../shared/loadCore';
import { openApp, tenantId } from '../shared/openApp';
import { PREVIEW } from './content/readContent';
import { chosenCredential, refreshAccounts } from './whatsAppCredential';

/** The approved templates whose name or text contains the filter. @throws NodeOperationError */
export async function searchTemplates(
  context: ILoadOptionsFunctions,
  filter: string | undefined,
  accountOf: AccountOfPanel = ofCredential,
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
  accountOf: AccountOfPanel = ofCredential,
): Promise<ResourceMapperFields> {
  return await asPanel(context, async () => {
    const [name, language] = valueOf(context, field).split('|');
    if (!name) return { fields: [], emptyFieldsNotice: 'Choose a template first.' };
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

/** Whose templates a panel shows. @param chosen the account's id; empty while none is chosen */
export type AccountOfPanel = (
  context: ILoadOptionsFunctions,
  place: { app: App; tenant: string; chosen: string },
) => Promise<Account | undefined>;

/** The chosen account; while none is chosen, one of the credential's. */
const ofCredential: AccountOfPanel = async (context, { app, tenant, chosen }) => {
  await refreshAccounts.call(context, app, tenant);
  const { id: credentialId } = await chosenCredential(context);
  const accounts = await core.accounts.listAccounts(app, tenant, { provider: 'whatsapp_cloud' });
  return (
    accounts.find(({ id }) => id === chosen) ??
    accounts.find((one) => one.credentialId === credentialId && one.status !== 'disconnected')
  );
};

async function templatesOfPanel(
  context: ILoadOptionsFunctions,
  accountOf: AccountOfPanel,
): Promise<MessageTemplate[]> {
  const options = (context.getCurrentNodeParameter('options') ?? {}) as {
    tenant?: string;
    store?: string;
  };
  const tenant = tenantId(options.tenant);
  const app = await openApp(context, options.store);
  const account = await accountOf(context, { app, tenant, chosen: valueOf(context, 'account') });
  if (!account) {
    throw new InvalidInputError('Account', 'There is no account whose templates could be read.', {
      hint: 'Choose a WhatsApp account from the list first.',
    });
  }
  const place = { tenantId: tenant, accountId: account.id };
  return await core.accounts.useConnection(app, place, (connection) =>
    core.whatsApp.templatesOf(app.http, connection),
  );
}

/** The value of a resource locator of the panel; an expression is none yet. */
function valueOf(context: ILoadOptionsFunctions, name: string): string {
  const raw = context.getCurrentNodeParameter(name);
  const value = typeof raw === 'object' && raw !== null && 'value' in raw ? raw.value : raw;
  return typeof value === 'string' && !value.startsWith('=') ? value.trim() : '';
}

async function asPanel<T>(context: ILoadOptionsFunctions, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw toNodeError(context.getNode(), error);
  }
}
