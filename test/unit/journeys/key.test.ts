import type { JourneyWatch } from '../../../core/journeys/due';
import { keyOf } from '../../../core/journeys/due/key';
import {
  journeyOfSendKey,
  journeySendKey,
  parseJourneyKey,
  versionAt,
  withEntity,
} from '../../../core/model';

const watch = (kind: JourneyWatch['kind'], offsetMinutes: number) =>
  ({ kind, offsetMinutes }) as JourneyWatch;
const ID = '01JD3Z8Q4T6W8Y0A2C4E6G8J0A';
const OTHER = '01JD3Z8Q4T6W8Y0A2C4E6G8J0B';
const START = versionAt(Date.parse('2026-11-25T15:00Z'));

it.each([
  ['appointmentUpcoming', 1440, `appointmentUpcoming-24h:${ID}:2026-11-25T15:00Z`],
  ['appointmentUpcoming', 16, `appointmentUpcoming-16m:${ID}:2026-11-25T15:00Z`],
  ['appointmentUpcoming', 0, `appointmentUpcoming-0h:${ID}:2026-11-25T15:00Z`],
  ['appointmentCreated', 0, `appointmentCreated:${ID}:2026-11-25T15:00Z`],
  ['unansweredLead', 1260, `unansweredLead-21h:${ID}:2026-11-25T15:00Z`],
] as const)('the key of %s, %i minutes, can be read again', (kind, offset, key) => {
  expect(keyOf(watch(kind, offset), ID, START)).toBe(key);
  const version = '2026-11-25T15:00Z';
  expect(parseJourneyKey(key)).toEqual({ kind, offsetMinutes: offset, entity: ID, version });
});

it('keeps seconds where there are any', () => {
  expect(versionAt(Date.parse('2026-11-25T15:00:07.250Z'))).toBe('2026-11-25T15:00:07.250Z');
  expect(versionAt(Date.parse('2026-11-25T15:00:07Z'))).toBe('2026-11-25T15:00:07Z');
});

it.each([
  '',
  'x',
  `reminder:${ID}:b`,
  'birthday:',
  `birthday:${ID}`,
  // Somebody's own, who names people otherwise.
  'birthday:maria:2026',
  ID,
])('"%s" is no journey key of ours', (key) => expect(parseJourneyKey(key)).toBeNull());

it('is read again from the key of its message, whatever the message is called', () => {
  const key = `birthday:${ID}:2026`;
  const parsed = { kind: 'birthday', offsetMinutes: 0, entity: ID, version: '2026' };
  for (const message of ['main', 'documents', 'a/b:c']) {
    expect(journeyOfSendKey(journeySendKey(key, message))).toEqual(parsed);
  }
});

it.each([
  'workflow-1/id-of-Send/0/01JD3Z8Q4T6W8Y0A2C4E6G8J0A/0',
  `own/birthday:${ID}:2026`,
  journeySendKey('order-77', 'main'),
  journeySendKey('birthday:maria:2026', 'main'),
])('the key "%s" stands for nothing that could change', (key) => {
  expect(journeyOfSendKey(key)).toBeNull();
});

it('can be that of somebody else', () => {
  const key = journeySendKey(`unansweredLead-21h:${ID}:2026-11-25T15:00Z`, ID);
  expect(withEntity(key, ID, OTHER)).toBe(
    journeySendKey(`unansweredLead-21h:${OTHER}:2026-11-25T15:00Z`, ID),
  );
});
