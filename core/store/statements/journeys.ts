import type { RawBuilder, Selectable } from 'kysely';
import type { AppointmentsTable } from '../appointmentTables';
import type { ConversationsTable } from '../conversationTables';
import type { JourneyClaimsTable, JourneyTriggersTable } from '../journeyTables';
import type { ContactsTable } from '../peopleTables';
import { sql } from '../sql';
import type { TenantTx } from '../unit';

export type JourneyTriggerRow = Selectable<JourneyTriggersTable>;
export type JourneyClaimRow = Selectable<JourneyClaimsTable>;

/** A stretch of rows by an instant of theirs, both ends inclusive, and where the last page ended. */
export interface Stretch {
  from: number;
  to: number;
  after: { at: number; id: string } | null;
  limit: number;
}

/** The time zones that contacts have of their own, each by one look at the index. */
export async function listContactZones(tx: TenantTx): Promise<string[]> {
  const next = (beyond: RawBuilder<unknown>) => sql`(select min(c.time_zone) from contacts c
    where c.tenant_id = ${tx.tenantId} and c.time_zone is not null ${beyond})`;
  const { rows } = await sql<{ zone: string }>`with recursive zones(zone) as (
      select ${next(sql``)} union all
      select ${next(sql`and c.time_zone > zones.zone`)} from zones where zones.zone is not null)
    select zone from zones where zone is not null`.execute(tx.db);
  return rows.map(({ zone }) => zone);
}

/** By which of its instants an appointment is looked for. */
export type AppointmentInstant = 'starts_at' | 'ends_at' | 'booked_at';

export type DueAppointmentRow = Selectable<AppointmentsTable> & { contact_zone: string | null };

/**
 * Living appointments by one of their instants, each with the time zone of its contact.
 * @param startsBetween only those that begin in this stretch, both ends inclusive
 */
export function selectAppointmentsBy(
  tx: TenantTx,
  instant: AppointmentInstant,
  { from, to, after, limit }: Stretch,
  startsBetween?: { from: number; to: number },
) {
  const column = `a.${instant}` as const;
  let query = tx.db
    .selectFrom('appointments as a')
    .leftJoin('contacts as c', (join) =>
      join.onRef('c.tenant_id', '=', 'a.tenant_id').onRef('c.id', '=', 'a.contact_id'),
    )
    .selectAll('a')
    .select('c.time_zone as contact_zone')
    .where('a.tenant_id', '=', tx.tenantId)
    .where('a.status', 'not in', ['cancelled', 'noShow'])
    .where(column, '>=', from)
    .where(column, '<=', to);
  if (startsBetween) {
    query = query
      .where('a.starts_at', '>=', startsBetween.from)
      .where('a.starts_at', '<=', startsBetween.to);
  }
  if (after) {
    query = query.where((where) =>
      where.or([
        where(column, '>', after.at),
        where.and([where(column, '=', after.at), where('a.id', '>', after.id)]),
      ]),
    );
  }
  return query.orderBy(column).orderBy('a.id').limit(limit);
}

export type BirthdayRow = Pick<
  Selectable<ContactsTable>,
  'id' | 'birthday' | 'birth_day' | 'time_zone'
>;

/** People whose birthday is one of these days of the year (`MM-DD`), by id. */
export function selectBirthdays(
  tx: TenantTx,
  { days, after, limit }: { days: readonly string[]; after: string | null; limit: number },
) {
  let query = tx.db
    .selectFrom('contacts')
    .select(['id', 'birthday', 'birth_day', 'time_zone'])
    .where('tenant_id', '=', tx.tenantId)
    .where('birth_day', 'in', days)
    .where('birth_day', 'is not', null)
    .where('merged_into', 'is', null)
    .where('erased_at', 'is', null);
  if (after !== null) query = query.where('id', '>', after);
  return query.orderBy('id').limit(limit);
}

export type SilentRow = Selectable<ConversationsTable> & {
  contact_zone: string | null;
  contact_stage: string | null;
};

/** Open conversations by when the person wrote last. */
export function selectSilent(tx: TenantTx, { from, to, after, limit }: Stretch) {
  let query = tx.db
    .selectFrom('conversations as v')
    .innerJoin('contacts as c', (join) =>
      join.onRef('c.tenant_id', '=', 'v.tenant_id').onRef('c.id', '=', 'v.contact_id'),
    )
    .selectAll('v')
    .select(['c.time_zone as contact_zone', 'c.stage as contact_stage'])
    .where('v.tenant_id', '=', tx.tenantId)
    .where('v.status', '=', 'open')
    .where('v.last_inbound_at', '>=', from)
    .where('v.last_inbound_at', '<=', to)
    .where('c.erased_at', 'is', null);
  if (after) {
    query = query.where((where) =>
      where.or([
        where('v.last_inbound_at', '>', after.at),
        where.and([where('v.last_inbound_at', '=', after.at), where('v.id', '>', after.id)]),
      ]),
    );
  }
  return query.orderBy('v.last_inbound_at').orderBy('v.id').limit(limit);
}

