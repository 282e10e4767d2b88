import { findAccount } from '../store/statements/accounts';
import { updateAppointment, type AppointmentRow } from '../store/statements/appointments';
import { findCalendarWatch, updateCalendarRun } from '../store/statements/calendarWatches';
import { appendEvent } from '../store/statements/events';
import { hastenScheduledOf } from '../store/statements/scheduledMessages';
import { tenantUnit, type TenantTx } from '../store/unit';
import { cancelledDraft, type WatchedCalendar } from './calendars.unit';
import type { AppointmentDraft } from './draft';
import { findNamed, isOf, type AppointmentName } from './named';
import { appointmentEvent, itemOfRow, recordAppointments } from './record';
import { toldAppointment, type ToldAppointment } from './told';

/** An appointment, and the calendar that it comes from. */
export interface NamedAppointment {
  row: AppointmentRow;
  item: ToldAppointment;
  /** null: it came as a row, or its calendar is not watched any more. */
  calendar: WatchedCalendar | null;
}

/** @returns null where there is none, or it is not of the person that was named */
export const readNamedAppointment = tenantUnit(
  __filename,
  'readNamedAppointment',
  async (tx, { name }: { name: AppointmentName }): Promise<NamedAppointment | null> => {
    const row = await findNamed(tx, name);
    if (!row) return null;
    const { account, contact } = await itemOfRow(tx, row);
    if (!(await isOf(tx, contact, name.ofContact))) return null;
    const watch = account && (await findCalendarWatch(tx, account.id));
    return {
      row,
      item: toldAppointment(row, account, contact),
      calendar: account && watch ? { account, watch } : null,
    };
  },
);

/** Why an appointment cannot be confirmed or moved any more. */
export type Ended = 'cancelled' | 'over';

export function endedOf(
  { status, starts_at }: Pick<AppointmentRow, 'status' | 'starts_at'>,
  now: number,
): Ended | null {
  if (status === 'cancelled') return 'cancelled';
  return starts_at <= now ? 'over' : null;
}

/** Why an appointment was not confirmed. `moved`: it is at another time than the person knows. */
export type Unconfirmed = Ended | 'moved';

/**
 * Notes that the person comes, with the event that says so; noted before, nothing changes.
 * @param startsAt when the appointment is, as far as the caller knows
 */
export const confirmAppointmentRow = tenantUnit(
  __filename,
  'confirmAppointmentRow',
  async (
    tx,
    { appointmentId, startsAt }: { appointmentId: string; startsAt: number },
  ): Promise<{ item: ToldAppointment; reason: Unconfirmed | null } | null> => {
    const row = await findNamed(tx, { appointmentId, externalId: null });
    if (!row) return null;
    const reason = endedOf(row, tx.now) ?? (row.starts_at === startsAt ? null : 'moved');
    const isNew = reason === null && row.confirmed_at === null;
    const after = isNew ? await change(tx, row, { confirmed_at: tx.now }, ['confirmedAt']) : row;
    const { account, contact } = await itemOfRow(tx, after);
    return { item: toldAppointment(after, account, contact), reason };
  },
);

/** Moves an appointment that came as a row; where it is there already, nothing changes. */
export const moveAppointmentRow = tenantUnit(
  __filename,
  'moveAppointmentRow',
  async (
    tx,
    { appointmentId, startsAt }: { appointmentId: string; startsAt: number },
  ): Promise<{ item: ToldAppointment; ended: Ended | null } | null> => {
    const row = await findNamed(tx, { appointmentId, externalId: null });
    if (!row) return null;
    const ended = endedOf(row, tx.now);
    const moves = ended === null && row.starts_at !== startsAt;
    const times = {
      starts_at: startsAt,
      ends_at: startsAt + (row.ends_at - row.starts_at),
      booked_at: tx.now,
      confirmed_at: null,
    };
    const after = moves ? await change(tx, row, times, ['start', 'end']) : row;
    const { account, contact } = await itemOfRow(tx, after);
    return { item: toldAppointment(after, account, contact), ended };
  },
);

async function change(
  tx: TenantTx,
  row: AppointmentRow,
  columns: Parameters<typeof updateAppointment>[2],
  changed: string[],
): Promise<AppointmentRow> {
  const before = await itemOfRow(tx, row);
  const after = await updateAppointment(tx, row.id, columns);
  if (after.starts_at !== row.starts_at) await hastenScheduledOf(tx, row.id);
  const { item, account, contact } = await itemOfRow(tx, after);
  const about = { changed, before: before.item, at: tx.now };
  await appendEvent(tx, appointmentEvent('updated', item, null, contact, account, about));
  return after;
}

/**
 * Stores what was just changed in a calendar at our own word, as reading the calendar would: told at once, and not once
 * more when it is read.
 * @param drafts the event as it is now; absent: it was deleted
 * @returns null when the calendar was begun to be read meanwhile: that reading brings it
 */
export const recordCalendarChange = tenantUnit(
  __filename,
  'recordCalendarChange',
  async (
    tx,
    args: { accountId: string; run: number; appointmentId: string; draft: AppointmentDraft | null },
  ): Promise<ToldAppointment | null> => {
    const { accountId, run, appointmentId, draft } = args;
    const account = await findAccount(tx, accountId);
    const row = await findNamed(tx, { appointmentId, externalId: null });
    if (!account || row?.account_id !== accountId) return null;
    if (!(await updateCalendarRun(tx, accountId, run, { next_sync_at: tx.now }))) return null;
    const options = { account, announces: true, run };
    await recordAppointments(tx, [draft ?? cancelledDraft(row)], options);
    const after = (await findNamed(tx, { appointmentId, externalId: null })) ?? row;
    const { contact } = await itemOfRow(tx, after);
    return toldAppointment(after, account, contact);
  },
);

/** Lets a calendar be read again that was held while it was changed. */
export const endCalendarChange = tenantUnit(
  __filename,
  'endCalendarChange',
  async (tx, { accountId, run }: { accountId: string; run: number }): Promise<void> => {
    await updateCalendarRun(tx, accountId, run, { next_sync_at: tx.now });
  },
);
