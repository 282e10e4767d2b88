import { serverClock } from '../databaseClock';
import { sql } from '../sql';
import type { TenantTx } from '../unit';
import { CLAIMED } from './consumers';
import { deliveriesOf } from './deliveries';

/** A claimed event, with what is needed to emit it or to park it. */
export interface DeliveryRow {
  event_id: string;
  event_seq: number;
  conversation_id: string | null;
  attempt: number;
  last_error: string | null;
  payload: string;
}

/** Which of a consumer's claims are meant: whoever lost the lease to another owner or attempt matches no row. */
export interface ClaimFence {
  consumerId: string;
  owner: string;
  attempt: number;
  eventIds: string[];
}

function claimedBy(tx: TenantTx, fence: ClaimFence) {
  return tx.db
    .updateTable('consumer_deliveries')
    .where('tenant_id', '=', tx.tenantId)
    .where('consumer_id', '=', fence.consumerId)
    .where('event_id', 'in', fence.eventIds)
    .where('state', '=', CLAIMED)
    .where('owner', '=', fence.owner)
    .where('attempt', '=', fence.attempt);
}

function claimsWithEvents(tx: TenantTx, consumerId: string) {
  return deliveriesOf(tx, consumerId)
    .innerJoin('events as e', (join) =>
      join.onRef('e.id', '=', 'd.event_id').onRef('e.tenant_id', '=', 'd.tenant_id'),
    )
    .where('d.state', '=', CLAIMED)
    .select([
      'd.event_id',
      'd.event_seq',
      'd.conversation_id',
      'd.attempt',
      'd.last_error',
      'e.payload',
    ]);
}

/**
 * Claims whose lease has run out: the owner died, or their next attempt is due. Not those of a conversation of which
 * another claim is still under way.
 */
export async function listExpiredClaims(
  tx: TenantTx,
  args: { consumerId: string; databaseNow: number; limit: number },
): Promise<DeliveryRow[]> {
  return await claimsWithEvents(tx, args.consumerId)
    .where('d.lease_until', '<=', args.databaseNow)
    .where((eb) =>
      eb.or([
        eb('d.conversation_id', 'is', null),
        eb(
          'd.conversation_id',
          'not in',
          tx.db
            .selectFrom('consumer_deliveries as other')
            .where('other.tenant_id', '=', tx.tenantId)
            .where('other.consumer_id', '=', args.consumerId)
            .where('other.state', '=', CLAIMED)
            .where('other.lease_until', '>', args.databaseNow)
            .where('other.conversation_id', 'is not', null)
            .select('other.conversation_id'),
        ),
      ]),
    )
    .orderBy('d.event_seq')
    .limit(args.limit)
    .execute();
}

/** What is claimed at present, at a glance; instants by the database's clock. */
export interface ClaimsGlance {
  databaseNow: number;
  /** When the first lease ends, or ended. */
  firstLeaseEnd: number | null;
  /** The same among the claims that are not `owner`'s: other owners', and those that wait for their next attempt. */
  firstLeaseEndOfOthers: number | null;
}

/** Reads the clock and the lease ends in one statement. @param args.after only leases that end after this instant */
export async function readClaims(
  tx: TenantTx,
  args: { consumerId: string; owner: string; after?: number },
): Promise<ClaimsGlance> {
  let query = deliveriesOf(tx, args.consumerId).where('d.state', '=', CLAIMED);
  if (args.after !== undefined) query = query.where('d.lease_until', '>', args.after);
  const row = await query
    .select((eb) => [
      eb.fn.min<number | null>('d.lease_until').as('first'),
      sql<
        number | null
      >`min(case when d.owner = ${args.owner} then null else d.lease_until end)`.as('others'),
    ])
    .$if(tx.dialect === 'postgres', (select) => select.select(serverClock().as('now')))
    .executeTakeFirstOrThrow();
  return {
    databaseNow: row.now ?? (await tx.databaseNow()),
    firstLeaseEnd: row.first,
    firstLeaseEndOfOthers: row.others,
  };
}

/** As TenantTx.databaseNow on PostgreSQL: epoch milliseconds, moving on inside a transaction. */

/** Takes expired claims over for their next attempt. */
export async function reclaimDeliveries(
  tx: TenantTx,
  args: { consumerId: string; eventIds: string[]; owner: string; leaseUntil: number },
): Promise<void> {
  if (args.eventIds.length === 0) return;
  await tx.db
    .updateTable('consumer_deliveries')
    .set((eb) => ({
      owner: args.owner,
      lease_until: args.leaseUntil,
      attempt: eb('attempt', '+', 1),
      updated_at: tx.now,
    }))
    .where('tenant_id', '=', tx.tenantId)
    .where('consumer_id', '=', args.consumerId)
    .where('event_id', 'in', args.eventIds)
    .where('state', '=', CLAIMED)
    .execute();
}

/** @returns the events that are still this owner's */
export async function renewClaims(
  tx: TenantTx,
  args: { consumerId: string; owner: string; eventIds: string[]; leaseUntil: number },
): Promise<string[]> {
  const rows = await tx.db
    .updateTable('consumer_deliveries')
    .set({ lease_until: args.leaseUntil, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('consumer_id', '=', args.consumerId)
    .where('event_id', 'in', args.eventIds)
    .where('state', '=', CLAIMED)
    .where('owner', '=', args.owner)
    .returning('event_id')
    .execute();
  return rows.map((row) => row.event_id);
}

/** @returns how many were still this owner's and are done now */
export async function markDone(tx: TenantTx, fence: ClaimFence): Promise<number> {
  const result = await claimedBy(tx, fence)
    .set({ state: 'done', owner: null, lease_until: null, updated_at: tx.now })
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/**
 * Gives claims back for their next attempt at `dueAt` (database clock). They stay `claimed` without an owner, so that
 * their conversation stays closed to later events until then.
 * @returns how many were still this owner's
 */
export async function releaseClaims(
  tx: TenantTx,
  fence: ClaimFence,
  release: { dueAt: number; attempt: number; error: string | null },
): Promise<number> {
  const result = await claimedBy(tx, fence)
    .set({
      owner: null,
      lease_until: release.dueAt,
      attempt: release.attempt,
      last_error: release.error,
      updated_at: tx.now,
    })
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** The claims of a fence with their events, to be parked. */
export async function listFencedClaims(tx: TenantTx, fence: ClaimFence): Promise<DeliveryRow[]> {
  return await claimsWithEvents(tx, fence.consumerId)
    .where('d.event_id', 'in', fence.eventIds)
    .where('d.owner', '=', fence.owner)
    .where('d.attempt', '=', fence.attempt)
    .orderBy('d.event_seq')
    .execute();
}

export async function markParked(
  tx: TenantTx,
  args: { consumerId: string; eventIds: string[]; error: string },
): Promise<void> {
  await tx.db
    .updateTable('consumer_deliveries')
    .set({
      state: 'parked',
      owner: null,
      lease_until: null,
      last_error: args.error,
      updated_at: tx.now,
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('consumer_id', '=', args.consumerId)
    .where('event_id', 'in', args.eventIds)
    .where('state', '=', CLAIMED)
    .execute();
}
