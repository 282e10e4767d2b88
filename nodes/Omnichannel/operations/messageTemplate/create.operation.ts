import type { INodeProperties } from 'n8n-workflow';
import { placeOptions } from '../../../shared/commonOptions';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import {
  categoryField,
  mappedTemplateFields,
  mappingField,
  nameField,
  readMapping,
  readTexts,
  textsField,
} from './fields';

export const properties = [
  nameField,
  textsField,
  categoryField,
  mappingField,
  ...mappedTemplateFields,
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const { store, tenant } = read('options');
  const category = read('templateCategory');
  const input = {
    tenantId: tenantId(tenant),
    name: read('templateName'),
    category: category === 'none' ? null : category,
    texts: readTexts(read('texts').text),
    whatsApp:
      read('whatsAppMapping') === 'template'
        ? readMapping(read('template'), read('variables'))
        : null,
  };
  const app = await openApp(context, store);
  return toItem(await core.messaging.createMessageTemplate(app, input));
});
