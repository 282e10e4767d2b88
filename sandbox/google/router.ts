import { calendarFor, callerOf, needScope } from './access.ts';
import { freeBusy, insertIntoList, listCalendars, viewCalendar } from './calendars.ts';
import { deleteEvent, insertEvent, livingEvent, patchEvent } from './change.ts';
import { badRequest, CalendarError, calendarErrorReply, notFound } from './errors.ts';
import { findEvent, viewOf } from './instances.ts';
import { listEvents } from './list.ts';
import { takeRefusal } from './refusals.ts';
import { isRecord, type Reply, type Request } from '../http.ts';
import type { Context } from '../context.ts';
import type { Refusal } from './model.ts';

export const CALENDAR_BASE = '/calendar/v3';

const READ = ['', 'readonly', 'events', 'events.readonly'];
const WRITE = ['', 'events'];

/** Calls to the Calendar API, each noted for tests and the pages. */
export function answerCalendar(context: Context, request: Request, path: string): Reply {
  const startedAt = performance.now();
  const reply = answerOrRefuse(context, request, path);
  const error =
    isRecord(reply.body) && isRecord(reply.body.error) ? String(reply.body.error.message) : null;
  context.calls.add({
    at: context.store.now(),
    method: request.method,
    path: request.path,
    params: Object.fromEntries(request.query),
    status: reply.status,
    ...(error === null ? {} : { code: reply.status, message: error }),
    durationMs: Math.round(performance.now() - startedAt),
  });
  return reply;
}

function answerOrRefuse(context: Context, request: Request, path: string): Reply {
  const refusal = takeRefusal(context, 'calendar');
  try {
    if (refusal && !refusal.after) return refused(refusal);
    const reply = answer(context, request, path);
    return refusal ? refused(refusal) : reply;
  } catch (error) {
    if (error instanceof CalendarError) return calendarErrorReply(error);
    throw error;
  }
}

function refused({ status, reason, retryAfterSeconds }: Refusal): Reply {
  if (status === 0) return { status: 0, cut: true };
  return calendarErrorReply(new CalendarError(status, reason, reason, retryAfterSeconds));
}

function answer(context: Context, request: Request, path: string): Reply {
  const caller = callerOf(context, request);
  const { method } = request;
  const parts = path.slice(CALENDAR_BASE.length + 1).split('/');
  const [area = '', id = '', events, eventId] = parts;
  if (area === 'freeBusy' && method === 'POST' && parts.length === 1) {
    needScope(caller, ['', 'readonly', 'freebusy']);
    return { status: 200, body: freeBusy(context, caller, bodyOf(request)) };
  }
  if (area === 'users' && id === 'me' && events === 'calendarList' && parts.length === 3) {
    needScope(caller, ['', 'readonly', 'calendarlist.readonly']);
    if (method === 'GET') return { status: 200, body: listCalendars(context, caller) };
    if (method === 'POST') {
      return { status: 200, body: insertIntoList(context, caller, bodyOf(request)) };
    }
  }
  if (area !== 'calendars' || parts.length > 4) throw notFound();
  if (events === undefined && method === 'GET') {
    needScope(caller, ['', 'readonly']);
    return { status: 200, body: viewCalendar(calendarFor(context, caller, id, 'reader')) };
  }
  if (events !== 'events') throw notFound();
  const isRead = method === 'GET';
  needScope(caller, isRead ? READ : WRITE);
  const calendar = calendarFor(context, caller, id, isRead ? 'reader' : 'writer');
  const actor = { email: caller.actsFor, isServiceAccount: caller.isServiceAccount };
  checkSendUpdates(request);
  if (eventId === undefined) {
    if (isRead) return { status: 200, body: listEvents(context, calendar, request.query) };
    if (method !== 'POST') throw notFound();
    return {
      status: 200,
      body: viewOf(calendar, insertEvent(context, calendar, actor, bodyOf(request))),
    };
  }
  switch (method) {
    case 'GET': {
      const event = findEvent(calendar, eventId);
      if (!event) throw notFound();
      return { status: 200, body: viewOf(calendar, event) };
    }
    case 'PATCH': {
      livingEvent(calendar, eventId);
      const { 'if-match': ifMatch } = request.headers;
      const changed = patchEvent(context, calendar, actor, eventId, bodyOf(request), ifMatch);
      return { status: 200, body: viewOf(calendar, changed) };
    }
    case 'DELETE':
      deleteEvent(context, calendar, eventId);
      return { status: 204 };
    default:
      throw notFound();
  }
}

function checkSendUpdates({ query }: Request): void {
  const value = query.get('sendUpdates');
  if (value === null || ['all', 'externalOnly', 'none'].includes(value)) return;
  throw badRequest('Invalid value for: sendUpdates', 'invalidParameter');
}

function bodyOf(request: Request): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(request.body.toString('utf8'));
    if (isRecord(parsed)) return parsed;
  } catch {
    // Told below.
  }
  throw badRequest('Parse Error', 'parseError');
}
