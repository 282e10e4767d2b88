import type { TextLimit } from '../../model';
import { sizeOf } from './measure';

/**
 * Cuts a text into pieces that each keep the limit: at the end of a line where one is near, else between two words, and
 * only inside a word that is longer than a whole piece. Never inside what people see as one character, unless that alone
 * breaks the limit, and never inside a code point. White space at a cut is dropped.
 */
export function splitText(text: string, limit: TextLimit): string[] {
  if (sizeOf(text, limit.unit) <= limit.max) return [text];
  const pieces: string[] = [];
  let current: string[] = [];
  let size = 0;
  for (const grapheme of graphemesOf(text, limit)) {
    const added = sizeOf(grapheme, limit.unit);
    // A character that alone breaks the limit stands alone: there is nothing left to cut.
    while (current.length > 0 && size + added > limit.max) {
      current = isSpace(grapheme) ? cutAt(current.length, current, pieces) : cut(current, pieces);
      size = sizeOf(current.join(''), limit.unit);
    }
    current.push(grapheme);
    size += added;
  }
  pieces.push(current.join(''));
  return pieces.map((piece) => piece.trim()).filter((piece) => piece !== '');
}

/** What people see as one character; one that breaks the limit by itself comes as its code points. */
function graphemesOf(text: string, { max, unit }: TextLimit): string[] {
  const segments = new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(text);
  return Array.from(segments, ({ segment }) => segment).flatMap((grapheme) =>
    sizeOf(grapheme, unit) > max ? [...grapheme] : [grapheme],
  );
}

/** A line that ends in the first part of a piece would leave too little in it. */
const NEAR_PART = 0.5;

/** Takes a piece from the front of `current`, up to the best border in it. @returns what is left of it */
function cut(current: readonly string[], pieces: string[]): string[] {
  const line = current.findLastIndex((grapheme) => grapheme.includes('\n'));
  const space = current.findLastIndex(isSpace);
  const border = line >= current.length * NEAR_PART ? line : space;
  const isBlank = current.slice(0, border + 1).every(isSpace);
  return cutAt(isBlank ? current.length : border + 1, current, pieces);
}

function cutAt(at: number, current: readonly string[], pieces: string[]): string[] {
  pieces.push(current.slice(0, at).join(''));
  return current.slice(at);
}

function isSpace(grapheme: string): boolean {
  return grapheme.trim() === '';
}
