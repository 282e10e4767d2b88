import type { MessageTemplate, TemplateFace } from './definition';

/** Values by slot (see TemplateVariable); a variable without one is shown as it stands in the template. */
export type SlotValues = Readonly<Record<string, string>>;

/** The template as its reader sees it: header, body, footer, buttons, then the cards. */
export function previewOf(template: MessageTemplate, values: SlotValues = {}): string {
  const parts = [
    ...faceLines(template, values, ''),
    ...(template.offer === null ? [] : [`[${template.offer.text}]`]),
    ...template.cards.flatMap((card, index) => [
      `--- ${index + 1} ---`,
      ...faceLines(card, values, `card:${index}:`),
    ]),
  ];
  return parts.join('\n');
}

function faceLines(face: TemplateFace, values: SlotValues, slot: string): string[] {
  const { header, body, footer, buttons } = face;
  const fill = (text: string, part: string) => filled(text, values, `${slot}${part}:`);
  const lines = [
    header === null
      ? null
      : header.text === null
        ? `[${header.format.toLowerCase()}]`
        : fill(header.text, 'header'),
    body === null ? null : fill(body, 'body'),
    footer,
    ...buttons.map(({ text, type }) => `[${text || type.toLowerCase()}]`),
  ];
  return lines.filter((line) => line !== null);
}

/** The words of a sent template for the conversation's history: its text without what it looks like. */
export function textOf(template: MessageTemplate, values: SlotValues): string {
  const { header, body, footer } = template;
  const lines = [
    header?.text ? filled(header.text, values, 'header:') : null,
    body === null ? null : filled(body, values, 'body:'),
    footer,
  ];
  return lines.filter((line) => line !== null).join('\n');
}

function filled(text: string, values: SlotValues, prefix: string): string {
  return text.replace(
    /\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g,
    (whole, name: string) => values[`${prefix}${name}`] || whole,
  );
}
