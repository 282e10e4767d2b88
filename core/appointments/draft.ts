import type { Person } from './person';
import type { Language } from './settings';

/** `noShow`: it took place without its person. */
export type AppointmentStatus = 'confirmed' | 'tentative' | 'cancelled' | 'noShow';

/** An appointment as a calendar or a caller tells of it, ready to be compared with what is stored. */
export interface AppointmentDraft {
  externalId: string;
  recurringEventId: string | null;
  status: AppointmentStatus;
  title: string | null;
  description: string | null;
  location: string | null;
  startsAt: number;
  endsAt: number;
  allDay: boolean;
  timeZone: string;
  language: Language;
  person: Person;
  /** The contact, where the caller says who it is. */
  contactId: string | null;
  /** What else the caller gave. */
  fields: Record<string, unknown>;
  /** The calendar's own object. */
  raw: unknown;
  /** The id that this appointment was known by until its series was moved. */
  movedFrom?: string;
  /** Outside of what is read: told of an appointment that is still ahead alone. */
  isOutside?: true;
}
