import type { EventItem } from '../model';
import { createKeywordMatcher } from './keyword';

/** What a trigger wants of the words of a message, and of the button that was tapped. */
export interface SaidFilter {
  /** Matched against `message.text`; see createKeywordMatcher. Events without a text do not match. */
  keyword?: string | undefined;
  /** Beginnings of `message.buttonPayload`, one of them; events without a payload do not match. */
  payloads?: readonly string[] | undefined;
}

export type SaidMatcher = (item: Pick<EventItem, 'message'>) => boolean;

/**
 * What SQL cannot decide of a filter.
 * @returns undefined when every message will do
 */
export function createSaidMatcher({ keyword, payloads = [] }: SaidFilter): SaidMatcher | undefined {
  const matchesKeyword = createKeywordMatcher(keyword);
  const beginnings = payloads.filter((one) => one !== '');
  if (!matchesKeyword && beginnings.length === 0) return undefined;
  return ({ message }) => {
    const payload = message?.buttonPayload ?? '';
    const isTapped =
      beginnings.length === 0 || beginnings.some((beginning) => payload.startsWith(beginning));
    return isTapped && (!matchesKeyword || matchesKeyword(message?.text));
  };
}
