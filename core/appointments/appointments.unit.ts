import {
  listAppointmentRows,
  updateAppointment,
  type AppointmentFilter,
} from '../store/statements/appointments';
import { findContact } from '../store/statements/contacts';
import { appendEvent } from '../store/statements/events';
import { hastenScheduledOf } from '../store/statements/scheduledMessages';
import { tenantUnit } from '../store/unit';
import type { AppointmentDraft } from './draft';
import type { AppointmentItem } from './item';
import { findNamed, type AppointmentName } from './named';
import {
  appointmentEvent,
  itemOfRow,
  recordAppointments,
  type RecordedAppointment,
} from './record';
import { toldAppointment, type ToldAppointment } from './told';

/** @returns null when the contact that was named is none of this tenant's */
export const upsertAppointmentRow = tenantUnit(
  __filename,
  'upsertAppointmentRow',
  async (tx, { draft }: { draft: AppointmentDraft }): Promise<RecordedAppointment | null> => {
    if (draft.contactId !== null && !(await findContact(tx, draft.contactId))) return null;
    const options = { account: undefined, announces: true, run: 0 };
    return (await recordAppointments(tx, [draft], options))[0] ?? null;
  },
);

/** Of one that came as a row. @returns null when there is none such */
export const cancelAppointmentRow = tenantUnit(
  __filename,
  'cancelAppointmentRow',
  async (
    tx,
    { name }: { name: AppointmentName },
  ): Promise<{ item: ToldAppointment; cancelled: boolean } | null> => {
    const row = await findNamed(tx, name);
    if (!row || row.account_id !== '') return null;
    if (row.status === 'cancelled') {
      const { account, contact } = await itemOfRow(tx, row);
      return { item: toldAppointment(row, account, contact), cancelled: false };
    }
    const after = await updateAppointment(tx, row.id, {
      status: 'cancelled',
      cancelled_at: tx.now,
      confirmed_at: null,
    });
    await hastenScheduledOf(tx, row.id);
    const { item, account, contact } = await itemOfRow(tx, after);
    const about = { changed: [], before: null, at: tx.now };
    await appendEvent(tx, appointmentEvent('cancelled', item, null, contact, account, about));
    return { item: toldAppointment(after, account, contact), cancelled: true };
  },
);

export const readAppointments = tenantUnit(
  __filename,
  'readAppointments',
  async (
    tx,
    args: {
      filter: AppointmentFilter;
      after: { startsAt: number; id: string } | null;
      limit: number;
    },
  ): Promise<Array<{ item: AppointmentItem; startsAt: number }>> => {
    const rows = await listAppointmentRows(tx, args.filter, args.after, args.limit);
    const found = [];
    for (const row of rows) {
      const { item } = await itemOfRow(tx, row);
      found.push({ item, startsAt: row.starts_at });
    }
    return found;
  },
);
