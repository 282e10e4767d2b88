import type { HttpClient } from '../../../http/client';
import {
  InvalidContentError,
  SendError,
  type MediaSource,
  type TemplateButtonValue,
  type TemplateFaceValues,
  type TemplateMessage,
  type TemplateValue,
} from '../../../model';
import type { ProviderConnection } from '../../provider';
import { WHATSAPP_FIELDS } from '../content/fields';
import { templatesOf } from './book';
import type { MessageTemplate } from './definition';
import { textOf } from './preview';
import type { SlotValues } from './preview';
import { variablesOf } from './variables';

export interface TemplateChoice {
  name: string;
  language: string;
  values: SlotValues;
}

/**
 * The message that fills a template. Which places there are is read out of the slots; the template itself is asked for
 * too, so that what is missing is named before the call, and the history shows what was said. When Meta cannot be asked
 * the message is made all the same: the send will tell.
 * @throws InvalidContentError naming the variables that are missing
 */
export async function fillTemplate(
  http: HttpClient,
  connection: ProviderConnection,
  choice: TemplateChoice,
): Promise<TemplateMessage> {
  return filledFrom(await findTemplate(http, connection, choice), choice);
}

/**
 * As fillTemplate, of a template that was read already.
 * @param template undefined where it is not known what it says
 */
export function filledFrom(
  template: MessageTemplate | undefined,
  choice: TemplateChoice,
): TemplateMessage {
  const values = withoutEmpty(choice.values);
  if (template) requireAll(template, values);
  return {
    name: choice.name,
    language: choice.language,
    ...(template?.category ? { category: template.category.toLowerCase() } : {}),
    ...messageOf(values),
    ...(template ? { preview: textOf(template, values) } : {}),
  };
}

async function findTemplate(
  http: HttpClient,
  connection: ProviderConnection,
  { name, language }: TemplateChoice,
): Promise<MessageTemplate | undefined> {
  try {
    const templates = await templatesOf(http, connection);
    return templates.find((one) => one.name === name && one.language === language);
  } catch (error) {
    if (error instanceof SendError || connection.account.parentExternalId === null) {
      return undefined;
    }
    throw error;
  }
}

function withoutEmpty(values: SlotValues): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''));
}

function requireAll(template: MessageTemplate, values: SlotValues): void {
  const missing = variablesOf(template).filter(
    ({ slot, required }) => required && values[slot] === undefined,
  );
  if (missing.length === 0) return;
  throw new InvalidContentError(
    WHATSAPP_FIELDS.variables,
    `The template "${template.name}" also needs: ${missing.map(({ label }) => label).join(', ')}.`,
    { hint: 'Fill in every variable; choose the template again if its fields are not shown.' },
  );
}

/** The parts of the message, by the slots that hold a value (see TemplateVariable). */
export function messageOf(
  values: SlotValues,
): TemplateFaceValues & Pick<TemplateMessage, 'cards' | 'offerEndsAt'> {
  const cards: TemplateFaceValues[] = [];
  const byCard = new Map<number, Record<string, string>>();
  const own: Record<string, string> = {};
  for (const [slot, value] of Object.entries(values)) {
    const card = /^card:(\d+):(.+)$/.exec(slot);
    if (!card) own[slot] = value;
    else {
      const index = Number(card[1]);
      byCard.set(index, { ...byCard.get(index), [card[2] ?? '']: value });
    }
  }
  for (let index = 0; index <= Math.max(-1, ...byCard.keys()); index += 1) {
    cards.push(faceOf(byCard.get(index) ?? {}));
  }
  const endsAt = own['offer:expiresAt'];
  return {
    ...faceOf(own),
    cards,
    ...(endsAt === undefined ? {} : { offerEndsAt: instantOf(endsAt) }),
  };
}

function faceOf(values: SlotValues): TemplateFaceValues {
  const header = headerOf(values);
  return {
    ...(header ? { header } : {}),
    body: textsOf(values, 'body:'),
    buttons: buttonsOf(values),
  };
}

/** Numbered variables in their order, named ones with their name. */
function textsOf(values: SlotValues, prefix: string): TemplateValue[] {
  const found = Object.entries(values)
    .filter(([slot]) => slot.startsWith(prefix))
    .map(([slot, text]) => ({ name: slot.slice(prefix.length), text }));
  return found
    .toSorted((a, b) => Number(a.name) - Number(b.name) || 0)
    .map(({ name, text }) => ({ kind: 'text', text, ...(/^\d+$/.test(name) ? {} : { name }) }));
}

