import { dateOf, easterOf, holidaysOf } from '../../../core/journeys/due/holidays';

const day = (date: string) => Date.parse(`${date}T00:00Z`) / 86_400_000;

/** All holidays of a year. */
function listed(year: number, setting?: unknown): string[] {
  const isHoliday = holidaysOf(setting);
  const found: string[] = [];
  for (let one = day(`${year}-01-01`); one <= day(`${year}-12-31`); one += 1) {
    if (isHoliday(one)) found.push(dateOf(one).slice(5));
  }
  return found;
}

const FIXED = ['01-01', '04-21', '05-01', '09-07', '10-12', '11-02', '11-15', '11-20', '12-25'];

it.each([
  [1961, '1961-04-02'],
  [2000, '2000-04-23'],
  [2024, '2024-03-31'],
  [2025, '2025-04-20'],
  [2026, '2026-04-05'],
  [2027, '2027-03-28'],
  [2038, '2038-04-25'],
  [2285, '2285-03-22'],
])('Easter of %i is on %s', (year, date) => {
  expect(dateOf(easterOf(year))).toBe(date);
});

it("has Brazil's national holidays, Good Friday among them", () => {
  expect(listed(2026)).toEqual([...FIXED, '04-03'].sort());
  expect(listed(2023)).toEqual([...FIXED, '04-07'].filter((one) => one !== '11-20').sort());
});

it('adds the days of a tenant, of one year and of every year, written in either way', () => {
  const own = ['2026-12-24', '07-09', { date: '01-25', name: 'São Paulo' }, 7, 'nonsense', null];
  expect(listed(2026, own)).toEqual([...FIXED, '04-03', '12-24', '07-09', '01-25'].sort());
  expect(listed(2027, own)).toEqual([...FIXED, '03-26', '07-09', '01-25'].sort());
});

it('adds carnival and Corpus Christi by name', () => {
  expect(listed(2026, ['carnival', 'corpusChristi'])).toEqual(
    [...FIXED, '04-03', '02-16', '02-17', '06-04'].sort(),
  );
});

it('leaves the national ones out where a tenant is elsewhere', () => {
  expect(listed(2026, { national: false, days: ['06-10'] })).toEqual(['06-10']);
  expect(listed(2026, { days: ['06-10'] })).toEqual([...FIXED, '04-03', '06-10'].sort());
});
