import { InvalidInputError } from '../../model';
import { zoneOf, type Zone } from '../../tenants/zone';
import type { SilenceRules } from './rhythm';

/** When an account's silence is worth an alarm, as an admin may set it. */
export interface SilenceSettings {
  enabled: boolean;
  /** Never before it has been silent this long, in milliseconds. */
  minimumMs: number;
  /** IANA; by its wall clock the rhythm is learned and the quiet hours are meant. */
  timeZone: string;
  /** Wall clock, `HH:MM`; over midnight where `from` is later. Null: learned from the rhythm alone. */
  quietHours: { from: string; to: string } | null;
  /** Days on which nobody is to be told, 0 = Sunday. */
  quietDays: number[];
}

export const DEFAULT_SILENCE: SilenceSettings = {
  enabled: true,
  minimumMs: 2 * 3_600_000,
  timeZone: 'UTC',
  quietHours: null,
  quietDays: [],
};

/** Quieter than this is not even looked at: whoever just stopped writing is no silence. */
export const SHORTEST_MINIMUM_MS = 30 * 60_000;
const LONGEST_MINIMUM_MS = 14 * 24 * 3_600_000;
const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** @throws InvalidInputError naming the field */
export function checkSilenceSettings(settings: SilenceSettings): SilenceSettings {
  const { enabled, minimumMs, timeZone, quietHours, quietDays } = settings;
  if (!(minimumMs >= SHORTEST_MINIMUM_MS && minimumMs <= LONGEST_MINIMUM_MS)) {
    throw new InvalidInputError('Silent For', 'That is no time to wait for an alarm.', {
      hint: 'Choose from half an hour to 14 days.',
    });
  }
  try {
    zoneOf(timeZone);
  } catch (cause) {
    throw new InvalidInputError('Time Zone', `There is no time zone "${timeZone}".`, {
      cause,
      hint: 'Write it like America/Sao_Paulo.',
    });
  }
  if (quietHours && !(CLOCK.test(quietHours.from) && CLOCK.test(quietHours.to))) {
    throw new InvalidInputError('Quiet Hours', 'Quiet hours are two times of the day.', {
      hint: 'Write them like 22:00 and 07:30.',
    });
  }
  if (quietDays.some((day) => !Number.isInteger(day) || day < 0 || day > 6)) {
    throw new InvalidInputError('Quiet Days', 'Days are numbers from 0 (Sunday) to 6.');
  }
  if (new Set(quietDays).size === 7) {
    throw new InvalidInputError('Quiet Days', 'With every day quiet there is never an alarm.', {
      hint: 'Switch the alarm off instead.',
    });
  }
  return { enabled, minimumMs, timeZone, quietHours, quietDays: [...new Set(quietDays)].sort() };
}

/** What is stored; whatever is missing there is as by default. */
export function readSilenceSettings(json: string | null): SilenceSettings {
  const stored = json === null ? {} : (JSON.parse(json) as Partial<SilenceSettings>);
  return { ...DEFAULT_SILENCE, ...stored };
}

/** The settings as the judge of a silence needs them. */
export function rulesOf(settings: SilenceSettings, zone: Zone): SilenceRules {
  const { minimumMs, quietHours, quietDays } = settings;
  const from = minutesOf(quietHours?.from);
  const to = minutesOf(quietHours?.to);
  return {
    minimumMs,
    isQuiet(at) {
      const { weekday, hour, minute } = zone(at);
      if (quietDays.includes(weekday)) return true;
      if (from === null || to === null || from === to) return false;
      const now = hour * 60 + minute;
      return from < to ? now >= from && now < to : now >= from || now < to;
    },
  };
}

function minutesOf(clock: string | undefined): number | null {
  const [, hours, minutes] = CLOCK.exec(clock ?? '') ?? [];
  return hours === undefined || minutes === undefined ? null : Number(hours) * 60 + Number(minutes);
}
