import { InvalidInputError } from '../model';
import { foldedWord } from './words';
import { minutesOf } from './quietHours';
import { readProcedures } from './procedures';
import type { DayHours, TenantSettings } from './settings';
import { offsetsOf } from './zone';

const MAX_NAME_LENGTH = 200;
const MAX_WORDS = 200;
const MAX_WORD_LENGTH = 80;
const MAX_RECIPIENTS = 1_000;
const MAX_RECIPIENT_LENGTH = 200;
const MAX_CUSTOM_BYTES = 64 * 1_024;
const LONGEST_CAP_DAYS = 366;
const LONGEST_KEEPING_DAYS = 3_650;
const FEATURE_NAME = /^[A-Za-z][\w.-]{0,79}$/;

/**
 * Settings as they would be stored, checked as a whole.
 * @throws InvalidInputError naming the field
 */
export function checkSettings(settings: TenantSettings): TenantSettings {
  const { name, language, timeZone, quietHours, caps, handOver } = settings;
  check('Name', typeof name === 'string' && name.trim() !== '' && name.length <= MAX_NAME_LENGTH, {
    message: `A tenant's name has 1 to ${MAX_NAME_LENGTH} characters.`,
    hint: 'Give the name by which its customers know it.',
  });
  check('Language', language === 'pt-BR' || language === 'en', {
    message: `"${String(language)}" is no language of this package.`,
    hint: 'Choose pt-BR or en.',
  });
  checkZone('Time Zone', timeZone);
  checkHours('Utility Hours', quietHours.utility);
  checkHours('Marketing Hours', quietHours.marketing);
  checkNumber('Marketing Messages per Person', caps.marketing.count, 0, 1_000);
  checkNumber('Marketing Period (Days)', caps.marketing.days, 1, LONGEST_CAP_DAYS);
  checkNumber('Cold Sends per Day', caps.coldSends.perDay, 0, 1_000);
  checkNumber('Give Back After (Minutes)', handOver.minutes, 0, 7 * 24 * 60);
  checkRecipients(settings);
  checkWords(settings);
  for (const [feature, on] of Object.entries(settings.features)) {
    check('Feature', FEATURE_NAME.test(feature) && typeof on === 'boolean', {
      message: `"${feature}" is no feature that is on or off.`,
      hint: 'A feature is named by a letter and then letters, digits, dots or dashes.',
    });
  }
  const { messagesDays, rawDays, eventsDays } = settings.retention;
  checkDays('Keep Messages (Days)', messagesDays);
  checkDays('Keep Raw Payloads (Days)', rawDays);
  checkDays('Keep Events (Days)', eventsDays);
  check('Custom Values', JSON.stringify(settings.custom).length <= MAX_CUSTOM_BYTES, {
    message: 'The custom values of a tenant take more than 64 KB.',
    hint: 'Keep large things elsewhere and put their address here.',
  });
  readProcedures(settings.custom.procedures);
  return settings;
}

/** @throws InvalidInputError for what is no time zone of the IANA list */
export function checkZone(field: string, zone: string): void {
  try {
    // "+03:00" is one to JavaScript, and knows no change of clocks.
    if (typeof zone !== 'string' || !/^[A-Za-z]/.test(zone)) throw new RangeError(String(zone));
    offsetsOf(zone);
  } catch (cause) {
    throw new InvalidInputError(field, `There is no time zone "${String(zone)}".`, {
      cause,
      hint: 'Write it like America/Sao_Paulo or Europe/Lisbon.',
    });
  }
}

function checkHours(field: string, { from, to, days }: DayHours): void {
  const isClock = (clock: unknown) => typeof clock === 'string' && minutesOf(clock) !== null;
  check(field, isClock(from) && isClock(to) && from !== to && from !== '24:00', {
    message: `"${String(from)}" to "${String(to)}" are no hours of a day.`,
    hint: 'Write them like 08:00 and 20:00; 00:00 and 24:00 mean the whole day.',
  });
  const isDay = (day: unknown) => Number.isInteger(day) && Number(day) >= 1 && Number(day) <= 7;
  check(field, Array.isArray(days) && days.length > 0 && days.every(isDay), {
    message: 'Hours need days: numbers from 1 (Monday) to 7 (Sunday), at least one.',
    hint: 'To stop a kind of message altogether, unpublish the workflows that send it.',
  });
}

function checkRecipients({ safeMode: { on, recipients } }: TenantSettings): void {
  check('Safe Mode', typeof on === 'boolean', { message: 'Safe mode is on or off.' });
  const isText = (one: unknown) =>
    typeof one === 'string' && one.trim() !== '' && one.length <= MAX_RECIPIENT_LENGTH;
  const isList =
    Array.isArray(recipients) && recipients.length <= MAX_RECIPIENTS && recipients.every(isText);
  check('Safe Mode Recipients', isList, {
    message: `Safe mode takes up to ${MAX_RECIPIENTS} recipients, each a number or a channel's own id.`,
    hint: 'Write numbers with country and area code, such as +55 11 98888-7777.',
  });
}

/** The lists whose words a customer's message is compared with: none may be in two of them. */
function checkWords({ handOver, optOut }: TenantSettings): void {
  const lists: Array<[field: string, words: string[]]> = [
    ['Hand-Over Words', handOver.words],
    ['Give-Back Words', handOver.resumeWords],
    ['Opt-Out Words', optOut.words],
    ['Opt-Out Words After Marketing', optOut.wordsAfterMarketing],
    ['Opt-In Words', optOut.optInWords],
  ];
  const owners = new Map<string, string>();
  for (const [field, words] of lists) {
    check(field, Array.isArray(words) && words.length <= MAX_WORDS, {
      message: `"${field}" takes a list of up to ${MAX_WORDS} words.`,
    });
    for (const word of words) {
      const folded = typeof word === 'string' ? foldedWord(word) : '';
      check(field, folded !== '' && word.length <= MAX_WORD_LENGTH, {
        message: `"${String(word)}" is no word that somebody could send.`,
        hint: `Use letters and digits, at most ${MAX_WORD_LENGTH} characters.`,
      });
      const owner = owners.get(folded) ?? field;
      check(field, owner === field, {
        message: `"${word}" is among "${owner}" as well.`,
        hint: 'A word means one thing: leave it in one of the lists.',
      });
      owners.set(folded, field);
    }
  }
}

function checkDays(field: string, days: number | null): void {
  if (days !== null) checkNumber(field, days, 1, LONGEST_KEEPING_DAYS);
}

function checkNumber(field: string, value: number, least: number, most: number): void {
  check(field, Number.isInteger(value) && value >= least && value <= most, {
    message: `"${field}" is a whole number from ${least} to ${most}.`,
  });
}

function check(
  field: string,
  isRight: boolean,
  { message, hint }: { message: string; hint?: string },
): void {
  if (!isRight) throw new InvalidInputError(field, message, hint === undefined ? {} : { hint });
}
