import { splitText } from '../../../core/providers/content';
import type { TextLimit } from '../../../core/model';

const bytes = (max: number): TextLimit => ({ max, unit: 'bytes' });
const letters = (max: number): TextLimit => ({ max, unit: 'characters' });
const sizeOf = (text: string, { unit }: TextLimit) =>
  unit === 'bytes' ? Buffer.byteLength(text) : [...text].length;
const graphemes = (text: string) =>
  Array.from(
    new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(text),
    (s) => s.segment,
  );
const bare = (text: string) => text.replace(/\s+/gu, '');

const FAMILY = '👩‍👩‍👧‍👦';
const FLAG = '🇧🇷';

describe('a text that is too long', () => {
  it('is left alone while it fits', () => {
    expect(splitText(' Oi, tudo bem? ', letters(15))).toEqual([' Oi, tudo bem? ']);
  });

  it('is cut between words, and the white space there is dropped', () => {
    expect(splitText('um dois  três', letters(8))).toEqual(['um dois', 'três']);
    expect(splitText('Seu horário é às 15h de terça', letters(12))).toEqual([
      'Seu horário',
      'é às 15h de',
      'terça',
    ]);
  });

  it('is cut at the end of a line where one is near', () => {
    const text = 'Bom dia, Ana!\nSeu horário é amanhã.';
    expect(splitText(text, letters(20))).toEqual(['Bom dia, Ana!', 'Seu horário é', 'amanhã.']);
  });

  it('is cut inside a word only where the word alone is too long', () => {
    expect(splitText('ab cdefghijkl mn', letters(5))).toEqual(['ab', 'cdefg', 'hijkl', 'mn']);
  });

  it('is measured in the unit of the channel', () => {
    expect(splitText('ééééé', letters(5))).toHaveLength(1);
    expect(splitText('ééééé', bytes(5))).toEqual(['éé', 'éé', 'é']);
  });

  it('is never cut inside what people see as one character', () => {
    expect(splitText(FAMILY + FAMILY, bytes(30))).toEqual([FAMILY, FAMILY]);
    expect(splitText(FLAG.repeat(3), bytes(17))).toEqual([FLAG.repeat(2), FLAG]);
    expect(splitText('e\u0301'.repeat(3), letters(5))).toEqual(['e\u0301e\u0301', 'e\u0301']);
  });

  it('of a character that alone is too long is cut between its code points', () => {
    const pieces = splitText(FAMILY, bytes(8));
    expect(pieces.join('')).toBe(FAMILY);
    expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
  });
});

/** A small generator whose seed the failing test names. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const ALPHABETS = [
  'abcdefghij',
  'áéíóúãõçàâê',
  '中文漢字かな한글',
  'هذا نص',
  '😀🎉👍❤️🦷',
  'नमस्ते',
];
const ODD = [FAMILY, FLAG, 'e\u0301\u0302', '\r\n', '\u200d', '\ufeff', 'a\u{1f3fd}', 'ﷺ', '\t'];

function randomText(random: () => number): string {
  const length = Math.floor(random() * 300);
  let text = '';
  for (let count = 0; count < length; count += 1) {
    const roll = random();
    if (roll < 0.2) text += random() < 0.2 ? '\n' : ' ';
    else if (roll < 0.3) text += ODD[Math.floor(random() * ODD.length)];
    else {
      const letters = [...(ALPHABETS[Math.floor(random() * ALPHABETS.length)] ?? 'x')];
      text += letters[Math.floor(random() * letters.length)] ?? 'x';
    }
  }
  return text;
}

/** Runs of what people see, between what they see as white space. */
function wordsOf(text: string): string[] {
  const marked = graphemes(text).map((grapheme) => (grapheme.trim() === '' ? '\0' : grapheme));
  return marked.join('').split(/\0+/u).filter(Boolean);
}

describe('any text in any limit', () => {
  it('keeps the limit and loses nothing but white space at the cuts', () => {
    for (let seed = 1; seed <= 1_500; seed += 1) {
      const random = randomOf(seed);
      const text = randomText(random);
      const limit =
        random() < 0.5
          ? bytes(30 + Math.floor(random() * 60))
          : letters(12 + Math.floor(random() * 60));
      const pieces = splitText(text, limit);
      const sizes = pieces.map((piece) => sizeOf(piece, limit));
      const problem = [
        sizes.some((size) => size > limit.max) && 'a piece is too long',
        bare(pieces.join('')) !== bare(text) && 'something was lost or added',
        pieces.some((piece) => !piece.isWellFormed()) && 'a character was torn apart',
        pieces.length > 1 && pieces.some((piece) => piece.trim() === '') && 'a piece is empty',
      ].find(Boolean);
      expect([seed, problem]).toEqual([seed, undefined]);
    }
  });

  it('is cut where people see a border, and inside words only where a word is longer than a piece', () => {
    for (let seed = 2_001; seed <= 3_000; seed += 1) {
      const random = randomOf(seed);
      const text = randomText(random);
      const limit = letters(25 + Math.floor(random() * 50));
      const pieces = splitText(text, limit);
      // White space can be part of what people see as one character, and is dropped at a cut all the same.
      const seen = (part: string) => graphemes(part).map(bare).filter(Boolean);
      const whole = seen(text);
      const cut = pieces.flatMap(seen);
      expect([seed, cut]).toEqual([seed, whole]);
      const words = new Set(wordsOf(text));
      for (const [index, piece] of pieces.slice(0, -1).entries()) {
        const left = wordsOf(piece).at(-1) ?? '';
        const right = wordsOf(pieces[index + 1] ?? '')[0] ?? '';
        const isBetweenWords = words.has(left) || words.has(right);
        const isLongWord = [...words].some((word) => [...word].length > limit.max);
        expect([seed, isBetweenWords || isLongWord]).toEqual([seed, true]);
      }
    }
  });

  it('comes to an end where not even one character fits', () => {
    expect(splitText('Olá!', letters(0))).toEqual(['O', 'l', 'á', '!']);
  });
});
