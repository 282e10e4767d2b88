import { createPublicKey } from 'node:crypto';
import { SEED_PRIVATE_KEY } from './seedKey.ts';
import type { GoogleState } from './model.ts';

export const GOOGLE_SEED = {
  clientEmail: 'agenda@clinica-sorriso.iam.gserviceaccount.com',
  privateKey: SEED_PRIVATE_KEY,
  calendarId: 'clinica-sorriso@group.calendar.google.com',
  /** Nobody shared this one. */
  privateCalendarId: 'dra-helena@group.calendar.google.com',
  /** Shared for reading alone. */
  readOnlyCalendarId: 'feriados-clinica@group.calendar.google.com',
  delegatedUser: 'recepcao@clinica-sorriso.example',
  timeZone: 'America/Sao_Paulo',
} as const;

const calendar = (id: string, summary: string) => ({
  id,
  summary,
  timeZone: GOOGLE_SEED.timeZone,
  sharedWith: {},
  events: {},
});

/** A service account with a key, a calendar that is shared with it, one that is not, and one to read alone. */
export function seedGoogle(): GoogleState {
  const { clientEmail, privateKey, calendarId, privateCalendarId, readOnlyCalendarId } =
    GOOGLE_SEED;
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
  return {
    serviceAccounts: {
      [clientEmail]: { email: clientEmail, publicKeys: [publicKey], delegatedScopes: [] },
    },
    users: [GOOGLE_SEED.delegatedUser],
    calendars: {
      [calendarId]: {
        ...calendar(calendarId, 'Clínica Sorriso'),
        sharedWith: { [clientEmail]: 'writer', [GOOGLE_SEED.delegatedUser]: 'owner' },
      },
      [privateCalendarId]: calendar(privateCalendarId, 'Dra. Helena Prado'),
      [readOnlyCalendarId]: {
        ...calendar(readOnlyCalendarId, 'Feriados da clínica'),
        sharedWith: { [clientEmail]: 'reader' },
      },
    },
    calendarLists: {},
    tokens: {},
    apiEnabled: true,
    tokenSeconds: 3599,
    serial: 1,
    oldestSyncSerial: 0,
    refusals: [],
  };
}
