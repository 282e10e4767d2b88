import type { EventType } from '../model';
import { findAccount, type AccountRow } from '../store/statements/accounts';
import {
  findAppointmentsByExternalIds,
  insertAppointment,
  updateAppointment,
  type AppointmentRow,
} from '../store/statements/appointments';
import { findContact, type ContactRow } from '../store/statements/contacts';
import { appendEvents, type NewEvent } from '../store/statements/events';
import { hastenScheduledOf } from '../store/statements/scheduledMessages';
import type { TenantTx } from '../store/unit';
import { contactByReach } from './contactOf';
import type { AppointmentDraft } from './draft';
import { toAppointmentItem, type AppointmentItem } from './item';

export type AppointmentChange = 'created' | 'updated' | 'cancelled' | 'unchanged';

export interface RecordedAppointment {
  item: AppointmentItem;
  change: AppointmentChange;
  /** Which fields differ, of an update. */
  changed: string[];
}

export interface RecordOptions {
  /** The calendar, or undefined for rows. */
  account: AccountRow | undefined;
  /** Whether what is new or different is told by an event. */
  announces: boolean;
  run: number;
}

/**
 * Compares what a calendar or a caller tells with what is stored, stores what is new, and appends one event for each
 * difference: part of a unit, so both or neither. The same told twice makes no second event.
 */
export async function recordAppointments(
  tx: TenantTx,
  drafts: readonly AppointmentDraft[],
  options: RecordOptions,
): Promise<RecordedAppointment[]> {
  const accountId = options.account?.id ?? '';
  const ids = drafts.flatMap(({ externalId, movedFrom }) =>
    movedFrom === undefined ? [externalId] : [externalId, movedFrom],
  );
  const present = await findAppointmentsByExternalIds(tx, accountId, ids);
  const before = new Map(present.map((row) => [row.external_id, row]));
  const recorded: RecordedAppointment[] = [];
  const events: NewEvent[] = [];
  for (const draft of drafts) {
    const row = before.get(draft.externalId) ?? livingOf(before, draft.movedFrom);
    if (draft.isOutside && !(row && row.ends_at > tx.now)) continue;
    const told = await recordOne(tx, draft, row, options);
    before.set(draft.externalId, told.row);
    recorded.push(told);
    if (options.announces && told.event) events.push(told.event);
  }
  await appendEvents(tx, events);
  return recorded.map(({ item, change, changed }) => ({ item, change, changed }));
}

function livingOf(
  rows: ReadonlyMap<string, AppointmentRow>,
  externalId: string | undefined,
): AppointmentRow | undefined {
  const row = externalId === undefined ? undefined : rows.get(externalId);
  return row?.status === 'cancelled' ? undefined : row;
}

type Told = RecordedAppointment & { row: AppointmentRow; event: NewEvent | null };

async function recordOne(
  tx: TenantTx,
  draft: AppointmentDraft,
  before: AppointmentRow | undefined,
  options: RecordOptions,
): Promise<Told> {
  const contact = await contactOf(tx, draft);
  const columns = columnsOf(draft, contact?.id ?? null);
  const isCancelled = draft.status === 'cancelled';
  if (!before) {
    const inserted = await insertAppointment(tx, {
      id: tx.newId(),
      account_id: options.account?.id ?? '',
      seen_run: options.run,
      cancelled_at: isCancelled ? tx.now : null,
      booked_at: options.announces && !isCancelled ? tx.now : null,
      confirmed_at: null,
      ...columns,
    });
    if (inserted) {
      const change = isCancelled ? 'cancelled' : 'created';
      return told(inserted, change, [], draft, contact, options, null);
    }
    // Another transaction made it a moment ago, and has committed: this one tells what differs.
    const ids = [draft.externalId];
    const [winner] = await findAppointmentsByExternalIds(tx, options.account?.id ?? '', ids);
    if (!winner) throw new Error('An appointment vanished while it was being made.');
    return recordOne(tx, draft, winner, options);
  }
  const changed = differences(before, columns);
  if (changed.length === 0) {
    // A contact that has become known meanwhile is noted, and is no change of the appointment.
    const row =
      before.contact_id === columns.contact_id
        ? before
        : await updateAppointment(tx, before.id, { contact_id: columns.contact_id });
    return told(row, 'unchanged', [], draft, contact, options, before);
  }
  const wasCancelled = before.status === 'cancelled';
  const isBooked = options.announces && !isCancelled;
  const isMoved = wasCancelled || before.starts_at !== columns.starts_at;
  const row = await updateAppointment(tx, before.id, {
    ...columns,
    ...(isBooked && isMoved && { booked_at: tx.now }),
    // Who said that they come, said it of the time it had then.
    ...((isMoved || isCancelled) && { confirmed_at: null }),
    cancelled_at: isCancelled ? (before.cancelled_at ?? tx.now) : null,
  });
  if (isMoved || before.status !== columns.status) await hastenScheduledOf(tx, before.id);
  const change = isCancelled ? (wasCancelled ? 'unchanged' : 'cancelled') : 'updated';
  return told(row, change, changed, draft, contact, options, before);
}

