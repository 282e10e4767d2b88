import {
  findAppointment,
  findAppointmentsByExternalIds,
  listAppointmentRows,
  updateAppointment,
  type AppointmentFilter,
  type AppointmentRow,
} from '../store/statements/appointments';
import { findContact } from '../store/statements/contacts';
import { appendEvent } from '../store/statements/events';
import { hastenScheduledOf } from '../store/statements/scheduledMessages';
import { tenantUnit, type TenantTx } from '../store/unit';
import type { AppointmentDraft } from './draft';
import type { AppointmentItem } from './item';
import {
  appointmentEvent,
  itemOfRow,
  recordAppointments,
  type RecordedAppointment,
} from './record';

/** Where an appointment is named: by our id, or by the caller's own (of a row). */
export interface AppointmentName {
  appointmentId: string | null;
  externalId: string | null;
}

async function findNamed(
  tx: TenantTx,
  { appointmentId, externalId }: AppointmentName,
): Promise<AppointmentRow | undefined> {
  if (appointmentId !== null) return findAppointment(tx, appointmentId);
  if (externalId === null) return undefined;
  return (await findAppointmentsByExternalIds(tx, '', [externalId]))[0];
}

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

/** @returns null when there is none, `foreign` when it belongs to a calendar, which would bring it back */
export const cancelAppointmentRow = tenantUnit(
  __filename,
  'cancelAppointmentRow',
  async (
    tx,
    { name }: { name: AppointmentName },
  ): Promise<{ item: AppointmentItem; cancelled: boolean } | 'foreign' | null> => {
    const row = await findNamed(tx, name);
    if (!row) return null;
    if (row.account_id !== '') return 'foreign';
    if (row.status === 'cancelled') {
      return { item: (await itemOfRow(tx, row)).item, cancelled: false };
    }
    const after = await updateAppointment(tx, row.id, {
      status: 'cancelled',
      cancelled_at: tx.now,
    });
    await hastenScheduledOf(tx, row.id);
    const { item, account, contact } = await itemOfRow(tx, after);
    const about = { changed: [], before: null, at: tx.now };
    await appendEvent(tx, appointmentEvent('cancelled', item, null, contact, account, about));
    return { item, cancelled: true };
  },
);

export const readAppointment = tenantUnit(
  __filename,
  'readAppointment',
  async (tx, { name }: { name: AppointmentName }): Promise<AppointmentItem | null> => {
    const row = await findNamed(tx, name);
    return row ? (await itemOfRow(tx, row)).item : null;
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
