import { asList, asObject, characters, onlyKeys, requiredText } from '../graph/validation.ts';
import { refused } from './errors.ts';
import { needText, resolveFile, type ContentScope } from './content.ts';
import { renderButtons } from './templateButtons.ts';
import type { MediaKind } from './media.ts';
import type { RenderedCard, RenderedTemplate, WhatsAppTemplate } from './model.ts';

export type Json = Record<string, unknown>;

const FILLED_MAX: Record<string, number> = { HEADER: 60, BODY: 1024 };
export const VARIABLE = /\{\{\s*([a-z0-9_]+)\s*\}\}/g;

/** A definition's component of a type. */
export function componentOf(components: readonly Json[], type: string): Json | undefined {
  return components.find((item) => item.type === type);
}

/** Names or numbers of the variables of a text, each once, as they first come. */
export function variablesIn(text: unknown): string[] {
  if (typeof text !== 'string') return [];
  return [...new Set([...text.matchAll(VARIABLE)].map((match) => match[1] ?? ''))];
}

/**
 * Fills the places of a template with what a send brought.
 * @throws GraphError 132000, 132005, 132012 or 131008 when it does not fit. Source: section D.3
 */
export async function fillTemplate(
  template: WhatsAppTemplate,
  sent: unknown,
  scope: ContentScope,
): Promise<RenderedTemplate> {
  const components = readSent(sent, 'template.components');
  const face = await fillFace(template, template.components, components, scope);
  const cards = await fillCards(template, components, scope);
  fillOffer(template.components, components);
  return { name: template.name, language: template.language, ...face, cards };
}

function readSent(value: unknown, path: string): Json[] {
  if (value === undefined) return [];
  return asList(value, path, 0, 20).map((item, index) => {
    const component = asObject(item, `${path}[${index}]`);
    const type = requiredText(component, 'type', `${path}[${index}]`).toLowerCase();
    const known: Record<string, string[]> = {
      header: ['type', 'parameters'],
      body: ['type', 'parameters'],
      button: ['type', 'sub_type', 'index', 'parameters'],
      limited_time_offer: ['type', 'parameters'],
      carousel: ['type', 'cards'],
    };
    const keys = known[type];
    if (keys === undefined) throw refused(100, `${path}[${index}].type ${type} is not known.`);
    onlyKeys(component, keys, `${path}[${index}]`);
    return { ...component, type };
  });
}

/** Header, body, footer and buttons: of the template itself, or of one card. */
async function fillFace(
  template: WhatsAppTemplate,
  definition: readonly Json[],
  sent: readonly Json[],
  scope: ContentScope,
): Promise<RenderedCard> {
  const header = componentOf(definition, 'HEADER');
  const body = componentOf(definition, 'BODY');
  const footer = componentOf(definition, 'FOOTER');
  const sentHeader = parametersOf(sent, 'header');
  const filledHeader = await fillHeader(template, header, sentHeader, scope);
  const filledBody = fillText(template, body, parametersOf(sent, 'body'), 'BODY');
  return {
    ...(filledHeader === undefined ? {} : { header: filledHeader }),
    ...(filledBody === undefined ? {} : { body: filledBody }),
    ...(typeof footer?.text === 'string' ? { footer: footer.text } : {}),
    buttons: renderButtons(
      componentOf(definition, 'BUTTONS'),
      sent.filter((item) => item.type === 'button'),
    ),
  };
}

function parametersOf(sent: readonly Json[], type: string): Json[] {
  const found = sent.filter((item) => item.type === type);
  if (found.length > 1) throw refused(132012, `The component ${type} is given twice.`);
  const { parameters } = found[0] ?? {};
  if (parameters === undefined) return [];
  const path = `${type}.parameters`;
  return asList(parameters, path, 0, 50).map((item, index) => asObject(item, `${path}[${index}]`));
}

async function fillHeader(
  template: WhatsAppTemplate,
  header: Json | undefined,
  parameters: readonly Json[],
  scope: ContentScope,
): Promise<RenderedCard['header']> {
  const format = typeof header?.format === 'string' ? header.format : 'TEXT';
  if (header === undefined || format === 'TEXT') {
    const text = fillText(template, header, parameters, 'HEADER');
    return text === undefined ? undefined : { format, text };
  }
  const [parameter] = parameters;
  if (parameter === undefined || parameters.length !== 1) {
    throw refused(
      132012,
      `header: Format mismatch, expected ${format}, received ${parameters.length === 0 ? 'UNKNOWN' : 'several parameters'}`,
    );
  }
  const kind = format.toLowerCase();
  if (parameter.type !== kind) {
    throw refused(
      132012,
      `header: Format mismatch, expected ${format}, received ${String(parameter.type).toUpperCase()}`,
    );
  }
  onlyKeys(parameter, ['type', kind], 'header.parameters[0]');
  const value = asObject(parameter[kind], `header.parameters[0].${kind}`);
  if (kind === 'location') {
    onlyKeys(value, ['latitude', 'longitude', 'name', 'address'], 'location');
    return { format, location: value };
  }
  onlyKeys(value, ['id', 'link', ...(kind === 'document' ? ['filename'] : [])], kind);
  const file = await resolveFile(kind as MediaKind, value, kind, scope);
  return { format, media: { ...value, ...file } };
}