async function contactOf(
  tx: TenantTx,
  { contactId, person }: AppointmentDraft,
): Promise<ContactRow | undefined> {
  if (contactId !== null) return findContact(tx, contactId);
  return contactByReach(tx, person);
}

function columnsOf(draft: AppointmentDraft, contactId: string | null) {
  return {
    external_id: draft.externalId,
    recurring_event_id: draft.recurringEventId,
    status: draft.status,
    title: draft.title,
    description: draft.description,
    location: draft.location,
    starts_at: draft.startsAt,
    ends_at: draft.endsAt,
    all_day: draft.allDay ? 1 : 0,
    time_zone: draft.timeZone,
    language: draft.language,
    person_name: draft.person.name,
    person_phone: draft.person.phone,
    person_email: draft.person.email,
    contact_id: contactId,
    fields: JSON.stringify(draft.fields),
  };
}

/** By the names of the item; of each what a change of it is called. */
const COMPARED = {
  status: 'status',
  title: 'title',
  description: 'description',
  location: 'location',
  starts_at: 'start',
  ends_at: 'end',
  all_day: 'allDay',
  time_zone: 'timeZone',
  person_name: 'person.name',
  person_phone: 'person.phone',
  person_email: 'person.email',
  fields: 'fields',
} as const satisfies Partial<Record<keyof AppointmentRow, string>>;

function differences(before: AppointmentRow, columns: ReturnType<typeof columnsOf>): string[] {
  const names = Object.keys(COMPARED) as Array<keyof typeof COMPARED>;
  return names.filter((name) => before[name] !== columns[name]).map((name) => COMPARED[name]);
}

function told(
  row: AppointmentRow,
  change: AppointmentChange,
  changed: string[],
  draft: AppointmentDraft,
  contact: ContactRow | undefined,
  { account }: RecordOptions,
  before: AppointmentRow | null,
): Told {
  const item = toAppointmentItem(row, account, contact);
  return {
    row,
    item,
    change,
    changed: change === 'updated' ? changed : [],
    event:
      change === 'unchanged'
        ? null
        : appointmentEvent(change, item, draft.raw, contact, account, {
            changed: change === 'updated' ? changed : [],
            before: before && toAppointmentItem(before, account, contact),
            at: row.updated_at,
          }),
  };
}

/** The event that tells of an appointment. */
export function appointmentEvent(
  change: Exclude<AppointmentChange, 'unchanged'>,
  item: AppointmentItem,
  raw: unknown,
  contact: ContactRow | undefined,
  account: AccountRow | undefined,
  about: { changed: string[]; before: AppointmentItem | null; at: number },
): NewEvent {
  const { changed, before, at } = about;
  return {
    event: `appointment.${change}` satisfies EventType,
    channel: account ? 'calendar' : null,
    provider: account ? 'google' : null,
    connection: account
      ? { id: account.id, name: account.name, externalId: account.external_id }
      : null,
    contact: contact
      ? {
          id: contact.id,
          externalId: '',
          name: contact.name,
          phone: contact.phone,
          stage: contact.stage,
          isNew: false,
        }
      : null,
    conversation: null,
    message: null,
    data: {
      ...item,
      changed,
      previous:
        before && change === 'updated'
          ? { start: before.start, end: before.end, title: before.title, status: before.status }
          : null,
    },
    raw,
    occurredAt: at,
  };
}

/** Account and contact of a stored appointment, for its item. */
export async function itemOfRow(tx: TenantTx, row: AppointmentRow) {
  const account = row.account_id === '' ? undefined : await findAccount(tx, row.account_id);
  const contact =
    (row.contact_id === null ? undefined : await findContact(tx, row.contact_id)) ??
    (await contactByReach(tx, { phone: row.person_phone, email: row.person_email }));
  return { item: toAppointmentItem(row, account, contact), account, contact };
}
