export {
  DEFAULT_CALENDAR_BASE_URL,
  DEFAULT_TOKEN_URL,
  readGoogleAccess,
  readPrivateKey,
  type GoogleAccess,
  type GoogleCredential,
} from './access';
export { CALENDAR_SCOPE, signAssertion } from './assertion';
export {
  getCalendar,
  listCalendars,
  listReachableCalendars,
  queryFreeBusy,
  type BusyTimes,
  type GoogleCalendar,
} from './calendars';
export { checkGoogleCredential, type CheckedGoogleCredential } from './checkCredential';
export { createGoogleClient, type GoogleClient, type GoogleClientOptions } from './client';
export {
  SyncTokenGone,
  deleteEvent,
  eventIdOf,
  getEvent,
  insertEvent,
  isEventId,
  listEvents,
  listEventsPage,
  patchEvent,
  type EventPlace,
  type EventsPage,
  type SendUpdates,
} from './events';
export {
  createCalendarEvent,
  toEventItem,
  updateCalendarEvent,
  type EventFields,
  type EventItem,
  type EventTarget,
} from './manage';
export {
  checkTimeZone,
  isoIn,
  readDate,
  readInstant,
  readSpan,
  spanOfEvent,
  toGoogleTimes,
  type DateInput,
  type Span,
} from './times';
