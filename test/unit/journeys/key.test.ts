import type { JourneyWatch } from '../../../core/journeys/due';
import { parseJourneyKey } from '../../../core/journeys/due';
import { keyOf, versionAt } from '../../../core/journeys/due/key';

const watch = (kind: JourneyWatch['kind'], offsetMinutes: number) =>
  ({ kind, offsetMinutes }) as JourneyWatch;
const START = versionAt(Date.parse('2026-11-25T15:00Z'));

it.each([
  ['appointmentUpcoming', 1440, 'appointmentUpcoming-24h:a1:2026-11-25T15:00Z'],
  ['appointmentUpcoming', 16, 'appointmentUpcoming-16m:a1:2026-11-25T15:00Z'],
  ['appointmentUpcoming', 0, 'appointmentUpcoming-0h:a1:2026-11-25T15:00Z'],
  ['appointmentCreated', 0, 'appointmentCreated:a1:2026-11-25T15:00Z'],
  ['unansweredLead', 1260, 'unansweredLead-21h:a1:2026-11-25T15:00Z'],
] as const)('the key of %s, %i minutes, can be read again', (kind, offset, key) => {
  expect(keyOf(watch(kind, offset), 'a1', START)).toBe(key);
  expect(parseJourneyKey(key)).toEqual({ kind, entity: 'a1', version: '2026-11-25T15:00Z' });
});

it('keeps seconds where there are any', () => {
  expect(versionAt(Date.parse('2026-11-25T15:00:07.250Z'))).toBe('2026-11-25T15:00:07.250Z');
  expect(versionAt(Date.parse('2026-11-25T15:00:07Z'))).toBe('2026-11-25T15:00:07Z');
});

it.each(['', 'x', 'reminder:a:b', 'birthday:', 'birthday:a', '01ARZ3NDEKTSV4RRFFQ69G5FAV'])(
  '"%s" is no journey key',
  (key) => expect(parseJourneyKey(key)).toBeNull(),
);
