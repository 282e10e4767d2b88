import type { HttpFailure } from '../../http/failure';
import type { HttpResponse } from '../../http/client';
import {
  OutcomeUnknownError,
  ProviderError,
  RateLimitedError,
  TokenExpiredError,
  type RetryClass,
  type SendError,
} from '../../model';
import { asList, asObject, asText, parseObject } from '../graph/json';
import type { GoogleAccess } from './access';

/** What was asked for, for the sentences. */
export interface CallContext {
  access: GoogleAccess;
  /** In words that fit "Google refused …". */
  subject: string;
  /** The calendar that it is about. */
  calendarId?: string | undefined;
  /** The event that it is about: then "not found" may mean the event. */
  eventId?: string | undefined;
  writes: boolean;
}

export interface GoogleRefusal {
  status: number;
  /** Google's word: `notFound`, `rateLimitExceeded`, … */
  reason: string;
  message: string;
}

/** What Google said, whatever the body looks like. */
export function refusalOf(response: HttpResponse): GoogleRefusal {
  const error = asObject(parseObject(response.body.toString('utf8'))?.error);
  const first = asObject(asList(error?.errors)[0]);
  return {
    status: response.status,
    reason: asText(first?.reason) ?? '',
    message: asText(error?.message) ?? '',
  };
}

/** Come again in a moment. */
const BUSY = ['rateLimitExceeded', 'userRateLimitExceeded'];
/** The day's share is used up. */
const SPENT = ['quotaExceeded', 'calendarUsageLimitsExceeded', 'dailyLimitExceeded'];
const SPENT_PAUSE_MS = 6 * 3_600_000;
const BUSY_PAUSE_MS = 60_000;

/** Whether the same call can go through a little later (G.3). */
export function isPassing({ status, reason }: GoogleRefusal): boolean {
  if (status === 429 || status >= 500) return true;
  return status === 403 && BUSY.includes(reason);
}

/** @param retryAfterMs what the answer itself asks to wait */
export function googleError(
  refusal: GoogleRefusal,
  context: CallContext,
  retryAfterMs: number | null,
): SendError {
  const { status, reason } = refusal;
  const details = { status, reason };
  if (status === 403 && SPENT.includes(reason)) {
    return new RateLimitedError(
      "The Google project has used up its share of calendar calls, or the calendar's own limit is reached.",
      retryAfterMs ?? SPENT_PAUSE_MS,
      0,
      { hint: 'Try again tomorrow, or raise the quota in the Google Cloud console.', details },
    );
  }
  if (status === 429 || (status === 403 && BUSY.includes(reason))) {
    return new RateLimitedError(
      'Google asks for fewer calendar calls at a time.',
      retryAfterMs ?? BUSY_PAUSE_MS,
      0,
      { hint: 'Try again in a minute.', details },
    );
  }
  if (status >= 500) {
    return new ProviderError(
      'provider_unavailable',
      `Google Calendar does not work at this moment (HTTP ${status}).`,
      'unavailable',
      status,
      null,
      { hint: 'Try again in some minutes.', details },
    );
  }
  const { message, hint, kind } = sentenceOf(refusal, context);
  if (kind === 'token') return new TokenExpiredError(message, { hint, details });
  return new ProviderError('provider_rejected', message, kind, status, null, { hint, details });
}

interface Sentence {
  message: string;
  hint: string;
  kind: RetryClass;
}

function sentenceOf(refusal: GoogleRefusal, context: CallContext): Sentence {
  const { status, reason, message } = refusal;
  const { subject, access } = context;
  const said = message === '' ? '' : ` Google says: "${message}"`;
  const own = SENTENCES[reason]?.(context);
  if (own) return own;
  switch (status) {
    case 401:
      return {
        kind: 'token',
        message: `Google does not accept the access token of ${access.clientEmail}.`,
        hint: 'Test the credential: it says what is wrong with the key.',
      };
    case 403:
      return forbidden(context, said);
    case 404:
      return notFound(context);
    case 410:
      return {
        kind: 'invalid',
        message: 'The event has been deleted.',
        hint: 'Create a new one, or leave this item out.',
      };
    case 412:
      return {
        kind: 'invalid',
        message: 'The event was changed by somebody else in the meantime.',
        hint: 'Get the event again and decide by what it says now.',
      };
    default:
      return {
        kind: 'invalid',
        message: `Google refused ${subject} (HTTP ${status}${reason && `, ${reason}`}).${said}`,
        hint: 'Check the fields of this operation.',
      };
  }
}

/** By Google's own word, where it says more than the status. */
const SENTENCES: Readonly<Record<string, (context: CallContext) => Sentence>> = {
  accessNotConfigured: () => ({
    kind: 'configuration',
    message: 'The Google Calendar API is switched off in the Google Cloud project of this key.',
    hint: 'Open the Google Cloud console → APIs & Services → Library → Google Calendar API → Enable, then wait a few minutes.',
  }),
  forbiddenForServiceAccounts: ({ access }) => ({
    kind: 'permission',
    message: `A service account cannot invite attendees in its own name (${access.clientEmail}).`,
    hint: 'Leave Attendees empty, or let an administrator of your Google Workspace grant domain-wide delegation and put the inviting user into "Delegated User" of the credential.',
  }),
  forbiddenForNonOrganizer: () => ({
    kind: 'permission',
    message: 'Only the organiser of this event may change that.',
    hint: 'Change it in the calendar of the organiser, or act for them with "Delegated User" of the credential.',
  }),
  timeRangeEmpty: () => ({
    kind: 'invalid',
    message: 'The end of the time range is not after its beginning.',
    hint: 'Choose a later end.',
  }),
  timeRangeTooLong: () => ({
    kind: 'invalid',
    message: 'The time range is too long for Google.',
    hint: 'Ask for two months at most at a time.',
  }),
};

