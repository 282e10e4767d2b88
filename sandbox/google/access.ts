import { CalendarError, notFound } from './errors.ts';
import type { Context } from '../context.ts';
import type { Request } from '../http.ts';
import type { AccessToken, Calendar, Role } from './model.ts';

export interface Caller extends AccessToken {
  isServiceAccount: boolean;
}

const SCOPE = 'https://www.googleapis.com/auth/calendar';

/** @throws CalendarError 401 without a good token, 403 where the API is switched off */
export function callerOf(context: Context, request: Request): Caller {
  const { google } = context.store.state;
  const value = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const token = google.tokens[value];
  if (!token || token.expiresAt <= context.store.now()) {
    throw new CalendarError(401, 'authError', 'Invalid Credentials');
  }
  if (!google.apiEnabled) {
    throw new CalendarError(
      403,
      'accessNotConfigured',
      'Google Calendar API has not been used in project 123456789012 before or it is disabled.',
    );
  }
  return { ...token, isServiceAccount: token.actsFor === token.email };
}

/** @throws CalendarError 403 `insufficientPermissions` */
export function needScope(caller: Caller, names: readonly string[]): void {
  const allowed = names.map((name) => (name === '' ? SCOPE : `${SCOPE}.${name}`));
  if (caller.scopes.some((scope) => allowed.includes(scope))) return;
  throw new CalendarError(
    403,
    'insufficientPermissions',
    'Request had insufficient authentication scopes.',
  );
}

const RANK: Record<Role, number> = { freeBusyReader: 0, reader: 1, writer: 2, owner: 3 };

/** @throws CalendarError 404 for a calendar that is not shared, 403 for one that is shared for less */
export function calendarFor(
  context: Context,
  caller: Caller,
  calendarId: string,
  role: Role,
): Calendar {
  const calendar =
    calendarId === 'primary'
      ? primaryOf(context, caller)
      : context.store.state.google.calendars[calendarId];
  const own = calendar?.sharedWith[caller.actsFor];
  if (!calendar || own === undefined) throw notFound();
  if (RANK[own] < RANK[role]) throw new CalendarError(403, 'forbidden', 'Forbidden');
  return calendar;
}

/** Everybody's own calendar; a service account's is empty, and nobody sees it (G.1). */
function primaryOf(context: Context, { actsFor }: Caller): Calendar {
  const { calendars } = context.store.state.google;
  return (calendars[actsFor] ??= {
    id: actsFor,
    summary: actsFor,
    timeZone: 'UTC',
    sharedWith: { [actsFor]: 'owner' },
    events: {},
  });
}
