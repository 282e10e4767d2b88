import { execFileSync } from 'node:child_process';
import path from 'node:path';

const CORE = path.resolve(__dirname, '../../../dist/core/appointments');

/** An event of Google's on its way to what a workflow writes to people, on a server that stands somewhere else. */
function toldIn(TZ: string, LANG = 'C'): unknown {
  const program = `
    const { readCalendarEvent } = require(${JSON.stringify(path.join(CORE, 'readEvent.js'))});
    const { toAppointmentItem } = require(${JSON.stringify(path.join(CORE, 'item.js'))});
    const { DEFAULT_WATCH } = require(${JSON.stringify(path.join(CORE, 'settings.js'))});
    const calendar = { id: 'c', timeZone: 'America/Sao_Paulo' };
    const item = (event, language) => {
      const draft = readCalendarEvent(event, calendar, { ...DEFAULT_WATCH, language });
      return toAppointmentItem({
        id: 'a', account_id: '', external_id: draft.externalId, recurring_event_id: null,
        status: draft.status, title: draft.title, description: null, location: null,
        starts_at: draft.startsAt, ends_at: draft.endsAt, all_day: draft.allDay ? 1 : 0,
        time_zone: draft.timeZone, language, person_name: null, person_phone: null,
        person_email: null, contact_id: null, fields: '{}', created_at: 0, updated_at: 0,
        cancelled_at: null, confirmed_at: null,
      });
    };
    const visit = { id: 'x', summary: 'Limpeza',
      start: { dateTime: '2026-11-25T17:00:00Z' }, end: { dateTime: '2026-11-25T18:00:00Z' } };
    const day = { id: 'y', start: { date: '2026-11-25' }, end: { date: '2026-11-26' } };
    console.log(JSON.stringify([item(visit, 'pt-BR'), item(visit, 'en'), item(day, 'pt-BR')]));`;
  const env = { ...process.env, TZ, LANG, LC_ALL: LANG };
  return JSON.parse(execFileSync(process.execPath, ['-e', program], { env }).toString());
}

it('tells the same times and texts on servers in UTC, Tokyo and New York (complaint 20)', () => {
  const [utc, ...others] = ['UTC', 'Asia/Tokyo', 'America/New_York'].map((zone) => toldIn(zone));
  expect(utc).toMatchObject([
    {
      start: '2026-11-25T14:00:00-03:00',
      date: '25/11/2026',
      time: '14:00',
      when: 'quarta-feira, 25 de novembro de 2026, 14:00',
    },
    { date: '2026-11-25', time: '14:00', when: 'Wednesday, November 25, 2026, 14:00' },
    { date: '25/11/2026', time: null, when: 'quarta-feira, 25 de novembro de 2026' },
  ]);
  for (const other of others) expect(other).toEqual(utc);
  expect(toldIn('UTC', 'de_DE.UTF-8')).toEqual(utc);
});
