import type { HttpClient } from '../../http/client';
import { InvalidInputError, systemClock } from '../../model';
import { readGoogleAccess, type GoogleCredential } from './access';
import { listCalendars, queryFreeBusy } from './calendars';
import { createGoogleClient } from './client';
import { readSharedCalendar } from './connectionCheck';
import { checkTimeZone } from './times';

export interface CheckedGoogleCredential {
  /** What works, in one sentence. */
  summary: string;
}

const DAY_MS = 24 * 3_600_000;

/**
 * Asks in steps, so that the step that fails names the culprit: the key (token), the API (a first call), the calendar's
 * sharing (the calendar, its events, its free and busy times).
 * @throws InvalidInputError, SendError: what is wrong and what to do next
 */
export async function checkGoogleCredential(
  http: HttpClient,
  credential: GoogleCredential & { calendarId?: string; timezone?: string },
): Promise<CheckedGoogleCredential> {
  const access = readGoogleAccess(credential);
  const timeZone = checkTimeZone(credential.timezone?.trim() || 'UTC', 'Time Zone');
  // Somebody waits at the panel.
  const client = createGoogleClient({ http, clock: systemClock, tries: 2 });
  const calendarId = credential.calendarId?.trim() ?? '';
  const who = access.delegatedUser === '' ? access.clientEmail : access.delegatedUser;
  if (calendarId === '') {
    await listCalendars(client, access);
    return {
      summary: `The key works, and the Calendar API answers ${who}. Fill in "Calendar ID" to see whether that calendar is shared, too.`,
    };
  }
  if (calendarId === 'primary' && access.delegatedUser === '') {
    throw new InvalidInputError(
      'Calendar ID',
      '"primary" is the service account\'s own, empty calendar, which nobody sees.',
      {
        hint: 'Put the id of your calendar here: for your own one your Gmail address, for others see Settings of the calendar → Integrate calendar.',
      },
    );
  }
  const name = await readSharedCalendar(client, access, calendarId);
  const now = systemClock.now();
  const [busy] = await queryFreeBusy(client, access, {
    timeMin: new Date(now).toISOString(),
    timeMax: new Date(now + DAY_MS).toISOString(),
    timeZone,
    calendarIds: [calendarId],
  });
  const times = busy?.busy.length ?? 0;
  return {
    summary: `The key works, and ${who} can read the calendar "${name}" (${times === 0 ? 'free' : `${times} busy ${times === 1 ? 'time' : 'times'}`} in the next 24 hours).`,
  };
}
