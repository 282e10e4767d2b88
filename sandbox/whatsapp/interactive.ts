import {
  asList,
  asObject,
  oneOf,
  onlyKeys,
  optionalText,
  webAddress,
} from '../graph/validation.ts';
import { limitedText, needText, resolveFile, type ContentScope } from './content.ts';
import { refused } from './errors.ts';
import type { MediaKind } from './media.ts';

type Json = Record<string, unknown>;

/** Longest body of each kind, and whether it may have a header. Source: section D.2. */
const FRAMES: Record<string, { body: number; header: readonly string[]; bodyOptional?: true }> = {
  button: { body: 1024, header: ['text', 'image', 'video', 'document'] },
  list: { body: 4096, header: ['text'] },
  cta_url: { body: 1024, header: ['text', 'image', 'video', 'document'] },
  flow: { body: 1024, header: ['text', 'image', 'video', 'document'] },
  product: { body: 1024, header: [], bodyOptional: true },
  product_list: { body: 1024, header: ['text'] },
  catalog_message: { body: 1024, header: [] },
  location_request_message: { body: 1024, header: [] },
};

/** Kinds whose inside is taken as it is: the documents that the sandbox follows do not describe it. */
const TAKEN_AS_THEY_ARE = [
  'address_message',
  'carousel',
  'call_permission_request',
  'voice_call',
  'order_details',
  'order_status',
];

/** Checks `interactive` of a message. @throws GraphError for any violation of section D.2 */
export async function parseInteractive(value: unknown, scope: ContentScope): Promise<Json> {
  const interactive = asObject(value, 'interactive');
  const type = oneOf(
    interactive.type,
    [...Object.keys(FRAMES), ...TAKEN_AS_THEY_ARE],
    'interactive.type',
  );
  const frame = FRAMES[type];
  if (frame === undefined) return interactive;
  onlyKeys(interactive, ['type', 'header', 'body', 'footer', 'action'], 'interactive');
  const shown: Json = { ...interactive };
  if (interactive.body !== undefined || frame.bodyOptional !== true) {
    limitedText(interactive.body, 'interactive.body', frame.body);
  }
  if (interactive.footer !== undefined) limitedText(interactive.footer, 'interactive.footer', 60);
  if (interactive.header !== undefined) {
    shown.header = await checkHeader(interactive.header, frame.header, scope);
  } else if (type === 'product_list') {
    throw refused(131009, 'interactive.header of a product list is required: a text.');
  }
  checkAction(type, asObject(interactive.action, 'interactive.action'));
  return shown;
}

async function checkHeader(
  value: unknown,
  allowed: readonly string[],
  scope: ContentScope,
): Promise<Json> {
  const path = 'interactive.header';
  if (allowed.length === 0) throw refused(131009, `${path} is not allowed for this type.`);
  const header = asObject(value, path);
  const type = oneOf(header.type, allowed, `${path}.type`);
  onlyKeys(header, ['type', type], path);
  if (type === 'text') {
    limitedText(header, path, 60);
    return header;
  }
  const media = asObject(header[type], `${path}.${type}`);
  onlyKeys(media, ['id', 'link', ...(type === 'document' ? ['filename'] : [])], `${path}.${type}`);
  const file = await resolveFile(type as MediaKind, media, `${path}.${type}`, scope);
  return { ...header, [type]: { ...media, ...file } };
}

function checkAction(type: string, action: Json): void {
  const path = 'interactive.action';
  switch (type) {
    case 'button':
      return checkButtons(action, path);
    case 'list':
      return checkList(action, path);
    case 'cta_url': {
      onlyKeys(action, ['name', 'parameters'], path);
      oneOf(action.name, ['cta_url'], `${path}.name`);
      const parameters = asObject(action.parameters, `${path}.parameters`);
      onlyKeys(parameters, ['display_text', 'url'], `${path}.parameters`);
      needText(parameters, 'display_text', `${path}.parameters`, 20);
      webAddress(parameters, 'url', `${path}.parameters`);
      return;
    }
    case 'flow':
      return checkFlow(action, path);
    case 'product':
      onlyKeys(action, ['catalog_id', 'product_retailer_id'], path);
      needText(action, 'catalog_id', path);
      needText(action, 'product_retailer_id', path);
      return;
    case 'product_list':
      return checkProducts(action, path);
    case 'catalog_message': {
      onlyKeys(action, ['name', 'parameters'], path);
      oneOf(action.name, ['catalog_message'], `${path}.name`);
      if (action.parameters === undefined) return;
      const parameters = asObject(action.parameters, `${path}.parameters`);
      onlyKeys(parameters, ['thumbnail_product_retailer_id'], `${path}.parameters`);
      return;
    }
    default:
      onlyKeys(action, ['name'], path);
      oneOf(action.name, ['send_location'], `${path}.name`);
  }
}