/** Makes the row of a trigger, or changes what it says. */
export async function saveJourneyTrigger(
  tx: TenantTx,
  { id, name, journey }: Pick<JourneyTriggerRow, 'id' | 'name' | 'journey'>,
): Promise<void> {
  await tx.db
    .insertInto('journey_triggers')
    .values({
      tenant_id: tx.tenantId,
      id,
      name,
      journey,
      since: tx.now,
      created_at: tx.now,
      updated_at: tx.now,
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'id']).doNothing())
    .execute();
  await tx.db
    .updateTable('journey_triggers')
    .set({ name, journey, updated_at: tx.now })
    // What it waited for before was something else: that is not its business either.
    .set((eb) => ({
      since: eb.case().when('journey', '=', journey).then(eb.ref('since')).else(tx.now).end(),
    }))
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}

/** The trigger's row, held until the unit ends: who claims for it does so one after the other. */
export async function lockJourneyTrigger(
  tx: TenantTx,
  id: string,
): Promise<JourneyTriggerRow | undefined> {
  const query = tx.db
    .selectFrom('journey_triggers')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id);
  return await (tx.dialect === 'postgres' ? query.forUpdate() : query).executeTakeFirst();
}

/** Which of these keys the trigger has in its hands or behind it. */
export async function findClaimedKeys(
  tx: TenantTx,
  triggerId: string,
  keys: readonly string[],
): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const rows = await tx.db
    .selectFrom('journey_claims')
    .select('journey_key')
    .where('tenant_id', '=', tx.tenantId)
    .where('trigger_id', '=', triggerId)
    .where('journey_key', 'in', keys)
    .execute();
  return new Set(rows.map((row) => row.journey_key));
}

export async function insertJourneyClaims(
  tx: TenantTx,
  rows: readonly Omit<JourneyClaimRow, 'tenant_id' | 'created_at' | 'updated_at'>[],
): Promise<void> {
  if (rows.length === 0) return;
  const stamps = { tenant_id: tx.tenantId, created_at: tx.now, updated_at: tx.now };
  await tx.db
    .insertInto('journey_claims')
    .values(rows.map((row) => ({ ...row, ...stamps })))
    .execute();
}

/** Claims whose lease has run out: their holder died, or their next attempt is due. */
export function selectLostClaims(
  tx: TenantTx,
  { triggerId, databaseNow, limit }: { triggerId: string; databaseNow: number; limit: number },
) {
  return tx.db
    .selectFrom('journey_claims')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('trigger_id', '=', triggerId)
    .where('lease_until', 'is not', null)
    .where('lease_until', '<=', databaseNow)
    .orderBy('lease_until')
    .limit(limit);
}

/** When the next lease ends that this owner does not hold; by the database's clock. */
export async function nextLeaseEnd(
  tx: TenantTx,
  { triggerId, owner }: { triggerId: string; owner: string },
): Promise<number | null> {
  const row = await tx.db
    .selectFrom('journey_claims')
    .select((eb) => eb.fn.min<number | null>('lease_until').as('first'))
    .where('tenant_id', '=', tx.tenantId)
    .where('trigger_id', '=', triggerId)
    .where('lease_until', 'is not', null)
    .where((eb) => eb.or([eb('owner', 'is', null), eb('owner', '!=', owner)]))
    .executeTakeFirst();
  return row?.first ?? null;
}

export type JourneyClaimChange = Partial<
  Pick<JourneyClaimRow, 'state' | 'attempt' | 'owner' | 'lease_until' | 'reason'>
>;

/** Of a claim that its caller holds by the lock of the trigger. */
export async function updateJourneyClaim(
  tx: TenantTx,
  triggerId: string,
  key: string,
  change: JourneyClaimChange,
): Promise<void> {
  await tx.db
    .updateTable('journey_claims')
    .set({ ...change, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('trigger_id', '=', triggerId)
    .where('journey_key', '=', key)
    .execute();
}

/** @returns whether it was still this owner's, of this attempt */
export async function updateOwnClaim(
  tx: TenantTx,
  claim: { triggerId: string; owner: string; key: string; attempt: number },
  change: JourneyClaimChange,
): Promise<boolean> {
  const result = await tx.db
    .updateTable('journey_claims')
    .set({ ...change, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('trigger_id', '=', claim.triggerId)
    .where('journey_key', '=', claim.key)
    .where('state', '=', 'claimed')
    .where('owner', '=', claim.owner)
    .where('attempt', '=', claim.attempt)
    .executeTakeFirst();
  return Number(result.numUpdatedRows) > 0;
}

export async function renewJourneyLeases(
  tx: TenantTx,
  {
    triggerId,
    owner,
    keys,
    until,
  }: { triggerId: string; owner: string; keys: readonly string[]; until: number },
): Promise<void> {
  if (keys.length === 0) return;
  await tx.db
    .updateTable('journey_claims')
    .set({ lease_until: until })
    .where('tenant_id', '=', tx.tenantId)
    .where('trigger_id', '=', triggerId)
    .where('journey_key', 'in', keys)
    .where('state', '=', 'claimed')
    .where('owner', '=', owner)
    .execute();
}
