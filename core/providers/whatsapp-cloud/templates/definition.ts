import { asId, asList, asNumber, asObject, asText } from '../../graph/json';
import type { JsonObject } from '../../graph/json';

export type HeaderFormat = 'TEXT' | 'IMAGE' | 'VIDEO' | 'DOCUMENT' | 'LOCATION' | 'PRODUCT';

/** A button of a template, as it was created. */
export interface TemplateButton {
  /** `QUICK_REPLY`, `URL`, `PHONE_NUMBER`, `COPY_CODE`, `FLOW`, `CATALOG`, `MPM`, `SPM`, `OTP`, … */
  type: string;
  text: string;
  url: string | null;
  phoneNumber: string | null;
  example: string | null;
}

/** What one face of a template shows: its front, or one card of a carousel. */
export interface TemplateFace {
  header: { format: HeaderFormat; text: string | null; examples: string[] } | null;
  body: string | null;
  /** Example of each variable of the body, by its number or name. */
  bodyExamples: Record<string, string>;
  footer: string | null;
  buttons: TemplateButton[];
}

/** A message template of a business account. */
export interface MessageTemplate extends TemplateFace {
  id: string;
  name: string;
  language: string;
  /** `APPROVED`, `PENDING`, `REJECTED`, `PAUSED`, `DISABLED`, … */
  status: string;
  /** `UTILITY`, `MARKETING`, `AUTHENTICATION` */
  category: string | null;
  /** `GREEN`, `YELLOW`, `RED`, `UNKNOWN` */
  quality: string | null;
  rejectedReason: string | null;
  /** Shows how long an offer still holds; absent when it is none. */
  offer: { text: string; expires: boolean } | null;
  cards: TemplateFace[];
}

/** Reads a template of the management API; null for what is none. */
export function readTemplate(value: unknown): MessageTemplate | null {
  const template = asObject(value);
  const id = asId(template?.id);
  const name = asText(template?.name);
  if (template === null || id === null || name === null) return null;
  const components = componentsOf(template);
  const reason = asText(template.rejected_reason);
  return {
    id,
    name,
    language: asText(template.language) ?? '',
    status: asText(template.status) ?? 'UNKNOWN',
    category: asText(template.category),
    quality: asText(asObject(template.quality_score)?.score),
    rejectedReason: reason === 'NONE' ? null : reason,
    offer: readOffer(components),
    cards: readCards(components),
    ...readFace(components),
  };
}

/** Types are written in capitals in answers, and small in some examples of the documentation. */
function componentsOf(holder: JsonObject): JsonObject[] {
  return asList(holder.components)
    .map(asObject)
    .filter((component) => component !== null);
}

function typed(components: readonly JsonObject[], type: string): JsonObject | undefined {
  return components.find((component) => asText(component.type)?.toUpperCase() === type);
}

function readFace(components: readonly JsonObject[]): TemplateFace {
  const body = typed(components, 'BODY');
  return {
    header: readHeader(typed(components, 'HEADER')),
    body: asText(body?.text),
    bodyExamples: examplesOf(body, 'body_text'),
    footer: asText(typed(components, 'FOOTER')?.text),
    buttons: asList(typed(components, 'BUTTONS')?.buttons).flatMap(readButton),
  };
}

const FORMATS: readonly string[] = ['TEXT', 'IMAGE', 'VIDEO', 'DOCUMENT', 'LOCATION', 'PRODUCT'];

function readHeader(header: JsonObject | undefined): TemplateFace['header'] {
  const format = asText(header?.format)?.toUpperCase() ?? '';
  if (!FORMATS.includes(format)) return null;
  return {
    format: format as HeaderFormat,
    text: asText(header?.text),
    examples: Object.values(examplesOf(header, 'header_text')),
  };
}

/** `body_text` is a list of lists, `header_text` a list; named variables have a list of their own. */
function examplesOf(component: JsonObject | undefined, key: string): Record<string, string> {
  const example = asObject(component?.example);
  const named = asList(example?.[`${key}_named_params`]).flatMap((value) => {
    const item = asObject(value);
    const name = asText(item?.param_name);
    return name === null ? [] : [[name, asText(item?.example) ?? ''] as const];
  });
  const listed = asList(example?.[key]);
  const positional = Array.isArray(listed[0]) ? asList(listed[0]) : listed;
  return Object.fromEntries([
    ...named,
    ...positional.map((value, index) => [String(index + 1), asText(value) ?? ''] as const),
  ]);
}

function readButton(value: unknown): TemplateButton[] {
  const button = asObject(value);
  if (button === null) return [];
  return [
    {
      type: asText(button.type)?.toUpperCase() ?? '',
      text: asText(button.text) ?? '',
      url: asText(button.url),
      phoneNumber: asText(button.phone_number),
      example: asText(asList(button.example)[0]) ?? asText(button.example),
    },
  ];
}

function readOffer(components: readonly JsonObject[]): MessageTemplate['offer'] {
  const offer = asObject(typed(components, 'LIMITED_TIME_OFFER')?.limited_time_offer);
  if (offer === null) return null;
  return { text: asText(offer.text) ?? '', expires: offer.has_expiration === true };
}

function readCards(components: readonly JsonObject[]): TemplateFace[] {
  const cards = asList(typed(components, 'CAROUSEL')?.cards).flatMap((value) => {
    const card = asObject(value);
    return card === null ? [] : [card];
  });
  return cards
    .toSorted((a, b) => (asNumber(a.card_index) ?? 0) - (asNumber(b.card_index) ?? 0))
    .map((card) => readFace(componentsOf(card)));
}