function checkButtons(action: Json, path: string): void {
  onlyKeys(action, ['buttons'], path);
  const replies = asList(action.buttons, `${path}.buttons`, 1, 3).map((item, index) => {
    const place = `${path}.buttons[${index}]`;
    const button = asObject(item, place);
    onlyKeys(button, ['type', 'reply'], place);
    oneOf(button.type, ['reply'], `${place}.type`);
    const reply = asObject(button.reply, `${place}.reply`);
    onlyKeys(reply, ['id', 'title'], `${place}.reply`);
    return {
      id: needText(reply, 'id', `${place}.reply`, 256),
      title: needText(reply, 'title', `${place}.reply`, 20),
    };
  });
  requireDistinct(
    replies.map(({ id }) => id),
    'Button ids',
  );
  requireDistinct(
    replies.map(({ title }) => title),
    'Button titles',
  );
}

function checkList(action: Json, path: string): void {
  onlyKeys(action, ['button', 'sections'], path);
  needText(action, 'button', path, 20);
  const sections = asList(action.sections, `${path}.sections`, 1, 10);
  const ids = sections.flatMap((item, index) => {
    const place = `${path}.sections[${index}]`;
    const section = asObject(item, place);
    onlyKeys(section, ['title', 'rows'], place);
    optionalText(section, 'title', place, 24);
    if (sections.length > 1) needText(section, 'title', place, 24);
    return asList(section.rows, `${place}.rows`, 1, 10).map((entry, number) => {
      const spot = `${place}.rows[${number}]`;
      const row = asObject(entry, spot);
      onlyKeys(row, ['id', 'title', 'description'], spot);
      needText(row, 'title', spot, 24);
      optionalText(row, 'description', spot, 72);
      return needText(row, 'id', spot, 200);
    });
  });
  if (ids.length > 10) {
    throw refused(131009, `A list takes 10 rows in all; this one has ${ids.length}.`);
  }
  requireDistinct(ids, 'Row ids');
}

function checkFlow(action: Json, path: string): void {
  onlyKeys(action, ['name', 'parameters'], path);
  oneOf(action.name, ['flow'], `${path}.name`);
  const place = `${path}.parameters`;
  const parameters = asObject(action.parameters, place);
  onlyKeys(
    parameters,
    [
      'flow_message_version',
      'flow_token',
      'flow_id',
      'flow_name',
      'flow_cta',
      'flow_action',
      'flow_action_payload',
      'mode',
    ],
    place,
  );
  oneOf(parameters.flow_message_version, ['3'], `${place}.flow_message_version`);
  needText(parameters, 'flow_cta', place, 30);
  if ((parameters.flow_id === undefined) === (parameters.flow_name === undefined)) {
    throw refused(131009, `${place} needs exactly one of flow_id and flow_name.`);
  }
  if (parameters.flow_action !== undefined) {
    oneOf(parameters.flow_action, ['navigate', 'data_exchange'], `${place}.flow_action`);
  }
  if (parameters.mode !== undefined)
    oneOf(parameters.mode, ['draft', 'published'], `${place}.mode`);
}

function checkProducts(action: Json, path: string): void {
  onlyKeys(action, ['catalog_id', 'sections'], path);
  needText(action, 'catalog_id', path);
  const sections = asList(action.sections, `${path}.sections`, 1, 10);
  const items = sections.flatMap((item, index) => {
    const place = `${path}.sections[${index}]`;
    const section = asObject(item, place);
    onlyKeys(section, ['title', 'product_items'], place);
    if (sections.length > 1) needText(section, 'title', place, 24);
    return asList(section.product_items, `${place}.product_items`, 1, 30).map((entry, number) => {
      const spot = `${place}.product_items[${number}]`;
      const product = asObject(entry, spot);
      onlyKeys(product, ['product_retailer_id'], spot);
      return needText(product, 'product_retailer_id', spot);
    });
  });
  if (items.length > 30) {
    throw refused(131009, `A product list takes 30 products; this one has ${items.length}.`);
  }
}

function requireDistinct(values: readonly string[], what: string): void {
  if (new Set(values).size !== values.length) throw refused(131009, `${what} must be unique.`);
}
