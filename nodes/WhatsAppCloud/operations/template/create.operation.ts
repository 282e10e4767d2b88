import type { INodeProperties } from 'n8n-workflow';
import { accountOperation, type AtAccount } from '../../../shared/accountOperation';
import { accountOf } from '../../../shared/accountRuns';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { core } from '../../../shared/loadCore';
import type { ParameterReader } from '../../../shared/parameters';
import {
  documentHandleOption,
  readReadyRequest,
  readyItems,
  readyProperties,
  templateSource,
} from '../../../shared/readyTemplates';
import { accountRun } from '../../accountRuns';
import { numberLocator } from '../../fields';
import { ownProperties } from './ownProperties';
import { componentsOfJson, readDraft } from './readDraft';

/** What every new template has, first and last in the panel. */
export const firstProperties = [numberLocator, templateSource] as const satisfies INodeProperties[];
export const lastProperties = [
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      {
        displayName: 'App ID',
        name: 'appId',
        type: 'string',
        default: '',
        placeholder: 'e.g. 1234567890123456',
        description:
          'Your Meta app, which an example document is handed to. Empty means the one that is subscribed to the business account.',
        displayOptions: { show: { '/source': ['ready'] } },
      },
      documentHandleOption,
      storeOption,
      tenantOption,
    ],
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
  const { appId, documentHandle } = read('options');
  const request = readReadyRequest(read, context.getExecutionCancelSignal());
  const outcomes = await core.whatsApp.createReadyAtMeta(app.http, connection, {
    ...request,
    appId,
    documentHandle,
  });
  return readyItems(connection, outcomes);
}

async function createOwn({ read, connection, app }: AtAccount<typeof properties>) {
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
}

function partsOf(read: ParameterReader<typeof ownProperties>) {
  if (read('componentsAs') === 'fields') return core.whatsApp.componentsOf(readDraft(read));
  const components = componentsOfJson(read('componentsJson'));
  return { components, ...core.whatsApp.formatOf(components) };
}
