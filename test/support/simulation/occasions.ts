import type { Appointment, AppointmentState, Happening, Ledger, Person } from './ledger';
import { HOUSE_ZONE, type Span } from './life';
import { DAY, MINUTE, momentOf, placedAt, type Rule } from './reference';
import { WORKFLOWS, type SimulatedWorkflow } from './workflows';

/** Something that has to lead to a message, as the world outside reckons it. */
export interface Occasion {
  workflow: SimulatedWorkflow;
  person: Person;
  /** What of it is one and the same for a customer: nobody gets a message of this name twice. */
  name: string;
  appointment: Appointment | null;
  /** When the appointment is, as its texts have to say. */
  start: number | null;
  /** Chances to be due; more than one where an appointment is moved there and back. */
  chances: Chance[];
}

export interface Chance {
  dueAt: number;
  /** Exclusive. */
  latest: number;
  /** From when on it is known, and until when it holds; place in the order of everything. */
  from: { at: number; seq: number };
  until: { at: number; seq: number };
}

const NEVER = { at: Infinity, seq: Infinity };
const MARGIN = 5 * MINUTE;

/** Everything that is due in the span. */
export function occasionsOf(ledger: Ledger, span: Span): Occasion[] {
  return WORKFLOWS.flatMap((workflow) => {
    switch (workflow.watch.kind) {
      case 'birthday':
        return ledger.people.flatMap((person) => birthdayOf(workflow, person, span) ?? []);
      case 'unansweredLead':
        return leadsOf(ledger, workflow, span);
      default:
        return ledger.appointments.flatMap((one) => ofAppointment(workflow, one, span));
    }
  });
}

/** The key as the documentation has it, with the person or appointment in its middle left out. */
export function nameOf({ watch }: SimulatedWorkflow, version: string): string {
  const hours = watch.offsetMinutes / 60;
  const kind =
    watch.kind === 'birthday' || watch.kind === 'appointmentCreated'
      ? watch.kind
      : `${watch.kind}-${hours}h`;
  return `${kind}:${version}`;
}

function versionOf(at: number): string {
  return new Date(at).toISOString().replace(/(:00)?\.000Z$/, 'Z');
}

function ruleOf({ watch }: SimulatedWorkflow, zone: string | null, span: Span): Rule {
  return {
    zone: zone ?? HOUSE_ZONE,
    hours: watch.hours === 'any' ? null : watch.hours,
    holidays: watch.holidays === 'ignore' ? new Set() : span.holidays,
  };
}

function ofAppointment(
  workflow: SimulatedWorkflow,
  appointment: Appointment,
  span: Span,
): Occasion[] {
  const { person, states } = appointment;
  const byName = new Map<string, Occasion>();
  for (const [index, state] of states.entries()) {
    const next = states[index + 1];
    const time = state.start === null ? null : timeOf(workflow, state, person, span);
    if (!time || state.start === null) continue;
    const confirms = workflow.watch.kind === 'appointmentCreated';
    const version = confirms
      ? `${versionOf(state.start)}@${state.bookedAt}`
      : versionOf(state.start);
    const name = nameOf(workflow, `${appointment.id}:${version}`);
    const until = next ? { at: next.at, seq: next.seq } : NEVER;
    const chance = { ...time, from: { at: state.at, seq: state.seq }, until };
    const known = byName.get(name);
    if (known) known.chances.push(chance);
    else {
      const { start } = state;
      byName.set(name, { workflow, person, name, appointment, start, chances: [chance] });
    }
  }
  return [...byName.values()];
}

