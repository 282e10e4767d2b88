import type {
  Button,
  ChannelAbilities,
  ContentWithFiles,
  OutboundContent,
  QuickReply,
  TypedChoice,
} from '../model';
import { foldedWord } from '../tenants/words';

type NumberedText = Extract<OutboundContent, { type: 'text' }>;
type Choice = Button | QuickReply;

/**
 * Quick replies and buttons as text, for a channel that shows none of either: people answer with the number, the words or
 * in their own way. A button that opens a page or calls a number names what it would open.
 * @returns null where the channel shows them, and for what a text cannot stand for
 */
export function textWithChoices(
  content: ContentWithFiles,
  { contentTypes }: Pick<ChannelAbilities, 'contentTypes'>,
): NumberedText | null {
  if (content.type !== 'quickReplies' && content.type !== 'buttons') return null;
  if (contentTypes.includes(content.type)) return null;
  const given: readonly Choice[] =
    content.type === 'buttons' ? content.buttons : content.quickReplies;
  const lines = given.map(lineOf);
  return lines.includes(null) ? null : numberedText(content.text, lines, given);
}

/**
 * The text with a line for each choice below it.
 * @param given in the order of the lines: what typing one of them stands for
 */
export function numberedText(
  text: string,
  lines: readonly (string | null)[],
  given: readonly (Choice | Omit<TypedChoice, 'number'>)[],
): NumberedText {
  const choices = given.flatMap((choice, index): TypedChoice[] => {
    if (!('payload' in choice)) return [];
    const { title, payload } = choice;
    const words = 'words' in choice && choice.words?.length ? { words: choice.words } : {};
    return [{ number: index + 1, title, payload, ...words }];
  });
  return {
    type: 'text',
    text: [text, '', ...lines.map((line, index) => `${index + 1} - ${line}`)].join('\n'),
    ...(choices.length > 0 ? { choices } : {}),
  };
}

/** To ask for a number or an address with one tap is a form of Meta's own. */
function lineOf(choice: Choice): string | null {
  if (!('title' in choice)) return null;
  if ('url' in choice) return `${choice.title}: ${choice.url}`;
  return 'phone' in choice ? `${choice.title}: ${choice.phone}` : choice.title;
}

/**
 * The choice that somebody has typed: its number, its label, both, or one of its words, whatever the case, accents and
 * punctuation. Everything else is conversation, and so is what could be two of them: "5" below "1 - 5 stars".
 */
export function readTyped(choices: readonly TypedChoice[], text: string): TypedChoice | null {
  const said = foldedWord(text);
  if (said === '') return null;
  const meant = choices.filter(({ number, title, words = [] }) =>
    [String(number), title, `${number} ${title}`, ...words].some(
      (form) => foldedWord(form) === said,
    ),
  );
  const [choice] = meant;
  if (!choice || meant.length > 1) return null;
  const isNumber = /^\d+$/.test(said);
  const isAnother = (other: TypedChoice) =>
    other !== choice && foldedWord(other.title).startsWith(`${said} `);
  return isNumber && choices.some(isAnother) ? null : choice;
}
