import { badRequest, CalendarError, notFound } from './errors.ts';
import { findEvent, instancesOf, readRule } from './instances.ts';
import { checkTimes } from './times.ts';
import { randomBytes } from 'node:crypto';
import { isRecord } from '../http.ts';
import type { Context } from '../context.ts';
import type { Calendar, EventBody, StoredEvent } from './model.ts';

/** Who changes it: an address, and whether that is a service account in its own name. */
export interface Actor {
  email: string;
  isServiceAccount: boolean;
}

const FIELDS = [
  'summary',
  'description',
  'location',
  'start',
  'end',
  'attendees',
  'recurrence',
  'reminders',
  'extendedProperties',
  'transparency',
  'visibility',
  'colorId',
] as const;

export function insertEvent(
  context: Context,
  calendar: Calendar,
  actor: Actor,
  given: Record<string, unknown>,
): StoredEvent {
  const id = given.id ?? randomBytes(16).toString('hex').slice(0, 26);
  if (typeof id !== 'string' || !/^[a-v0-9]{5,1024}$/.test(id)) {
    throw badRequest('Invalid resource id value.', 'invalid');
  }
  if (calendar.events[id]) {
    throw new CalendarError(409, 'duplicate', 'The requested identifier already exists.');
  }
  const body = readBody(given, actor);
  const event: StoredEvent = {
    id,
    status: statusOf(given.status) ?? 'confirmed',
    body,
    organizer: actor.email,
    createdAt: context.store.now(),
    updatedAt: context.store.now(),
    serial: 0,
  };
  check(calendar, event);
  return save(context, calendar, event);
}

export function patchEvent(
  context: Context,
  calendar: Calendar,
  actor: Actor,
  id: string,
  given: Record<string, unknown>,
  ifMatch?: string,
): StoredEvent {
  const before = livingEvent(calendar, id);
  if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== `"${before.serial}"`) {
    throw new CalendarError(412, 'conditionNotMet', 'Precondition Failed');
  }
  const old = before.body.recurrence ? instancesOf(calendar, before) : [];
  const event: StoredEvent = {
    ...before,
    status: statusOf(given.status) ?? before.status,
    body: { ...before.body, ...readBody(given, actor) },
    updatedAt: context.store.now(),
  };
  check(calendar, event);
  const saved = save(context, calendar, event);
  const present = new Set(
    saved.body.recurrence ? instancesOf(calendar, saved).map((one) => one.id) : [],
  );
  for (const gone of old.filter((one) => !present.has(one.id))) cancel(context, calendar, gone);
  return saved;
}

/** @throws CalendarError 404, 410 for one that is deleted already */
export function deleteEvent(context: Context, calendar: Calendar, id: string): void {
  const event = livingEvent(calendar, id);
  const instances = event.body.recurrence ? instancesOf(calendar, event) : [];
  for (const instance of instances) cancel(context, calendar, instance);
  cancel(context, calendar, event);
}

export function livingEvent(calendar: Calendar, id: string): StoredEvent {
  const event = findEvent(calendar, id);
  if (!event) throw notFound();
  if (event.status === 'cancelled') {
    throw new CalendarError(410, 'deleted', 'Resource has been deleted');
  }
  return event;
}

function cancel(context: Context, calendar: Calendar, event: StoredEvent): void {
  if (event.status === 'cancelled' && calendar.events[event.id]) return;
  save(context, calendar, { ...event, status: 'cancelled' });
}

function save(context: Context, calendar: Calendar, event: StoredEvent): StoredEvent {
  const { google } = context.store.state;
  google.serial += 1;
  const saved = { ...event, serial: google.serial };
  calendar.events[event.id] = saved;
  context.store.changed();
  return saved;
}

function check(calendar: Calendar, { body, status }: StoredEvent): void {
  if (status === 'cancelled') return;
  checkTimes(body.start, body.end, calendar.timeZone);
  if (body.recurrence) readRule(body.recurrence);
  if (body.recurrence && body.start.date === undefined && body.start.timeZone === undefined) {
    throw badRequest('Missing time zone definition for start time.', 'required');
  }
}

function statusOf(status: unknown): StoredEvent['status'] | undefined {
  if (status === undefined) return undefined;
  if (status === 'confirmed' || status === 'tentative' || status === 'cancelled') return status;
  throw badRequest('Invalid value for: status', 'invalid');
}

function readBody(given: Record<string, unknown>, actor: Actor): EventBody {
  const ignored = ['id', 'status', 'kind', 'etag'];
  const stranger = Object.keys(given).find(
    (name) => !(FIELDS as readonly string[]).includes(name) && !ignored.includes(name),
  );
  if (stranger !== undefined) {
    throw badRequest(`The sandbox does not know the field ${stranger}.`, 'invalid');
  }
  const { attendees } = given;
  if (attendees !== undefined) {
    const isList = Array.isArray(attendees);
    if (!isList || attendees.some((one) => !isRecord(one) || typeof one.email !== 'string')) {
      throw badRequest('Invalid attendee email.', 'invalid');
    }
    if (actor.isServiceAccount && attendees.length > 0) {
      throw new CalendarError(
        403,
        'forbiddenForServiceAccounts',
        'Service accounts cannot invite attendees without Domain-Wide Delegation of Authority.',
      );
    }
  }
  const entries = FIELDS.filter((name) => given[name] !== undefined).map((name) => [
    name,
    given[name],
  ]);
  return Object.fromEntries(entries) as EventBody;
}
