import {
  asList,
  asObject,
  characters,
  oneOf,
  onlyKeys,
  requiredText,
} from '../graph/validation.ts';
import { componentOf, variablesIn, VARIABLE, type Json } from './templateFill.ts';
import { refused } from './errors.ts';

const FORMATS = ['TEXT', 'IMAGE', 'VIDEO', 'DOCUMENT', 'LOCATION'] as const;
const TYPES = ['HEADER', 'BODY', 'FOOTER', 'BUTTONS', 'CAROUSEL', 'LIMITED_TIME_OFFER'] as const;
const BUTTONS = [
  'QUICK_REPLY',
  'URL',
  'PHONE_NUMBER',
  'COPY_CODE',
  'FLOW',
  'CATALOG',
  'MPM',
  'OTP',
  'REQUEST_CONTACT_INFO',
] as const;
const LONGEST = { HEADER: 60, BODY: 1024, FOOTER: 60, BUTTON: 25 };

/** Checks the components of a template that is made or changed. Source: section D.6. */
export function checkComponents(value: unknown, format: 'POSITIONAL' | 'NAMED'): Json[] {
  const components = asList(value, 'components', 1, 10).map((item, index) => {
    const component = asObject(item, `components[${index}]`);
    const type = String(component.type).toUpperCase();
    return { ...component, type: oneOf(type, TYPES, `components[${index}].type`) } as Json;
  });
  const types = components.map(({ type }) => type);
  if (new Set(types).size !== types.length) {
    throw refused(100, 'A component is given twice.');
  }
  const body = componentOf(components, 'BODY');
  if (body === undefined) throw refused(2388072, 'The component BODY is required.');
  checkBody(body, format);
  checkHeader(componentOf(components, 'HEADER'));
  checkFooter(componentOf(components, 'FOOTER'));
  checkButtons(componentOf(components, 'BUTTONS'));
  checkCarousel(componentOf(components, 'CAROUSEL'), format);
  return components;
}

function checkBody(body: Json, format: 'POSITIONAL' | 'NAMED'): void {
  onlyKeys(body, ['type', 'text', 'example', 'add_security_recommendation'], 'BODY');
  // Bodies of authentication templates are Meta's own.
  if (body.add_security_recommendation !== undefined && body.text === undefined) return;
  const text = requiredText(body, 'text', 'BODY');
  tooLong(text, LONGEST.BODY, 'body');
  checkVariables(text, format);
  const names = variablesIn(text);
  if (names.length === 0) return;
  const example = asObject(body.example ?? {}, 'BODY.example');
  const given =
    format === 'NAMED' ? listOf(example.body_text_named_params) : listOf(example.body_text)[0];
  if (!Array.isArray(given) || given.length !== names.length) {
    throw refused(2388072, `BODY.example must hold one example for each of ${names.length}.`);
  }
}

function checkVariables(text: string, format: 'POSITIONAL' | 'NAMED'): void {
  const trimmed = text.trim().replaceAll(/^[*_~]+|[*_~]+$/g, '');
  if (/^\{\{/.test(trimmed) || /\}\}$/.test(trimmed)) {
    throw refused(2388299, 'A variable stands at the start or at the end of the text.');
  }
  if (/\}\}\s*\{\{/.test(text)) throw refused(2388072, 'Two variables stand side by side.');
  const names = variablesIn(text);
  const isNumbered = names.every((name, index) => name === String(index + 1));
  const isNamed = names.every((name) => /^[a-z_][a-z0-9_]*$/.test(name));
  if (format === 'POSITIONAL' ? !isNumbered : !isNamed) {
    throw refused(2388072, `The variables do not fit the format ${format}: ${names.join(', ')}.`);
  }
  const words = text.replaceAll(VARIABLE, ' ').split(/\s+/).filter(Boolean).length;
  if (words < names.length * 2) {
    throw refused(2388293, `${names.length} variables are too many for ${words} words.`);
  }
}

function checkHeader(header: Json | undefined): void {
  if (header === undefined) return;
  onlyKeys(header, ['type', 'format', 'text', 'example'], 'HEADER');
  const format = oneOf(header.format, FORMATS, 'HEADER.format');
  if (format === 'TEXT') {
    const text = requiredText(header, 'text', 'HEADER');
    tooLong(text, LONGEST.HEADER, 'header');
    if (variablesIn(text).length > 1) throw refused(2388047, 'A header takes one variable.');
    return;
  }
  if (format === 'LOCATION') return;
  const example = asObject(header.example ?? {}, 'HEADER.example');
  if (listOf(example.header_handle).length === 0) {
    throw refused(2388047, 'HEADER.example.header_handle is required: the handle of an upload.');
  }
}

function checkFooter(footer: Json | undefined): void {
  if (footer === undefined) return;
  onlyKeys(footer, ['type', 'text', 'code_expiration_minutes'], 'FOOTER');
  if (footer.code_expiration_minutes !== undefined) return;
  const text = requiredText(footer, 'text', 'FOOTER');
  tooLong(text, LONGEST.FOOTER, 'footer');
  if (variablesIn(text).length > 0) throw refused(2388073, 'A footer takes no variable.');
}

function checkButtons(component: Json | undefined): void {
  if (component === undefined) return;
  onlyKeys(component, ['type', 'buttons'], 'BUTTONS');
  const kinds = asList(component.buttons, 'BUTTONS.buttons', 1, 10).map((item, index) => {
    const path = `BUTTONS.buttons[${index}]`;
    const button = asObject(item, path);
    const type = oneOf(button.type, BUTTONS, `${path}.type`);
    if (type === 'QUICK_REPLY' || type === 'URL' || type === 'PHONE_NUMBER') {
      tooLong(requiredText(button, 'text', path), LONGEST.BUTTON, 'button');
    }
    if (type === 'URL') {
      const url = requiredText(button, 'url', path);
      if (url.includes('{{') && listOf(button.example).length === 0) {
        throw refused(100, `${path}.example is required for an address with a variable.`);
      }
    }
    return type === 'QUICK_REPLY';
  });
  // Quick replies stand together, before or after the other buttons.
  const changes = kinds.filter((isReply, index) => index > 0 && isReply !== kinds[index - 1]);
  if (changes.length > 1) throw refused(100, 'Quick replies must be grouped.');
}

function checkCarousel(component: Json | undefined, format: 'POSITIONAL' | 'NAMED'): void {
  if (component === undefined) return;
  for (const [index, item] of asList(component.cards, 'CAROUSEL.cards', 2, 10).entries()) {
    const card = asObject(item, `CAROUSEL.cards[${index}]`);
    const parts = asList(card.components, `CAROUSEL.cards[${index}].components`, 1, 3) as Json[];
    const body = componentOf(parts, 'BODY');
    if (body !== undefined) checkBody(body, format);
    checkHeader(componentOf(parts, 'HEADER'));
    checkButtons(componentOf(parts, 'BUTTONS'));
  }
}

function tooLong(text: string, max: number, part: string): void {
  const length = characters(text);
  if (length > max) throw refused(2388040, `The ${part} has ${length} characters, ${max} allowed.`);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
