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
export { confirmAppointment, type ConfirmedAppointment } from './confirm';
export { rescheduleAppointment, type BookingReason, type RescheduledAppointment } from './booking';
export type { AppointmentItem } from './item';
export type { AppointmentName } from './named';
export { offerAppointmentTimes, type OfferedTime, type OfferedTimes } from './offerTimes';
export { offerFreeSlots, type FreeSlot, type OfferSlotsInput } from './offerSlots';
export {
  DEFAULT_CONTACT_RULES,
  DEFAULT_WATCH,
  type ContactRules,
  type Language,
  type WatchSettings,
} from './settings';
export type { Told, ToldAppointment, ToldTime } from './told';
export { syncCalendar, type SyncedCalendar } from './sync';
export { syncDueCalendars } from './syncDue';
export {
  refreshCalendarKeys,
  unwatchCalendar,
  watchCalendar,
  type CalendarWatch,
  type WatchCalendarInput,
} from './watch';