function timeOf(
  workflow: SimulatedWorkflow,
  { start, end, bookedAt }: AppointmentState,
  person: Person,
  span: Span,
): { dueAt: number; latest: number } | null {
  if (start === null) return null;
  const { watch } = workflow;
  const rule = ruleOf(workflow, person.zone, span);
  const offset = watch.offsetMinutes * MINUTE;
  const place = (wanted: number, earliest: number, latest: number, usual: 1 | -1) => {
    const prefers = { previous: -1, next: 1, ignore: usual }[watch.holidays] as 1 | -1;
    const dueAt = placedAt(rule, wanted, { earliest, latest, prefers });
    return dueAt === null ? null : { dueAt, latest };
  };
  if (watch.kind === 'appointmentCreated') return place(bookedAt + offset, bookedAt, start, 1);
  if (watch.kind === 'appointmentFinished') return place(end + offset, end, Infinity, 1);
  const ideal = start - offset;
  if (bookedAt > ideal && !watch.includeLateBookings) return null;
  const wanted = Math.max(bookedAt, ideal);
  const latest = start - (offset > watch.leastLeftMs ? watch.leastLeftMs : 0);
  return wanted >= latest ? null : place(wanted, bookedAt, latest, -1);
}

function birthdayOf(workflow: SimulatedWorkflow, person: Person, span: Span): Occasion | null {
  if (person.birthday === null) return null;
  const monthDay = person.birthday.slice(5);
  const year = new Date(span.from).getUTCFullYear();
  const isLeap = new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
  const day = monthDay === '02-29' && !isLeap ? '02-28' : monthDay;
  const rule = ruleOf(workflow, person.zone, span);
  const wanted = momentOf(rule.zone, `${year}-${day}`, 9 * 60);
  if (wanted < span.from || wanted > span.until) return null;
  const limits = { earliest: span.from, latest: Infinity, prefers: 1 as const };
  const dueAt = placedAt(rule, wanted, limits);
  if (dueAt === null) return null;
  const chance = { dueAt, latest: Infinity, from: { at: span.from, seq: 0 }, until: NEVER };
  const name = nameOf(workflow, `${person.number}:${year}`);
  return { workflow, person, name, appointment: null, start: null, chances: [chance] };
}

function leadsOf(ledger: Ledger, workflow: SimulatedWorkflow, span: Span): Occasion[] {
  const inbound = ledger.happenings.filter(({ what }) => what === 'inbound');
  return inbound.flatMap((word) => {
    const { person } = word;
    const isTheirs = (other: Happening) => isSameContact(ledger, word, other);
    const next = inbound.find((one) => one.at > word.at && isTheirs(one));
    const offset = workflow.watch.offsetMinutes * MINUTE;
    const isNudge = offset < DAY;
    const latest = isNudge ? word.at + DAY - MARGIN : Infinity;
    const rule = ruleOf(workflow, person.zone, span);
    const prefers = isNudge ? (-1 as const) : (1 as const);
    const earliest = word.at + offset / 2;
    const dueAt = placedAt(rule, word.at + offset, { earliest, latest, prefers });
    if (dueAt === null) return [];
    const merge = ledger.mergedAt(person);
    // They had written on another channel since: known from the moment on at which two became one.
    const isOld =
      merge !== undefined &&
      inbound.some((one) => one.person === person && one.at > word.at && one.seq < merge.seq);
    const ends = [next, isOld ? merge : undefined].flatMap((one) => one ?? []);
    const [first] = ends.toSorted((a, b) => a.seq - b.seq);
    const until = first ? { at: first.at, seq: first.seq } : NEVER;
    const from = { at: word.at, seq: word.seq };
    const name = nameOf(workflow, `${person.number}:${versionOf(word.at)}`);
    const chances = [{ dueAt, latest, from, until }];
    return [{ workflow, person, name, appointment: null, start: null, chances }];
  });
}

/** The same person to the product: on one channel, or since two became one. */
export function isSameContact(ledger: Ledger, word: Happening, other: Happening): boolean {
  if (word.person !== other.person) return false;
  const merge = ledger.mergedAt(word.person);
  return word.channel === other.channel || (merge !== undefined && merge.seq < other.seq);
}

/** What a request at the provider was about, under the name of its occasion. */
export function nameOfKey(ledger: Ledger, key: string): string | null {
  const [, kind, entity, version] = /^([^:]+):([^:]+):(.+)$/.exec(key) ?? [];
  if (kind === undefined || entity === undefined || version === undefined) return null;
  if (kind.startsWith('appointment')) return key;
  const person = ledger.personOf(entity);
  return person && `${kind}:${person.number}:${version}`;
}
