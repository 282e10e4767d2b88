/**
 * A message as words are compared: without case, accents and punctuation, and with single spaces. Empty for what has no
 * letter and no digit.
 */
export function foldedWord(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase();
}

/** Whether a message is exactly one of the words: never part of a sentence. */
export function isOneOf(words: readonly string[], text: string): boolean {
  const folded = foldedWord(text);
  return folded !== '' && words.some((word) => foldedWord(word) === folded);
}