function forbidden(context: CallContext, said: string): Sentence {
  const { access, calendarId, subject, writes } = context;
  const calendar = calendarId === undefined ? 'the calendar' : `the calendar "${calendarId}"`;
  if (!writes) {
    return {
      kind: 'permission',
      message: `${whoIs(access)} may not read ${calendar}.${said}`,
      hint: `Share the calendar with ${access.clientEmail}: Settings of the calendar → Share with specific people → "See all event details".`,
    };
  }
  return {
    kind: 'permission',
    message: `${whoIs(access)} may read ${calendar}, but not change it: Google refused ${subject}.${said}`,
    hint: `Share the calendar with ${access.clientEmail} once more, with the permission "Make changes to events".`,
  };
}

function notFound(context: CallContext): Sentence {
  const { access, calendarId, eventId } = context;
  if (eventId !== undefined) {
    return {
      kind: 'invalid',
      message: `There is no event "${eventId}" in the calendar "${calendarId ?? ''}", or the calendar is not shared with ${access.clientEmail}.`,
      hint: 'Take the id from "Get Many" of the same calendar.',
    };
  }
  return {
    kind: 'permission',
    message: `The calendar "${calendarId ?? ''}" is not shared with ${whoIs(access)}, or there is no such calendar.`,
    hint: `In Google Calendar open Settings of the calendar → Share with specific people, and add ${access.clientEmail} with "Make changes to events". The calendar's id is further down on the same page, under "Integrate calendar".`,
  };
}

function whoIs({ clientEmail, delegatedUser }: GoogleAccess): string {
  return delegatedUser === '' ? clientEmail : `${delegatedUser} (through ${clientEmail})`;
}

/** Why the token endpoint gave no token (G.1). */
export function tokenError(response: HttpResponse, access: GoogleAccess): SendError {
  const body = parseObject(response.body.toString('utf8'));
  const error = asText(body?.error) ?? '';
  const description = asText(body?.error_description) ?? '';
  const details = { status: response.status, error };
  if (response.status === 429 || response.status >= 500) {
    return new ProviderError(
      'provider_unavailable',
      `Google gives no access tokens at this moment (HTTP ${response.status}).`,
      'unavailable',
      response.status,
      null,
      { hint: 'Try again in some minutes.', details },
    );
  }
  const { message, hint } = tokenSentence(error, description, access);
  return new TokenExpiredError(message, { hint, details });
}

function tokenSentence(
  error: string,
  description: string,
  access: GoogleAccess,
): { message: string; hint: string } {
  const { clientEmail, delegatedUser } = access;
  if (error === 'unauthorized_client') {
    return {
      message: `${clientEmail} may not act for "${delegatedUser}": domain-wide delegation is not granted.`,
      hint: 'An administrator of the Google Workspace grants it under Security → API controls → Domain-wide delegation, with the client id of the service account and the scope https://www.googleapis.com/auth/calendar. Without a Workspace leave "Delegated User" empty.',
    };
  }
  if (error === 'invalid_grant' && /short-lived|timeframe/i.test(description)) {
    return {
      message: "Google finds the time of this server wrong, so it does not accept the key's word.",
      hint: 'Set the clock of the machine that n8n runs on (NTP), then try again.',
    };
  }
  if (error === 'invalid_grant' && /email|user id|account not found/i.test(description)) {
    return delegatedUser === ''
      ? {
          message: `Google does not know the service account ${clientEmail} (any more).`,
          hint: 'Check "Client Email" against the JSON key file; a deleted service account has to be made anew.',
        }
      : {
          message: `Google knows no user "${delegatedUser}", or not the service account ${clientEmail}.`,
          hint: 'Check "Delegated User" (an e-mail address of your Google Workspace) and "Client Email".',
        };
  }
  if (error === 'invalid_grant') {
    return {
      message: `Google does not accept the private key of ${clientEmail}: it was revoked, or belongs to another service account.`,
      hint: 'Make a new key (Google Cloud console → IAM & Admin → Service Accounts → Keys → Add key → JSON), and copy client_email and private_key from the same file into the credential.',
    };
  }
  const said = [error, description].filter((part) => part !== '').join(': ');
  return {
    message: `Google gave no access token for ${clientEmail}${said && ` (${said})`}.`,
    hint: 'Check the fields of the credential against the JSON key file of the service account.',
  };
}

/** No answer came. */
export function googleTransportError(failure: HttpFailure, { subject, writes }: CallContext) {
  const hint = failure.hint ?? 'Try again in some minutes.';
  if (writes && failure.sent === 'maybe') {
    return new OutcomeUnknownError(
      `Nobody can say whether Google took ${subject}: ${failure.message}`,
      { hint: 'Look into the calendar before you try again.', cause: failure },
    );
  }
  return new ProviderError('provider_unavailable', failure.message, 'unavailable', null, null, {
    hint,
    cause: failure,
  });
}
