import type { INodeProperties } from 'n8n-workflow';
import { placeOptions } from '../../../shared/commonOptions';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import {
  categoryField,
  categoryOptions,
  mappedTemplateFields,
  mappingField,
  mappingOptions,
  nameField,
  readMapping,
  readTexts,
  textsField,
} from './fields';
import { messageTemplateLocator, templateNameOf } from './locator';

const KEEP = { name: 'Leave As It Is', value: 'keep' } as const;

export const properties = [
  messageTemplateLocator,
  { ...nameField, required: false, description: 'Empty leaves it as it is' },
  { ...textsField, description: 'In place of all present ones; none leaves them as they are' },
  { ...categoryField, default: 'keep', options: [KEEP, ...categoryOptions] },
  { ...mappingField, default: 'keep', options: [KEEP, ...mappingOptions] },
  ...mappedTemplateFields,
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const { store, tenant } = read('options');
  const category = read('templateCategory');
  const mapping = read('whatsAppMapping');
  const texts = readTexts(read('texts').text);
  const change = {
    tenantId: tenantId(tenant),
    idOrName: templateNameOf(read('messageTemplate')),
    name: read('templateName').trim() || undefined,
    category: category === 'keep' ? undefined : category === 'none' ? null : category,
    texts: texts.length > 0 ? texts : undefined,
    whatsApp:
      mapping === 'template'
        ? readMapping(read('template'), read('variables'))
        : mapping === 'none'
          ? null
          : undefined,
  };
  const app = await openApp(context, store);
  return toItem(await core.messaging.updateMessageTemplate(app, change));
});
