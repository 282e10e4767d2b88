import type { IExecuteFunctions, ILoadOptionsFunctions } from 'n8n-workflow';
import type { App } from '../../core/runtime';
import type { GoogleAccess, GoogleCredential } from '../../core/providers/google';
import { InvalidInputError } from '../../core/model/errors';
import { core } from '../shared/loadCore';
import { openApp, tenantId } from '../shared/openApp';

export const CREDENTIAL = 'googleServiceAccountApi';

/** What the credential holds, under its own names. */
export type StoredCredential = GoogleCredential & { calendarId?: string; timezone?: string };

const FIELDS = [
  'clientEmail',
  'privateKey',
  'delegatedUser',
  'calendarId',
  'timezone',
  'calendarBaseUrl',
  'tokenUrl',
] as const;

/** The fields of the credential, as texts. */
export function toGoogleCredential(data: object): StoredCredential {
  const given = data as Record<string, unknown>;
  return Object.fromEntries(
    FIELDS.map((name) => [name, typeof given[name] === 'string' ? given[name] : '']),
  );
}

/** With what, and where, a node of this credential works. */
export interface GooglePlace {
  app: App;
  access: GoogleAccess;
  credential: StoredCredential;
  /** What a time without an offset means. */
  timeZone: string;
}

/** @param timeZone in place of the credential's */
export async function openGoogle(
  context: IExecuteFunctions | ILoadOptionsFunctions,
  options: { store?: string; tenant?: string; timeZone?: string } = {},
): Promise<GooglePlace> {
  const data = await context.getCredentials<object>(CREDENTIAL);
  const credential = toGoogleCredential(data);
  const access = core.google.readGoogleAccess(credential);
  const wanted = options.timeZone?.trim() || credential.timezone?.trim() || 'America/Sao_Paulo';
  const app = await openApp(context, options.store);
  await refreshKeys(context, app, access, options.tenant);
  return {
    app,
    access,
    credential,
    timeZone: core.google.checkTimeZone(wanted),
  };
}

/** Contexts whose credential was looked at already: once for a run is enough. */
const seen = new WeakSet<object>();

/** Calendars that are watched with this credential get its present key, when it was changed since. */
async function refreshKeys(
  context: IExecuteFunctions | ILoadOptionsFunctions,
  app: App,
  access: GoogleAccess,
  tenant: string | undefined,
): Promise<void> {
  const credentialId = context.getNode().credentials?.[CREDENTIAL]?.id;
  if (!credentialId || seen.has(context)) return;
  seen.add(context);
  await core.appointments.refreshCalendarKeys(app, {
    tenantId: tenantId(tenant),
    credentialId,
    access,
  });
}

/** The calendar that was chosen, or the credential's. @throws InvalidInputError where there is none */
export function chosenCalendar(chosen: string, credential: StoredCredential): string {
  const id = chosen.trim() || (credential.calendarId?.trim() ?? '');
  if (id) return id;
  throw new InvalidInputError('Calendar', 'No calendar was chosen.', {
    hint: 'Choose one, or put a calendar id into the credential.',
  });
}
