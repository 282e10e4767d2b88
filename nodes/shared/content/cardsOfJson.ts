import { InvalidInputError } from '../../../core/model/errors';
import type { Button, TemplateElement } from '../../../core/model/content';
import { parsedJson } from '../fieldValues';

/**
 * Cards out of a JSON field: text, or a list out of an expression. What a card lacks is core's to say; here only what
 * is no card at all is refused.
 * @throws InvalidInputError naming the field and the card
 */
export function cardsOfJson(field: string, value: unknown): TemplateElement[] {
  const parsed = typeof value === 'string' ? parsedJson(value) : value;
  if (!Array.isArray(parsed)) {
    const problem = parsed === undefined ? 'is no valid JSON' : 'is not a list';
    throw new InvalidInputError(field, `"${field}" ${problem}.`, {
      hint: 'Write the cards in square brackets, as in the example, with quoted names and texts.',
    });
  }
  return parsed.map((card: unknown, index) => toCard(card, { field, name: `card ${index + 1}` }));
}

interface Place {
  field: string;
  name: string;
}

function toCard(value: unknown, place: Place): TemplateElement {
  const card = objectOf(value, place);
  const text = (name: string) => textOf(card[name], place, name);
  const optional = ['subtitle', 'imageUrl', 'url'].flatMap((name) =>
    text(name).trim() === '' ? [] : [[name, text(name)] as const],
  );
  const buttons: unknown = card.buttons ?? [];
  if (!Array.isArray(buttons)) throw wrong(place, 'has buttons that are not a list');
  return {
    title: text('title'),
    ...Object.fromEntries(optional),
    buttons: buttons.map((button: unknown, index) =>
      toButton(button, { ...place, name: `button ${index + 1} of ${place.name}` }),
    ),
  };
}

function toButton(value: unknown, place: Place): Button {
  const button = objectOf(value, place);
  const text = (name: string) => textOf(button[name], place, name);
  const title = text('title');
  const type: unknown = button.type ?? 'postback';
  switch (type) {
    case 'postback':
      return { type, title, payload: text('payload') || title };
    case 'phone':
      return { type, title, phone: text('phone').trim() };
    case 'url':
      return { type, title, url: text('url').trim() };
    default:
      throw wrong(place, 'has a type other than postback, url and phone');
  }
}

function objectOf(value: unknown, place: Place): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw wrong(place, 'is not an object in braces');
}

function textOf(value: unknown, place: Place, name: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw wrong(place, `has a ${name} that is not a text`);
}

function wrong({ field, name }: Place, problem: string): InvalidInputError {
  const subject = name.charAt(0).toUpperCase() + name.slice(1);
  return new InvalidInputError(field, `${subject} ${problem}.`, {
    hint: 'Follow the example that the field shows when it is emptied.',
  });
}
