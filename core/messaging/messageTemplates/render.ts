import { InvalidInputError, type Channel } from '../../model';
import type { FilledText, MessageTemplateItem, RenderedTemplate, TemplateText } from './types';
import { fillText } from './variables';

/** @param languages wanted, the first that there is a text in counts; else the template's first */
export function render(
  template: MessageTemplateItem,
  values: Readonly<Record<string, string>>,
  languages: readonly (string | null | undefined)[],
): RenderedTemplate {
  const language = pickLanguage(template, languages);
  const missing = new Set<string>();
  const fill = (text: string) => {
    const filled = fillText(text, values);
    for (const name of filled.missing) missing.add(name);
    return filled.text;
  };
  const own = template.texts.filter((one) => isSame(one.language, language));
  const general = own.find(({ channel }) => channel === null) ?? own[0];
  if (!general) throw new Error('A template has at least one text.');
  const special = own.filter((one): one is TemplateText & { channel: Channel } => !!one.channel);
  const { whatsApp } = template;
  const filled = filledBy(fill, general);
  const ofChannels = special.map((one) => [one.channel, filledBy(fill, one)] as const);
  return {
    templateId: template.id,
    name: template.name,
    category: template.category,
    language,
    text: filled.text,
    perChannel: Object.fromEntries(ofChannels.map(([channel, { text }]) => [channel, text])),
    filled,
    filledPerChannel: Object.fromEntries(ofChannels),
    whatsApp: whatsApp && {
      ...whatsApp,
      values: Object.fromEntries(
        Object.entries(whatsApp.values).map(([slot, text]) => [slot, fill(text)]),
      ),
    },
    missing: [...missing],
  };
}

function filledBy(
  fill: (text: string) => string,
  { text, buttons = [], media = null }: TemplateText,
): FilledText {
  return {
    text: fill(text),
    buttons: buttons.map(({ title, payload }) => ({ title: fill(title), payload: fill(payload) })),
    media: media && {
      ...media,
      url: fill(media.url),
      fileName: media.fileName === null ? null : fill(media.fileName),
    },
  };
}

/** A language itself, else another of its kind (`pt` for `pt-BR`). */
function pickLanguage(
  { languages: present }: MessageTemplateItem,
  wanted: readonly (string | null | undefined)[],
): string {
  for (const language of wanted) {
    if (!language) continue;
    const found =
      present.find((one) => isSame(one, language)) ??
      present.find((one) => isSame(baseOf(one), baseOf(language)));
    if (found) return found;
  }
  return present[0] ?? '';
}

export function isSame(a: string, b: string): boolean {
  return a.replace('_', '-').toLowerCase() === b.replace('_', '-').toLowerCase();
}

function baseOf(language: string): string {
  return language.split(/[-_]/)[0] ?? language;
}

/** @throws InvalidInputError naming every variable that has no value */
export function requireValues({ name, missing }: RenderedTemplate): void {
  if (missing.length === 0) return;
  const names = missing.map((one) => `{${one}}`).join(', ');
  throw new InvalidInputError(
    'Values',
    `The message template "${name}" has no value for ${names}. Nothing was sent.`,
    { hint: 'Fill the fields, or write what stands there otherwise into the text: {name|there}.' },
  );
}
