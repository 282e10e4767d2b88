import type { SendResult } from '../../../core/model';

/*
 * What really happened, as the world outside of the product knows it: who was told what and when, in one order.
 */

export type SimulatedChannel = 'whatsapp' | 'messenger';

export interface Person {
  number: number;
  kind: 'whatsapp' | 'messenger' | 'phoneOnly' | 'double';
  name: string;
  /** null: the house's. */
  zone: string | null;
  phone: string | null;
  messengerId: string | null;
  /** `YYYY-MM-DD` */
  birthday: string | null;
  /** To marketing, at the beginning. */
  agrees: boolean;
  /** The product's ids of the person, by channel; until two become one. */
  contactIds: Partial<Record<SimulatedChannel, string>>;
}

/** One state of an appointment, until the next. */
export interface AppointmentState {
  seq: number;
  at: number;
  /** null: cancelled. */
  start: number | null;
  end: number;
  /** When it was made or last moved. */
  bookedAt: number;
}

export interface Appointment {
  externalId: string;
  /** The product's. */
  id: string;
  person: Person;
  /** In which its times are written. */
  zone: string;
  states: AppointmentState[];
}

/** Something a person did or that was done about them. */
export interface Happening {
  seq: number;
  at: number;
  person: Person;
  what: 'inbound' | 'optOut' | 'merge';
  channel: SimulatedChannel;
  /** Of opt-outs. */
  purpose?: 'marketing' | 'messages';
}

/** A message at the provider's side. */
export interface Request {
  seq: number;
  at: number;
  step: number;
  channel: SimulatedChannel;
  person: Person | null;
  workflow: string;
  key: string;
  date: string;
  time: string;
  isTemplate: boolean;
  outcome: 'accepted' | 'unavailable' | 'refused' | 'lost' | 'acceptedUnheard';
  /** When the house heard of it, where it did so later: for all that it knows it went out then. */
  heardAt?: number;
}

export interface Emission {
  seq: number;
  at: number;
  step: number;
  workflow: string;
  key: string;
  contactId: string | null;
  rejected: boolean;
}

export interface Told {
  workflow: string;
  key: string;
  at: number;
  result: SendResult;
}

/** A look at everything that was due, to its end. */
export interface Look {
  /** Its beginning: what happened before that, it saw. */
  seq: number;
  at: number;
  /** What has happened by then, it may have seen. */
  until: number;
}

export class Ledger {
  readonly people: Person[] = [];
  readonly appointments: Appointment[] = [];
  readonly happenings: Happening[] = [];
  readonly requests: Request[] = [];
  readonly emissions: Emission[] = [];
  readonly results: Told[] = [];
  /** Those in which a process did all there was to do. */
  readonly handled: Look[] = [];
  readonly kills: Array<{ step: number; where: string }> = [];
  readonly logged: string[] = [];
  #seq = 0;
  /** The judge asks for each of a thousand people a thousand times. */
  readonly #byContact = new Map<string, Person>();
  /** Those of whom something has changed since somebody asked. */
  readonly touched = new Set<Person>();
  /** Number of the present step. */
  step = 0;

  /** Of one person alone. */
  of(person: Person): Ledger {
    const own = new Ledger();
    own.people.push(person);
    own.appointments.push(...this.appointments.filter((one) => one.person === person));
    own.happenings.push(...this.happenings.filter((one) => one.person === person));
    return own;
  }

  /** The next place in the order of everything. */
  next(): number {
    this.#seq += 1;
    return this.#seq;
  }

  personAt(channel: SimulatedChannel, externalId: string): Person | null {
    const found = this.people.find((person) =>
      channel === 'whatsapp'
        ? person.phone === `+${externalId}`
        : person.messengerId === externalId,
    );
    return found ?? null;
  }

  personOf(contactId: string): Person | null {
    const known = this.#byContact.get(contactId);
    if (known) return known;
    const found = this.people.find(({ contactIds }) =>
      Object.values(contactIds).includes(contactId),
    );
    if (found) this.#byContact.set(contactId, found);
    return found ?? null;
  }

  mergedAt(person: Person): Happening | undefined {
    return this.happenings.find((one) => one.what === 'merge' && one.person === person);
  }
}
