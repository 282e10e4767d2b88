import { DateTime } from 'luxon';
import { InvalidInputError } from '../../../core/model';
import { findFreeSlots, readOpenings, type SlotRules } from '../../../core/appointments/slots';

const ZONE = 'America/Sao_Paulo';

/** 2027-03-08 is a Monday. */
const RULES: SlotRules = {
  timeZone: ZONE,
  lengthMinutes: 60,
  stepMinutes: 60,
  openings: [{ from: 8 * 60, to: 12 * 60 }],
  days: [1, 2, 3, 4, 5],
  pauseMinutes: 0,
  perDay: 0,
  limit: 100,
};

const ms = (text: string, zone = ZONE) => DateTime.fromISO(text, { zone }).toMillis();

function find(
  from: string,
  to: string,
  { busy = [], ...changes }: Partial<SlotRules> & { busy?: Array<[string, string]> } = {},
): string[] {
  const rules = { ...RULES, ...changes };
  const zone = rules.timeZone;
  const taken = busy.map(([start, end]) => ({ startMs: ms(start, zone), endMs: ms(end, zone) }));
  const range = { fromMs: ms(from, zone), toMs: ms(to, zone) };
  return findFreeSlots(range, taken, rules).map(({ startMs, endMs }) => {
    expect(endMs - startMs).toBe(rules.lengthMinutes * 60_000);
    return DateTime.fromMillis(startMs, { zone }).toFormat("ccc dd HH:mm'/'ZZ");
  });
}

/** Without the offset, where it is the same all the time. */
const times = (...args: Parameters<typeof find>) => find(...args).map((one) => one.split('/')[0]);

describe('free slots', () => {
  it('fill the working hours of the days that were chosen, the earliest first', () => {
    expect(times('2027-03-12T00:00', '2027-03-16T00:00', { lengthMinutes: 120 })).toEqual([
      'Fri 12 08:00',
      'Fri 12 09:00',
      'Fri 12 10:00',
      'Mon 15 08:00',
      'Mon 15 09:00',
      'Mon 15 10:00',
    ]);
  });

  it('leave out what is taken, whatever its order and overlaps', () => {
    const busy: Array<[string, string]> = [
      ['2027-03-08T10:30', '2027-03-08T11:00'],
      ['2027-03-08T07:00', '2027-03-08T08:01'],
      ['2027-03-08T10:00', '2027-03-08T10:45'],
    ];
    expect(times('2027-03-08', '2027-03-09', { busy })).toEqual(['Mon 08 09:00', 'Mon 08 11:00']);
  });

  it('may touch what is taken, unless a pause is wanted', () => {
    const busy: Array<[string, string]> = [['2027-03-08T09:00', '2027-03-08T10:00']];
    const free = (pauseMinutes: number) =>
      times('2027-03-08', '2027-03-09', { busy, pauseMinutes });
    expect(free(0)).toEqual(['Mon 08 08:00', 'Mon 08 10:00', 'Mon 08 11:00']);
    expect(free(15)).toEqual(['Mon 08 11:00']);
  });

  it('begin at every step, and end before the working hours do', () => {
    const changes = { lengthMinutes: 90, stepMinutes: 45 };
    expect(times('2027-03-08', '2027-03-09', changes)).toEqual([
      'Mon 08 08:00',
      'Mon 08 08:45',
      'Mon 08 09:30',
      'Mon 08 10:15',
    ]);
  });

  it('do not reach over a break', () => {
    const openings = readOpenings('8-10, 13:00-15:00');
    expect(times('2027-03-08', '2027-03-09', { openings, lengthMinutes: 120 })).toEqual([
      'Mon 08 08:00',
      'Mon 08 13:00',
    ]);
  });

  it('lie wholly between the two times', () => {
    expect(times('2027-03-08T08:30', '2027-03-08T11:30')).toEqual(['Mon 08 09:00', 'Mon 08 10:00']);
  });

  it('are as many as were wanted, of all and of each day', () => {
    expect(times('2027-03-08', '2027-03-12', { limit: 3 })).toHaveLength(3);
    expect(times('2027-03-08', '2027-03-12', { limit: 3, perDay: 1 })).toEqual([
      'Mon 08 08:00',
      'Tue 09 08:00',
      'Wed 10 08:00',
    ]);
  });

  it('are none where everything is taken, or the day is too short', () => {
    const busy: Array<[string, string]> = [['2027-03-01', '2027-04-01']];
    expect(times('2027-03-08', '2027-03-12', { busy })).toEqual([]);
    expect(times('2027-03-08', '2027-03-12', { lengthMinutes: 241 })).toEqual([]);
  });

  // New York: forward on 2027-03-14 at 2:00, back on 2027-11-07 at 2:00. Both are Sundays.
  const night = { timeZone: 'America/New_York', days: [7], openings: [{ from: 0, to: 300 }] };

  it('leave out the hour that the clocks skip', () => {
    expect(find('2027-03-14', '2027-03-15', night)).toEqual([
      'Sun 14 00:00/-05:00',
      'Sun 14 01:00/-05:00',
      'Sun 14 03:00/-04:00',
      'Sun 14 04:00/-04:00',
    ]);
  });

  it('have the hour that comes twice two times', () => {
    expect(find('2027-11-07', '2027-11-08', night)).toEqual([
      'Sun 07 00:00/-04:00',
      'Sun 07 01:00/-04:00',
      'Sun 07 01:00/-05:00',
      'Sun 07 02:00/-05:00',
      'Sun 07 03:00/-05:00',
      'Sun 07 04:00/-05:00',
    ]);
  });

  it('begin at the same hour of the clock before and after the clocks change', () => {
    const changes = { timeZone: 'America/New_York', days: [5, 1], perDay: 1 };
    expect(find('2027-03-12', '2027-03-16', changes)).toEqual([
      'Fri 12 08:00/-05:00',
      'Mon 15 08:00/-04:00',
    ]);
  });

  it('go on after a day that begins at one, because its midnight was skipped', () => {
    // São Paulo put its clocks forward at midnight until 2018.
    const changes = { days: [7, 1], openings: [{ from: 0, to: 180 }] };
    expect(find('2018-11-04', '2018-11-06', changes)).toEqual([
      'Sun 04 01:00/-02:00',
      'Sun 04 02:00/-02:00',
      'Mon 05 00:00/-02:00',
      'Mon 05 01:00/-02:00',
      'Mon 05 02:00/-02:00',
    ]);
  });

  it('may end at midnight', () => {
    const openings = readOpenings('22:00-24:00');
    expect(times('2027-03-08', '2027-03-09', { openings })).toEqual([
      'Mon 08 22:00',
      'Mon 08 23:00',
    ]);
  });
});

describe('working hours', () => {
  it.each([
    ['08:00-18:00', [[480, 1080]]],
    [
      '13:00 - 18:30, 8-12',
      [
        [480, 720],
        [780, 1110],
      ],
    ],
    ['das', null],
    [
      '8:00 às 12:00; 14 até 24',
      [
        [480, 720],
        [840, 1440],
      ],
    ],
    ['18:00-08:00', null],
    ['08:00-24:01', null],
    ['08:75-10:00', null],
    ['08:00-12:00, 11:00-13:00', null],
    ['', null],
  ])('"%s" are read, or refused by name', (text, expected) => {
    if (expected === null) {
      expect(() => readOpenings(text)).toThrow(InvalidInputError);
      expect(() => readOpenings(text)).toThrow(/"Working Hours" is empty|no part of a day|overlap/);
    } else expect(readOpenings(text).map(({ from, to }) => [from, to])).toEqual(expected);
  });
});
