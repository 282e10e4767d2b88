import { InvalidInputError, SEND_CATEGORIES, type SendCategory } from '../../model';
import { isSame } from './render';
import type {
  TemplateBody,
  TemplateButton,
  TemplateMedia,
  TemplateText,
  WhatsAppMapping,
} from './types';

export interface MessageTemplateInput {
  name: string;
  category?: SendCategory | null | undefined;
  texts: TemplateText[];
  whatsApp?: WhatsAppMapping | null | undefined;
}

const MOST_TEXTS = 50;
const LONGEST_NAME = 100;
const LONGEST_TEXT = 10_000;
const MOST_BUTTONS = 13;
const LANGUAGE = /^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})?$/;

/** @throws InvalidInputError naming the field */
export function checkTemplate(input: MessageTemplateInput): { name: string; body: TemplateBody } {
  const name = input.name.trim();
  if (name === '' || name.length > LONGEST_NAME) {
    throw new InvalidInputError('Name', 'A template needs a name of at most 100 characters.');
  }
  const { category = null, whatsApp = null } = input;
  if (category !== null && !SEND_CATEGORIES.includes(category)) {
    throw new InvalidInputError('Category', `"${String(category)}" is no category.`);
  }
  if (input.texts.length === 0 || input.texts.length > MOST_TEXTS) {
    throw new InvalidInputError('Texts', 'A template needs 1 to 50 texts.', {
      hint: 'Add the text for all channels first.',
    });
  }
  const texts = input.texts.map((one, index) => checkText(one, index, input.texts));
  for (const language of new Set(texts.map((one) => one.language))) {
    if (texts.some((one) => isSame(one.language, language) && one.channel === null)) continue;
    throw new InvalidInputError('Texts', `In "${language}" there is no text for all channels.`, {
      hint: 'Texts of single channels stand beside one for the others.',
    });
  }
  return { name, body: { category, texts, whatsApp } };
}

function checkText(one: TemplateText, index: number, all: readonly TemplateText[]): TemplateText {
  const language = one.language.trim();
  const where = `Text ${index + 1}`;
  if (!LANGUAGE.test(language)) {
    throw new InvalidInputError('Texts', `${where} is in no language: "${language}".`, {
      hint: 'Write it like pt-BR or en.',
    });
  }
  const { buttons = [], media = null } = one;
  if ((one.text.trim() === '' && media === null) || one.text.length > LONGEST_TEXT) {
    throw new InvalidInputError('Texts', `${where} is empty or longer than 10,000 characters.`);
  }
  checkButtons(where, buttons);
  checkMedia(where, media);
  const twin = all.findIndex(
    (other) => isSame(other.language.trim(), language) && other.channel === one.channel,
  );
  if (twin !== index) {
    const channel = one.channel ?? 'all channels';
    throw new InvalidInputError('Texts', `There are two texts for ${channel} in "${language}".`);
  }
  return { language, channel: one.channel, text: one.text, buttons, media };
}

/** Limits of single channels are met in the form that each has; these are those that none takes more of. */
function checkButtons(where: string, buttons: readonly TemplateButton[]): void {
  const isBad = ({ title, payload }: TemplateButton) =>
    title.trim() === '' || title.length > 200 || payload.trim() === '' || payload.length > 1_000;
  if (buttons.length <= MOST_BUTTONS && !buttons.some(isBad)) return;
  throw new InvalidInputError('With Buttons', `${where} has buttons that cannot be.`, {
    hint: `Up to ${MOST_BUTTONS}, one on each line: Confirm | CONFIRM. 20 characters fit on a button of most channels.`,
  });
}

function checkMedia(where: string, media: TemplateMedia | null): void {
  // A variable may stand for all of it.
  if (media === null || /^(https?:\/\/|\{)/i.test(media.url.trim())) return;
  throw new InvalidInputError('With File From', `${where} has a file without an address.`, {
    hint: 'Write a public address that begins with https://, or a variable such as {document}.',
  });
}
