import type { ToldAppointment } from '../../appointments/told';
import type {
  Channel,
  ItemConnection,
  ItemContact,
  ItemConversation,
  JourneyKind,
  ProviderId,
} from '../../model';

/** What a trigger waits for, and when that is due. */
export interface JourneyWatch {
  kind: JourneyKind;
  /** After it was made or moved, before its start, after its end, after the person last wrote. Not for birthdays. */
  offsetMinutes: number;
  /** Of birthdays: the time of the day, `HH:mm`, by the clock of the person. */
  timeOfDay: string;
  /** When somebody born on 29 February is congratulated in other years. */
  leapDay: 'february28' | 'march1';
  /** The tenant's hours that it is moved into. */
  hours: 'any' | 'utility' | 'marketing';
  /** What is due on a holiday goes on the open day after or before it. */
  holidays: 'ignore' | 'next' | 'previous';
  /** So much later than it was due, it is left. */
  catchUpMs: number;
  /** A reminder that is late goes only while so much is left until the start. */
  leastLeftMs: number;
  /** Also where the appointment was made or moved when its reminder was due already. */
  includeLateBookings: boolean;
  /** Of leads: who is waited for, by who wrote last. */
  waitingFor: 'contact' | 'us' | 'either';
  /** Of leads: only those in one of these stages; empty = all. */
  stages: string[];
}

/** Something due, as a trigger emits it: the shape of an event's item as far as there is one. */
export interface JourneyItem {
  /** The same for the same thing, another one when the appointment moves. */
  journeyKey: string;
  /** ISO 8601: when it was due. */
  timestamp: string;
  tenantId: string;
  channel: Channel | null;
  provider: ProviderId | null;
  connection: ItemConnection | null;
  contact: ItemContact | null;
  conversation: ItemConversation | null;
  journey: {
    kind: JourneyKind;
    /** ISO 8601 */
    dueAt: string;
    appointment: ToldAppointment | null;
    birthday: Birthday | null;
    lead: Lead | null;
  };
}

export interface Birthday {
  /** `YYYY-MM-DD` by the clock of the person. */
  date: string;
  /** null: the year of birth is not known. */
  age: number | null;
}

export interface Lead {
  /** ISO 8601 */
  lastInboundAt: string;
  lastOutboundAt: string | null;
  hoursSilent: number;
  stage: string | null;
}
