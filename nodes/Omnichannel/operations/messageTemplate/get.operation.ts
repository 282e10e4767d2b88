import type { INodeProperties } from 'n8n-workflow';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { jsonObjectOf } from '../../../shared/fieldValues';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { mappedTexts } from '../../../WhatsAppCloud/content/readContent';
import { messageTemplateLocator, templateNameOf } from './locator';

export const properties = [
  messageTemplateLocator,
  {
    displayName: 'Preview',
    name: 'preview',
    type: 'boolean',
    default: false,
    description:
      'Whether to show what it says on each channel with the values below, and which variables have none',
  },
  {
    displayName: 'Values (JSON)',
    name: 'previewValues',
    type: 'json',
    default: '{ "name": "Ana" }',
    description: 'By the names of the variables',
    displayOptions: { show: { preview: [true] } },
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      {
        displayName: 'Language',
        name: 'language',
        type: 'string',
        default: '',
        placeholder: 'e.g. en',
        description: 'Of the preview; empty means that of the tenant',
      },
      storeOption,
      tenantOption,
    ],
  },
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const { store, tenant, language } = read('options');
  const idOrName = templateNameOf(read('messageTemplate'));
  const values = read('preview')
    ? mappedTexts(jsonObjectOf('Values (JSON)', read('previewValues')))
    : undefined;
  const app = await openApp(context, store);
  const place = tenantId(tenant);
  const template = await core.messaging.getMessageTemplate(app, place, idOrName);
  if (!values) return toItem(template);
  const wanted = { tenantId: place, idOrName: template.id, values, language: language?.trim() };
  const preview = await core.messaging.renderMessageTemplate(app, wanted);
  return toItem({ ...template, preview });
});