const HEADER_WORDS = new Set([
  'image',
  'video',
  'document',
  'fileName',
  'latitude',
  'longitude',
  'placeName',
  'address',
  'productId',
  'catalogId',
]);

function headerOf(values: SlotValues): TemplateValue | undefined {
  const at = (name: string) => values[`header:${name}`];
  for (const kind of ['image', 'video'] as const) {
    const file = at(kind);
    if (file !== undefined) return { kind, media: sourceOf(file) };
  }
  const document = at('document');
  if (document !== undefined) {
    const fileName = at('fileName');
    return { kind: 'document', media: sourceOf(document), ...(fileName ? { fileName } : {}) };
  }
  const latitude = at('latitude');
  if (latitude !== undefined) {
    const name = at('placeName');
    const address = at('address');
    return {
      kind: 'location',
      latitude: numberOf('Header Latitude', latitude),
      longitude: numberOf('Header Longitude', at('longitude') ?? ''),
      ...(name ? { name } : {}),
      ...(address ? { address } : {}),
    };
  }
  const productId = at('productId');
  if (productId !== undefined) {
    return { kind: 'product', productId, catalogId: at('catalogId') ?? '' };
  }
  const [text] = textsOf(values, 'header:').filter(
    (value) => value.kind === 'text' && !HEADER_WORDS.has(value.name ?? ''),
  );
  return text;
}

/** What begins like an address is one; everything else is the id of an upload. */
function sourceOf(file: string): MediaSource {
  return /^https?:\/\//i.test(file.trim()) ? { url: file.trim() } : { attachmentId: file.trim() };
}

function buttonsOf(values: SlotValues): TemplateButtonValue[] {
  const byIndex = new Map<number, Record<string, string>>();
  for (const [slot, value] of Object.entries(values)) {
    const found = /^button:(\d+):(\w+)$/.exec(slot);
    if (!found) continue;
    const index = Number(found[1]);
    byIndex.set(index, { ...byIndex.get(index), [found[2] ?? '']: value });
  }
  return [...byIndex]
    .sort(([a], [b]) => a - b)
    .flatMap(([index, facts]) => buttonOf(index, facts) ?? []);
}

function buttonOf(index: number, facts: Record<string, string>): TemplateButtonValue | null {
  const { url, payload, code, flowToken, flowData, productId, sections } = facts;
  if (url !== undefined) return { index, kind: 'url', text: url };
  if (payload !== undefined) return { index, kind: 'quickReply', payload };
  if (code !== undefined) return { index, kind: 'copyCode', code };
  if (flowToken !== undefined || flowData !== undefined) {
    return {
      index,
      kind: 'flow',
      ...(flowToken ? { token: flowToken } : {}),
      ...(flowData ? { data: jsonOf('Flow Data', flowData) as Record<string, unknown> } : {}),
    };
  }
  if (sections !== undefined) {
    return { index, kind: 'products', productId: productId ?? '', sections: sectionsOf(sections) };
  }
  return productId === undefined ? null : { index, kind: 'catalog', productId };
}

/** `[{ "title": "Popular", "productIds": ["SKU-1", "SKU-2"] }]` */
function sectionsOf(text: string): Array<{ title?: string; productIds: string[] }> {
  const list = jsonOf('Sections', text);
  const sections = Array.isArray(list) ? (list as unknown[]) : [];
  const read = sections.flatMap((value) => {
    const { title, productIds } = (value ?? {}) as { title?: unknown; productIds?: unknown };
    if (!Array.isArray(productIds)) return [];
    const ids = productIds.map(String);
    return [typeof title === 'string' ? { title, productIds: ids } : { productIds: ids }];
  });
  if (read.length === sections.length && read.length > 0) return read;
  throw invalid('Sections', 'is no list of sections', '[{ "title": "…", "productIds": ["…"] }]');
}

function jsonOf(what: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw invalid(what, 'is no valid JSON', '{ "name": "value" }');
  }
}

function numberOf(what: string, text: string): number {
  const number = Number(text.replace(',', '.'));
  if (text.trim() !== '' && Number.isFinite(number)) return number;
  throw invalid(what, 'is no number', '-23.5505');
}

function instantOf(text: string): number {
  const instant = /^\d{10,}$/.test(text) ? Number(text) : Date.parse(text);
  if (!Number.isNaN(instant)) return instant < 100_000_000_000 ? instant * 1000 : instant;
  throw invalid('Offer Ends At', 'is no date', '2026-11-30T23:59:00-03:00');
}

function invalid(what: string, problem: string, example: string): InvalidContentError {
  return new InvalidContentError(WHATSAPP_FIELDS.variables, `"${what}" ${problem}.`, {
    hint: `Write it like ${example}`,
  });
}
