/** Tells whether a text holds the keyword. */
export type KeywordMatcher = (text: string | null | undefined) => boolean;

/**
 * Makes the matcher of a trigger's *Keyword* field. Case and accents do not count ("AGENDAR", "agêndar"), words are
 * matched whole ("sim" is not in "simples"), spaces inside a phrase may be of any width, and several keywords
 * separated by commas match when any of them does.
 * @returns undefined when the field is blank: nothing to match
 */
export function createKeywordMatcher(keyword: string | undefined): KeywordMatcher | undefined {
  const phrases = (keyword ?? '').split(',').map(fold).filter(Boolean);
  if (phrases.length === 0) return undefined;
  const alternatives = phrases.map((phrase) => phrase.split(' ').map(escapeForRegExp).join('\\s+'));
  // \b knows only ASCII letters; these borders know every script's.
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}_])(?:${alternatives.join('|')})(?![\\p{L}\\p{N}_])`,
    'u',
  );
  return (text) => typeof text === 'string' && pattern.test(fold(text));
}

function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/gu, ' ').trim();
}

function escapeForRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/gu, '\\$&');
}
