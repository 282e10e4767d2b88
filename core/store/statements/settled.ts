import { sql } from '../sql';
import type { TenantTx } from '../unit';
import { CLAIMED } from './consumers';
import { deliveriesOf, selectUndelivered } from './deliveries';
import { selectMatchingEvents, type EventSelection } from './events';

const DELIVERY_COLUMNS = [
  'tenant_id',
  'consumer_id',
  'event_id',
  'event_seq',
  'conversation_id',
  'state',
  'attempt',
  'created_at',
  'updated_at',
] as const;

interface SettleArgs {
  consumerId: string;
  selection: EventSelection;
  afterSeq: number;
}

/**
 * Marks matching events that were recorded by an instant and never delivered as stale, in one statement.
 * @returns how many
 */
export async function markUndeliveredStale(
  tx: TenantTx,
  args: SettleArgs & { recordedBy: number },
): Promise<number> {
  const result = await tx.db
    .insertInto('consumer_deliveries')
    .columns([...DELIVERY_COLUMNS])
    .expression(
      selectUndelivered(tx, args.consumerId, args.selection)
        .where('e.seq', '>', args.afterSeq)
        .where('e.recorded_at', '<=', args.recordedBy)
        .select(['e.tenant_id', sql.val(args.consumerId).as('consumer_id'), 'e.id', 'e.seq'])
        .select(['e.conversation_id', sql.lit('stale').as('state'), sql.lit(0).as('attempt')])
        .select([sql.lit(tx.now).as('created_at'), sql.lit(tx.now).as('updated_at')]),
    )
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0);
}

/** How many matching, undelivered events lie in `(afterSeq, toSeq]`. */
export async function countUndelivered(
  tx: TenantTx,
  args: SettleArgs & { toSeq: number },
): Promise<number> {
  const row = await selectUndelivered(tx, args.consumerId, args.selection)
    .where('e.seq', '>', args.afterSeq)
    .where('e.seq', '<=', args.toSeq)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

/**
 * Marks claims that their owner left behind, of events recorded by an instant, as stale.
 * @returns how many
 */
export async function markAbandonedStale(
  tx: TenantTx,
  args: { consumerId: string; databaseNow: number; recordedBy: number },
): Promise<number> {
  const result = await tx.db
    .updateTable('consumer_deliveries')
    .set({ state: 'stale', owner: null, lease_until: null, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('consumer_id', '=', args.consumerId)
    .where('state', '=', CLAIMED)
    .where('lease_until', '<=', args.databaseNow)
    .where(
      'event_id',
      'in',
      deliveriesOf(tx, args.consumerId)
        .innerJoin('events as e', 'e.id', 'd.event_id')
        .where('e.tenant_id', '=', tx.tenantId)
        .where('d.state', '=', CLAIMED)
        .where('e.recorded_at', '<=', args.recordedBy)
        .select('d.event_id'),
    )
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/**
 * Writes down which visible events above `afterSeq` this selection did not want, so that the consumer, started again
 * with a wider one, does not take them for unseen.
 * @returns how many
 */
export async function markUnwantedSkipped(tx: TenantTx, args: SettleArgs): Promise<number> {
  const result = await tx.db
    .insertInto('consumer_deliveries')
    .columns([...DELIVERY_COLUMNS])
    .expression(
      tx.db
        .selectFrom('events as e')
        .where('e.tenant_id', '=', tx.tenantId)
        .where('e.seq', '>', args.afterSeq)
        .where(
          'e.seq',
          'not in',
          selectMatchingEvents(tx, args.selection)
            .where('e.seq', '>', args.afterSeq)
            .select('e.seq'),
        )
        .where(
          'e.id',
          'not in',
          deliveriesOf(tx, args.consumerId)
            .where('d.event_seq', '>', args.afterSeq)
            .select('d.event_id'),
        )
        .select(['e.tenant_id', sql.val(args.consumerId).as('consumer_id'), 'e.id', 'e.seq'])
        .select(['e.conversation_id', sql.lit('skipped').as('state'), sql.lit(0).as('attempt')])
        .select([sql.lit(tx.now).as('created_at'), sql.lit(tx.now).as('updated_at')]),
    )
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0);
}

/** The lowest seq that is claimed at present; the floor must stay below it. */
export async function lowestClaimedSeq(tx: TenantTx, consumerId: string): Promise<number | null> {
  const row = await deliveriesOf(tx, consumerId)
    .where('d.state', '=', CLAIMED)
    .select((eb) => eb.fn.min('d.event_seq').as('seq'))
    .executeTakeFirst();
  return row?.seq ?? null;
}
