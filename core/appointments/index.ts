export {
  cancelAppointment,
  getAppointment,
  listAppointments,
  upsertAppointment,
  type AppointmentInput,
  type ListAppointmentsInput,
  type UpsertedAppointment,
} from './appointments';
export type { AppointmentsContext, CalendarsContext } from './context';
export { documentsOfAppointment, type AppointmentDocument } from './documents';
export type { AppointmentItem } from './item';
export { offerFreeSlots, type FreeSlot, type OfferSlotsInput } from './offerSlots';
export {
  DEFAULT_CONTACT_RULES,
  DEFAULT_WATCH,
  type ContactRules,
  type Language,
  type WatchSettings,
} from './settings';
export { syncCalendar, type SyncedCalendar } from './sync';
export { syncDueCalendars } from './syncDue';
export {
  refreshCalendarKeys,
  unwatchCalendar,
  watchCalendar,
  type CalendarWatch,
  type WatchCalendarInput,
} from './watch';
