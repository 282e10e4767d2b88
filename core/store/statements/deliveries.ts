import type { Expression, SqlBool } from 'kysely';
import { sql } from '../sql';
import type { TenantTx } from '../unit';
import { CLAIMED } from './consumers';
import { EVENT_COLUMNS, selectMatchingEvents, type EventRow, type EventSelection } from './events';

/** The consumer's deliveries (alias `d`): the base of every statement about them. */
export function deliveriesOf(tx: TenantTx, consumerId: string) {
  return tx.db
    .selectFrom('consumer_deliveries as d')
    .where('d.tenant_id', '=', tx.tenantId)
    .where('d.consumer_id', '=', consumerId);
}

/**
 * Matching events (alias `e`) that this consumer has no delivery of. PostgreSQL has no statistics of a table that is
 * new, and then plans badly: "not exists" becomes a join that compares each event with each delivery. "Its id is null"
 * stays one look-up for each event, and with both columns named whichever index it takes leads to the one row.
 */
export function selectUndelivered(
  tx: TenantTx,
  consumerId: string,
  selection: EventSelection,
  byType = true,
) {
  return selectMatchingEvents(tx, selection, byType).where((eb) =>
    eb(
      deliveriesOf(tx, consumerId)
        .select('d.event_id')
        .where('d.event_id', '=', sql.ref<string>('e.id'))
        .where('d.event_seq', '=', sql.ref<number>('e.seq')),
      'is',
      null,
    ),
  );
}

/** Deliveries that PostgreSQL puts into a hash before it looks at events. */
const HASHED_DELIVERIES = 5_000;

/**
 * The same above a seq. PostgreSQL looks at the youngest events again and again (see nextScanFrom in
 * events/claim.unit.ts), nearly all of them delivered. It drops those by a hash of the first deliveries there, at a
 * quarter of what a look-up for each costs; the look-up still decides, and the limit keeps the hash small for certain:
 * a larger one PostgreSQL would not build, and compare each with each.
 */
function selectUndeliveredAfter(
  tx: TenantTx,
  args: { consumerId: string; selection: EventSelection; afterSeq: number },
) {
  const query = selectUndelivered(tx, args.consumerId, args.selection).where(
    'e.seq',
    '>',
    args.afterSeq,
  );
  if (tx.dialect === 'sqlite') return query;
  return query.where((eb) =>
    eb(
      'e.seq',
      'not in',
      deliveriesOf(tx, args.consumerId)
        .select('d.event_seq')
        .where('d.event_seq', '>', args.afterSeq)
        .orderBy('d.event_seq')
        .limit(sql.lit(HASHED_DELIVERIES)),
    ),
  );
}

/**
 * The next events to claim, by seq: not delivered yet and of no conversation that this consumer has in hand
 * (running, or waiting for its next attempt) or that the caller excludes.
 */
export async function listClaimableEvents(
  tx: TenantTx,
  args: {
    consumerId: string;
    selection: EventSelection;
    afterSeq: number;
    excludedConversations: string[];
    /** Only these, as `e`. */
    only?: Expression<SqlBool> | undefined;
    limit: number;
  },
): Promise<EventRow[]> {
  let query = selectUndeliveredAfter(tx, args).where((eb) =>
    eb.or([
      eb('e.conversation_id', 'is', null),
      eb(
        'e.conversation_id',
        'not in',
        deliveriesOf(tx, args.consumerId)
          .select('d.conversation_id')
          .where('d.state', '=', CLAIMED)
          .where('d.conversation_id', 'is not', null),
      ),
    ]),
  );
  const excluded = args.excludedConversations;
  if (excluded.length > 0) {
    query = query.where((eb) =>
      eb.or([eb('e.conversation_id', 'is', null), eb('e.conversation_id', 'not in', excluded)]),
    );
  }
  if (args.only) query = query.where(args.only);
  return await query.select(EVENT_COLUMNS).orderBy('e.seq').limit(args.limit).execute();
}

/** The lowest seq above `afterSeq` that matches and is not delivered, busy conversations included. */
export async function firstUndeliveredSeq(
  tx: TenantTx,
  args: { consumerId: string; selection: EventSelection; afterSeq: number },
): Promise<number | undefined> {
  const row = await selectUndeliveredAfter(tx, args)
    .select('e.seq')
    .orderBy('e.seq')
    .limit(1)
    .executeTakeFirst();
  return row?.seq;
}

export async function insertDeliveries(
  tx: TenantTx,
  consumerId: string,
  events: Pick<EventRow, 'id' | 'seq' | 'conversation_id'>[],
  state: { state: 'claimed'; owner: string; leaseUntil: number } | { state: 'skipped' | 'stale' },
): Promise<void> {
  if (events.length === 0) return;
  const claimed = state.state === 'claimed';
  await tx.db
    .insertInto('consumer_deliveries')
    .values(
      events.map((event) => ({
        tenant_id: tx.tenantId,
        consumer_id: consumerId,
        event_id: event.id,
        event_seq: event.seq,
        conversation_id: event.conversation_id,
        state: state.state,
        attempt: claimed ? 1 : 0,
        owner: claimed ? state.owner : null,
        lease_until: claimed ? state.leaseUntil : null,
        last_error: null,
        created_at: tx.now,
        updated_at: tx.now,
      })),
    )
    .execute();
}
