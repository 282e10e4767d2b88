import type { AppointmentRow } from './appointments';
import type { ConsentPurpose } from './consents';
import type { ConversationRow } from './conversations';
import type { TenantTx } from '../unit';

/* What shows whether the things that journeys are about are still as they were, of many at once. */

export type StandingAppointment = Pick<
  AppointmentRow,
  'id' | 'status' | 'starts_at' | 'contact_id'
>;

export async function findAppointmentsById(
  tx: TenantTx,
  ids: readonly string[],
): Promise<StandingAppointment[]> {
  if (ids.length === 0) return [];
  return tx.db
    .selectFrom('appointments')
    .select(['id', 'status', 'starts_at', 'contact_id'])
    .where('tenant_id', '=', tx.tenantId)
    .where('id', 'in', ids)
    .execute();
}

/** Who the contacts are by now: themselves, or whom they became. Those that are erased are not among them. */
export async function findLivingIds(
  tx: TenantTx,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.db
    .selectFrom('contacts as c')
    .leftJoin('contacts as into', (join) =>
      join.onRef('into.tenant_id', '=', 'c.tenant_id').onRef('into.id', '=', 'c.merged_into'),
    )
    .select((eb) => ['c.id', eb.fn.coalesce('c.merged_into', 'c.id').as('living')])
    .where('c.tenant_id', '=', tx.tenantId)
    .where('c.id', 'in', ids)
    .where('c.erased_at', 'is', null)
    .where('into.erased_at', 'is', null)
    .execute();
  return new Map(rows.map(({ id, living }) => [id, living]));
}

/** Those who have become one of these contacts. */
export async function listFormerIds(
  tx: TenantTx,
  ids: readonly string[],
): Promise<{ id: string; living: string }[]> {
  if (ids.length === 0) return [];
  const rows = await tx.db
    .selectFrom('contacts')
    .select(['id', 'merged_into'])
    .where('tenant_id', '=', tx.tenantId)
    .where('merged_into', 'in', ids)
    .orderBy('id')
    .execute();
  return rows.map(({ id, merged_into: living }) => ({ id, living: living ?? id }));
}

/** What these contacts want none of. */
export async function listOptOuts(
  tx: TenantTx,
  ids: readonly string[],
): Promise<{ contact_id: string; purpose: ConsentPurpose }[]> {
  if (ids.length === 0) return [];
  const rows = await tx.db
    .selectFrom('contact_consents')
    .select(['contact_id', 'purpose'])
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', 'in', ids)
    .where('state', '=', 'out')
    .execute();
  return rows.map(({ contact_id, purpose }) => ({
    contact_id,
    purpose: purpose as ConsentPurpose,
  }));
}

export type SilentConversation = Pick<
  ConversationRow,
  'contact_id' | 'status' | 'last_inbound_at' | 'window_closes_at'
>;

/** The conversations of these contacts, the one each of them last wrote in first. */
export async function listInbound(
  tx: TenantTx,
  ids: readonly string[],
): Promise<SilentConversation[]> {
  if (ids.length === 0) return [];
  const rows = await tx.db
    .selectFrom('conversations')
    .select(['contact_id', 'status', 'last_inbound_at', 'window_closes_at'])
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', 'in', ids)
    .execute();
  // Sorted here: the databases differ in where they put NULL.
  return rows.sort((a, b) => (b.last_inbound_at ?? 0) - (a.last_inbound_at ?? 0));
}
