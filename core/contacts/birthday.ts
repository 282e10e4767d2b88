import { InvalidInputError } from '../model';

const HINT = 'Write it like 1990-05-12, 12/05/1990, or 12/05 where the year is not known.';
/** A leap year: whoever is born on 29 February may keep it without a year. */
const ANY_YEAR = 2000;

/**
 * `YYYY-MM-DD`, or `--MM-DD` without a year. Day before month where they are parted by strokes or dots.
 * @throws InvalidInputError naming the field
 */
export function readBirthday(text: string, field = 'Birthday'): string {
  const { year, month, day } = partsOf(text.trim()) ?? refuse(text, field);
  const date = new Date(Date.UTC(year ?? ANY_YEAR, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) refuse(text, field);
  if (year !== null && (year < 1880 || year > 2200)) refuse(text, field);
  const dayOfYear = `${padded(month)}-${padded(day)}`;
  return year === null ? `--${dayOfYear}` : `${year}-${dayOfYear}`;
}

/** `MM-DD` */
export function dayOf(birthday: string): string {
  return birthday.slice(-5);
}

function partsOf(text: string): { year: number | null; month: number; day: number } | null {
  const iso = /^(?:(\d{4})-|--)(\d{1,2})-(\d{1,2})(?:[T ].*)?$/.exec(text);
  if (iso) return parts(iso[1], iso[2], iso[3]);
  const written = /^(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}))?$/.exec(text);
  return written ? parts(written[3], written[2], written[1]) : null;
}

function parts(year: string | undefined, month: string | undefined, day: string | undefined) {
  return { year: year === undefined ? null : Number(year), month: Number(month), day: Number(day) };
}

function refuse(text: string, field: string): never {
  throw new InvalidInputError(field, `"${text}" in "${field}" is no day.`, { hint: HINT });
}

function padded(number: number): string {
  return String(number).padStart(2, '0');
}