/** A text with its variables filled. */
function fillText(
  template: WhatsAppTemplate,
  component: Json | undefined,
  parameters: readonly Json[],
  place: 'HEADER' | 'BODY',
): string | undefined {
  const expected = variablesIn(component?.text);
  if (parameters.length !== expected.length) {
    const where = place.toLowerCase();
    throw refused(
      132000,
      `${where}: number of localizable_params (${parameters.length}) does not match the expected number of params (${expected.length})`,
    );
  }
  if (typeof component?.text !== 'string') return undefined;
  const isNamed = template.parameterFormat === 'NAMED';
  const values = new Map(
    parameters.map((parameter, index) => {
      const name = isNamed ? String(parameter.parameter_name) : String(index + 1);
      return [name, textOf(parameter, isNamed)] as const;
    }),
  );
  const missing = expected.find((name) => !values.has(name));
  if (missing !== undefined) {
    throw refused(132012, `Parameter name is missing or unknown: expected ${missing}.`);
  }
  const text = component.text.replace(VARIABLE, (_, name: string) => values.get(name) ?? '');
  if (characters(text) > (FILLED_MAX[place] ?? Infinity)) {
    throw refused(132005, `The filled ${place.toLowerCase()} has ${characters(text)} characters.`);
  }
  return text;
}

/** One value of a text: plain, or money and dates by their fallback. */
function textOf(parameter: Json, isNamed: boolean): string {
  const name = isNamed ? ['parameter_name'] : [];
  switch (parameter.type) {
    case 'text': {
      onlyKeys(parameter, ['type', 'text', ...name], 'parameters');
      const text = needText(parameter, 'text', 'parameters');
      if (/[\n\r\t]| {5}/.test(text)) {
        throw refused(
          132012,
          'Param text cannot have new-line/tab characters or more than 4 consecutive spaces',
        );
      }
      return text;
    }
    case 'currency':
    case 'date_time': {
      onlyKeys(parameter, ['type', parameter.type, ...name], 'parameters');
      const value = asObject(parameter[parameter.type], parameter.type);
      return needText(value, 'fallback_value', parameter.type);
    }
    default:
      throw refused(132012, `A text takes no parameter of type ${String(parameter.type)}.`);
  }
}

async function fillCards(
  template: WhatsAppTemplate,
  sent: readonly Json[],
  scope: ContentScope,
): Promise<RenderedCard[]> {
  const carousel = componentOf(template.components, 'CAROUSEL');
  const given = sent.find((item) => item.type === 'carousel');
  const defined = Array.isArray(carousel?.cards) ? carousel.cards : [];
  const cards = given === undefined ? [] : asList(given.cards, 'carousel.cards', 0, 10);
  if (cards.length !== defined.length) {
    throw refused(
      132012,
      `The template has ${defined.length} cards, and ${cards.length} were sent.`,
    );
  }
  const filled: RenderedCard[] = [];
  for (const [index, item] of cards.entries()) {
    const card = asObject(item, `cards[${index}]`);
    onlyKeys(card, ['card_index', 'components'], `cards[${index}]`);
    if (card.card_index !== index) throw refused(132012, `cards[${index}].card_index is wrong.`);
    const definition = asObject(defined[index], 'card').components as Json[];
    const components = readSent(card.components, `cards[${index}].components`);
    filled.push(await fillFace(template, definition, components, scope));
  }
  return filled;
}

function fillOffer(definition: readonly Json[], sent: readonly Json[]): void {
  const isDefined = componentOf(definition, 'LIMITED_TIME_OFFER') !== undefined;
  const parameters = parametersOf(sent, 'limited_time_offer');
  if (!isDefined && parameters.length === 0) return;
  if (!isDefined) throw refused(132000, 'The template has no limited-time offer.');
  const offer = asObject(parameters[0]?.limited_time_offer, 'limited_time_offer');
  if (typeof offer.expiration_time_ms !== 'number') {
    throw refused(131008, 'limited_time_offer.expiration_time_ms is required.');
  }
}
