import type { ChannelAbilities, OutboundContent } from '../../model';
import { characters } from '../../providers/content/measure';
import { payloadOf, type WaitExpectation, type WaitOption } from './expectation';

/** A question as it is asked: what goes to the person, and what then counts as an answer. */
export interface Question {
  content: OutboundContent;
  expects: WaitExpectation;
}

/** What is to be asked. */
export type Asked =
  | { responseType: 'freeText'; text: string }
  | { responseType: 'approval'; text: string; options: WaitOption[] };

/**
 * The message in the form that the channel has for it: buttons where it shows them and everything fits, else the
 * options in the text, each with its number.
 */
export function formQuestion(
  waitId: string,
  asked: Asked,
  abilities: ChannelAbilities | undefined,
): Question {
  const { text } = asked;
  if (asked.responseType === 'freeText') {
    return { content: { type: 'text', text }, expects: { kind: 'freeText' } };
  }
  const { options } = asked;
  const asButtons = abilities !== undefined && fitsButtons(text, options, abilities);
  const expects = { kind: 'approval' as const, options, numbered: !asButtons };
  if (!asButtons) {
    const lines = options.map(({ label }, index) => `${index + 1} - ${label}`);
    return { content: { type: 'text', text: [text, '', ...lines].join('\n') }, expects };
  }
  const buttons = options.map((option) => ({
    type: 'postback' as const,
    title: option.label,
    payload: payloadOf(waitId, option),
  }));
  return { content: { type: 'buttons', text, buttons }, expects };
}

/** What a tap on each of the offered answers carries, in their order. */
export function payloadsOf(waitId: string, asked: Asked): string[] {
  return asked.responseType === 'approval'
    ? asked.options.map((option) => payloadOf(waitId, option))
    : [];
}

function fitsButtons(text: string, options: WaitOption[], abilities: ChannelAbilities): boolean {
  const { contentTypes, buttonTypes, maxButtons, maxButtonTitle, buttonTextLimit } = abilities;
  return (
    contentTypes.includes('buttons') &&
    buttonTypes.includes('postback') &&
    options.length <= maxButtons &&
    options.every(({ label }) => characters(label) <= maxButtonTitle) &&
    characters(text) <= buttonTextLimit
  );
}
