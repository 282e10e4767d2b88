import { isOfAppointment, parseJourneyKey, versionAt, type JourneyKey } from '../../model';
import {
  findAppointmentsById,
  findLivingIds,
  listInbound,
  listOptOuts,
  type SilentConversation,
  type StandingAppointment,
} from '../../store/statements/journeyFacts';
import type { ConsentPurpose } from '../../store/statements/consents';
import type { TenantTx } from '../../store/unit';
import { WINDOW_MARGIN_MS } from '../timing';

/** At the very start there is still the minute in which it begins. */
const START_MS = 60_000;
/** A word that comes earlier than this after theirs is meant for the open window. */
const WINDOW_MS = 24 * 3_600_000;

/** What has changed since something was due. */
export interface JourneyChange {
  reason: 'state_changed' | 'opted_out';
  /** A sentence. */
  detail: string;
}

/** What is known now of everything that some keys are about. */
interface Facts {
  now: number;
  appointments: ReadonlyMap<string, StandingAppointment>;
  /** By contact: who they are by now. */
  living: ReadonlyMap<string, string>;
  /** By who they are by now. */
  optOuts: ReadonlyMap<string, ConsentPurpose[]>;
  newest: ReadonlyMap<string, SilentConversation>;
}

/**
 * Whether what each key stands for still holds: the appointment is where it was, the person has not written or opted out
 * since. A few statements, for however many keys.
 * @returns in their order; null: it does
 */
export async function changesOfJourneys(
  tx: TenantTx,
  keys: readonly JourneyKey[],
): Promise<(JourneyChange | null)[]> {
  if (keys.length === 0) return [];
  const facts = await readFacts(tx, keys);
  return keys.map((key) =>
    isOfAppointment(key.kind) ? appointmentChange(facts, key) : contactsOwnChange(facts, key),
  );
}

/** The same of one key, as it is written. */
export async function changeOfJourney(tx: TenantTx, key: string): Promise<JourneyChange | null> {
  const parsed = parseJourneyKey(key);
  if (!parsed) return changed(`"${key}" is no journey key.`);
  return (await changesOfJourneys(tx, [parsed]))[0] ?? null;
}

async function readFacts(tx: TenantTx, keys: readonly JourneyKey[]): Promise<Facts> {
  const entities = (wanted: boolean) => [
    ...new Set(
      keys.flatMap(({ kind, entity }) => (isOfAppointment(kind) === wanted ? entity : [])),
    ),
  ];
  const rows = await findAppointmentsById(tx, entities(true));
  const owners = rows.flatMap(({ contact_id }) => contact_id ?? []);
  const living = await findLivingIds(tx, [...new Set([...entities(false), ...owners])]);
  const optOuts = new Map<string, ConsentPurpose[]>();
  for (const { contact_id, purpose } of await listOptOuts(tx, [...new Set(living.values())])) {
    optOuts.set(contact_id, [...(optOuts.get(contact_id) ?? []), purpose]);
  }
  const leads = keys.flatMap(({ kind, entity }) =>
    kind === 'unansweredLead' ? (living.get(entity) ?? []) : [],
  );
  const newest = new Map<string, SilentConversation>();
  for (const row of await listInbound(tx, [...new Set(leads)])) {
    if (!newest.has(row.contact_id)) newest.set(row.contact_id, row);
  }
  const { now } = tx;
  return { now, appointments: new Map(rows.map((row) => [row.id, row])), living, optOuts, newest };
}

function appointmentChange(
  facts: Facts,
  { kind, entity, version }: JourneyKey,
): JourneyChange | null {
  const appointment = facts.appointments.get(entity);
  if (!appointment) return changed('The appointment is no longer there.');
  if (appointment.status === 'cancelled') {
    return changed('The appointment was cancelled meanwhile.');
  }
  if (appointment.status === 'noShow') return changed('The person did not come.');
  const start = versionAt(appointment.starts_at);
  // Of one that was made or moved, the version also says when.
  if (start !== version.split('@')[0]) {
    return changed(`The appointment was moved meanwhile, to ${start}.`);
  }
  // A run that was lost and comes again, or a message that waited for the morning: it is too late for words before.
  const isOver = facts.now >= appointment.starts_at + START_MS;
  if (kind !== 'appointmentFinished' && isOver) {
    return changed(`The appointment of ${start} has begun meanwhile.`);
  }
  const { contact_id: contactId } = appointment;
  return contactId === null ? null : contactChange(facts, contactId, false);
}

function contactsOwnChange(facts: Facts, { kind, offsetMinutes, entity, version }: JourneyKey) {
  const change = contactChange(facts, entity, true);
  if (change || kind === 'birthday') return change;
  const newest = facts.newest.get(facts.living.get(entity) ?? '');
  if (!newest?.last_inbound_at || newest.status === 'closed') {
    return changed('The conversation was closed meanwhile.');
  }
  const lastInbound = versionAt(newest.last_inbound_at);
  if (lastInbound !== version) {
    return changed(`The person has written meanwhile, at ${lastInbound}.`);
  }
  const { window_closes_at: closesAt } = newest;
  const isNudge = offsetMinutes * 60_000 < WINDOW_MS && closesAt !== null;
  return isNudge && facts.now >= closesAt - WINDOW_MARGIN_MS
    ? changed('The window in which this word was to go has closed meanwhile.')
    : null;
}

function contactChange(facts: Facts, id: string, isMarketing: boolean): JourneyChange | null {
  const living = facts.living.get(id);
  if (living === undefined) return changed('The contact is no longer there.');
  const out = facts.optOuts
    .get(living)
    ?.find((purpose) => purpose === 'messages' || (isMarketing && purpose === 'marketing'));
  return out
    ? { reason: 'opted_out', detail: `The contact has opted out of ${out} meanwhile.` }
    : null;
}

function changed(detail: string): JourneyChange {
  return { reason: 'state_changed', detail };
}
