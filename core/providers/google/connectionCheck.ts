import type { HttpClient } from '../../http/client';
import { SendError, type Clock, type GoogleAccess } from '../../model';
import type { AccountCheck } from '../provider';
import { getCalendar } from './calendars';
import { createGoogleClient, type GoogleClient } from './client';
import { listEventsPage } from './events';

/**
 * Asks in steps, so that the step that fails names the culprit: the key (token), the API (a first call), the calendar's
 * sharing (the calendar, its events).
 * @returns the calendar's name
 * @throws SendError: what is wrong and what to do next
 */
export async function readSharedCalendar(
  client: GoogleClient,
  access: GoogleAccess,
  calendarId: string,
): Promise<string> {
  const { name } = await getCalendar(client, access, calendarId);
  const timeMin = new Date(client.clock.now()).toISOString();
  await listEventsPage(client, { access, calendarId }, { maxResults: '1', timeMin });
  return name;
}

/** How a calendar that is an account stands. */
export function createCalendarCheck(deps: { http: HttpClient; clock: Clock }): AccountCheck {
  return {
    async check({ account, secrets }) {
      const access = secrets.google;
      if (!access) {
        const message = `The key for the calendar "${account.name}" is not stored any more.`;
        const hint = 'Run the node Google Calendar with "Watch for Appointments" once more.';
        throw new SendError('no_connection', message, false, { hint });
      }
      // A client of its own: the others hold a token that may be older than what was done to the key. Somebody waits.
      const client = createGoogleClient({ ...deps, tries: 2 });
      await readSharedCalendar(client, access, account.externalId);
      const who = access.delegatedUser === '' ? access.clientEmail : access.delegatedUser;
      return `the key is good, the Calendar API answers, and the calendar is shared with ${who}.`;
    },
  };
}
