import { InvalidInputError } from '../../../model';
import type { JsonObject } from '../../graph/json';
import type { NewTemplate } from './manage';
import { placeholdersOf } from './variables';

export type DraftButton =
  | { type: 'quickReply'; text: string }
  | { type: 'url'; text: string; url: string; example: string }
  | { type: 'phone'; text: string; phone: string }
  | { type: 'copyCode'; example: string };

export type DraftHeader =
  | { kind: 'text'; text: string; example: string }
  | { kind: 'image' | 'video' | 'document'; handle: string }
  | { kind: 'location' };

/** A template as people write it: texts with `{{1}}` or `{{nome}}`, and an example for each. */
export interface TemplateDraft {
  header?: DraftHeader;
  body: string;
  /** By the number or name of the variable. */
  examples: Readonly<Record<string, string>>;
  footer?: string;
  buttons: readonly DraftButton[];
}

/**
 * The components of a new template, in the form of Meta's documentation.
 * @throws InvalidInputError naming the variables that have no example: Meta reviews no template without
 */
export function componentsOf(
  draft: TemplateDraft,
): Pick<NewTemplate, 'components' | 'parameterFormat'> {
  const names = placeholdersOf(draft.body);
  const isNamed = names.some((name) => !/^\d+$/.test(name));
  requireExamples(names, draft.examples);
  const components = [
    ...(draft.header ? [headerComponent(draft.header, isNamed)] : []),
    bodyComponent(draft, names, isNamed),
    ...(draft.footer ? [{ type: 'FOOTER', text: draft.footer }] : []),
    ...(draft.buttons.length === 0
      ? []
      : [{ type: 'BUTTONS', buttons: draft.buttons.map(buttonObject) }]),
  ];
  return { components, ...(isNamed ? { parameterFormat: 'NAMED' } : {}) };
}

/** Whether the variables of written-out components have names; what is left out is numbered, for Meta too. */
export function formatOf(components: readonly JsonObject[]): Pick<NewTemplate, 'parameterFormat'> {
  const texts = components.map(({ text }) => (typeof text === 'string' ? text : null));
  const isNamed = texts.flatMap(placeholdersOf).some((name) => !/^\d+$/.test(name));
  return isNamed ? { parameterFormat: 'NAMED' } : {};
}

function requireExamples(names: readonly string[], examples: TemplateDraft['examples']): void {
  const missing = names.filter((name) => !examples[name]?.trim());
  if (missing.length === 0) return;
  throw new InvalidInputError(
    'Examples',
    `There is no example for: ${missing.map((name) => `{{${name}}}`).join(', ')}.`,
    { hint: 'Meta wants one for each variable, to see what will stand there.' },
  );
}

function bodyComponent(
  { body, examples }: TemplateDraft,
  names: readonly string[],
  isNamed: boolean,
): JsonObject {
  const values = names.map((name) => ({ name, example: examples[name] ?? '' }));
  const example = isNamed
    ? {
        body_text_named_params: values.map(({ name, example: text }) => ({
          param_name: name,
          example: text,
        })),
      }
    : { body_text: [values.map(({ example: text }) => text)] };
  return { type: 'BODY', text: body, ...(names.length === 0 ? {} : { example }) };
}

function headerComponent(header: DraftHeader, isNamed: boolean): JsonObject {
  switch (header.kind) {
    case 'text': {
      const { text, example } = header;
      const [name] = placeholdersOf(text);
      if (name === undefined) return { type: 'HEADER', format: 'TEXT', text };
      const examples = isNamed
        ? { header_text_named_params: [{ param_name: name, example }] }
        : { header_text: [example] };
      return { type: 'HEADER', format: 'TEXT', text, example: examples };
    }
    case 'location':
      return { type: 'HEADER', format: 'LOCATION' };
    default:
      return {
        type: 'HEADER',
        format: header.kind.toUpperCase(),
        example: { header_handle: [header.handle] },
      };
  }
}

function buttonObject(button: DraftButton): JsonObject {
  switch (button.type) {
    case 'quickReply':
      return { type: 'QUICK_REPLY', text: button.text };
    case 'phone':
      return { type: 'PHONE_NUMBER', text: button.text, phone_number: button.phone };
    case 'copyCode':
      return { type: 'COPY_CODE', example: button.example };
    case 'url': {
      const { text, url, example } = button;
      const hasVariable = placeholdersOf(url).length > 0;
      return { type: 'URL', text, url, ...(hasVariable ? { example: [example] } : {}) };
    }
  }
}
