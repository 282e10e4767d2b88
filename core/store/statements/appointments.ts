import type { Insertable, Selectable, Updateable } from 'kysely';
import type { AppointmentsTable } from '../appointmentTables';
import type { TenantTx } from '../unit';
import type { ContactRow } from './contacts';

export type AppointmentRow = Selectable<AppointmentsTable>;

export async function findAppointment(
  tx: TenantTx,
  id: string,
): Promise<AppointmentRow | undefined> {
  return tx.db
    .selectFrom('appointments')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** Those of a calendar (or of the rows, under an empty account) that have one of these ids there. */
export async function findAppointmentsByExternalIds(
  tx: TenantTx,
  accountId: string,
  externalIds: readonly string[],
): Promise<AppointmentRow[]> {
  if (externalIds.length === 0) return [];
  return tx.db
    .selectFrom('appointments')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('account_id', '=', accountId)
    .where('external_id', 'in', externalIds)
    .execute();
}

/** The occurrences of these series, cancelled ones among them. */
export async function findAppointmentsOfSeries(
  tx: TenantTx,
  accountId: string,
  recurringEventIds: readonly string[],
): Promise<AppointmentRow[]> {
  if (recurringEventIds.length === 0) return [];
  return tx.db
    .selectFrom('appointments')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('account_id', '=', accountId)
    .where('recurring_event_id', 'in', recurringEventIds)
    .execute();
}

/** Living ones that touch a span of time and were not seen by this run. */
export async function findUnseenAppointments(
  tx: TenantTx,
  accountId: string,
  seen: { run: number; from: number; to: number },
): Promise<AppointmentRow[]> {
  return tx.db
    .selectFrom('appointments')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('account_id', '=', accountId)
    .where('seen_run', '!=', seen.run)
    .where('status', '!=', 'cancelled')
    .where('ends_at', '>', seen.from)
    .where('starts_at', '<', seen.to)
    .execute();
}

/** @returns undefined when another transaction made it a moment ago */
export async function insertAppointment(
  tx: TenantTx,
  row: Omit<Insertable<AppointmentsTable>, 'tenant_id' | 'created_at' | 'updated_at'>,
): Promise<AppointmentRow | undefined> {
  return tx.db
    .insertInto('appointments')
    .values({ ...row, tenant_id: tx.tenantId, created_at: tx.now, updated_at: tx.now })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
}

export async function updateAppointment(
  tx: TenantTx,
  id: string,
  change: Updateable<AppointmentsTable>,
): Promise<AppointmentRow> {
  return tx.db
    .updateTable('appointments')
    .set({ ...change, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function markAppointmentsSeen(
  tx: TenantTx,
  accountId: string,
  externalIds: readonly string[],
  run: number,
): Promise<void> {
  if (externalIds.length === 0) return;
  await tx.db
    .updateTable('appointments')
    .set({ seen_run: run })
    .where('tenant_id', '=', tx.tenantId)
    .where('account_id', '=', accountId)
    .where('external_id', 'in', externalIds)
    .execute();
}

export interface AppointmentFilter {
  /** Epoch ms bounds of the start, from inclusive, to exclusive. */
  from?: number | undefined;
  to?: number | undefined;
  statuses?: readonly string[] | undefined;
  /** Empty: handed in as a row. */
  accountId?: string | undefined;
  contactId?: string | undefined;
  phones?: readonly string[] | undefined;
  email?: string | undefined;
}

/** A page by start, beyond the cursor. */
export async function listAppointmentRows(
  tx: TenantTx,
  filter: AppointmentFilter,
  after: { startsAt: number; id: string } | null,
  limit: number,
): Promise<AppointmentRow[]> {
  let query = tx.db.selectFrom('appointments').selectAll().where('tenant_id', '=', tx.tenantId);
  if (filter.from !== undefined) query = query.where('starts_at', '>=', filter.from);
  if (filter.to !== undefined) query = query.where('starts_at', '<', filter.to);
  if (filter.statuses) query = query.where('status', 'in', filter.statuses);
  if (filter.accountId !== undefined) query = query.where('account_id', '=', filter.accountId);
  if (filter.contactId !== undefined) query = query.where('contact_id', '=', filter.contactId);
  if (filter.phones) query = query.where('person_phone', 'in', filter.phones);
  if (filter.email !== undefined) query = query.where('person_email', '=', filter.email);
  if (after) {
    query = query.where((where) =>
      where.or([
        where('starts_at', '>', after.startsAt),
        where.and([where('starts_at', '=', after.startsAt), where('id', '>', after.id)]),
      ]),
    );
  }
  return query.orderBy('starts_at').orderBy('id').limit(limit).execute();
}

/** The contact with one of these numbers, else with this address; of several the oldest. */
export async function findContactByReach(
  tx: TenantTx,
  reach: { phones: readonly string[]; email: string | null },
): Promise<ContactRow | undefined> {
  const contacts = tx.db
    .selectFrom('contacts')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .orderBy('created_at')
    .orderBy('id');
  const byPhone =
    reach.phones.length === 0
      ? undefined
      : await contacts.where('phone', 'in', reach.phones).executeTakeFirst();
  if (byPhone || reach.email === null) return byPhone;
  return contacts.where('email', '=', reach.email).executeTakeFirst();
}
