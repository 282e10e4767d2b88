import { instanceUnit } from '../unit';

/*
 * Removes what no tenant needs any more, a few rows per unit: a long transaction would hold up the consumers (on
 * SQLite everybody). Callers repeat until fewer rows than the limit went.
 */

/** Everything is epoch ms by the caller's clock; see core/runtime/prune.ts for the ages. */
export interface PruneArgs {
  before: number;
  limit: number;
}

/**
 * Raises the floor of consumers that nobody has run since `idleSince` over everything recorded before `before`. A
 * consumer that comes back takes at most its catch-up, which is never longer, so nothing below is wanted.
 * @returns how many consumers
 */
export const raiseIdleFloors = instanceUnit(
  __filename,
  'raiseIdleFloors',
  async (tx, args: { idleSince: number; before: number }): Promise<number> => {
    const result = await tx.db
      .updateTable('consumers')
      .set((eb) => ({
        floor_seq: eb
          .selectFrom('events')
          .select((of) => of.fn.coalesce(of.fn.max('events.seq'), 'consumers.floor_seq').as('seq'))
          .whereRef('events.tenant_id', '=', 'consumers.tenant_id')
          .where('events.recorded_at', '<', args.before)
          .whereRef('events.seq', '>', 'consumers.floor_seq'),
      }))
      .where('last_active_at', '<', args.idleSince)
      .where((eb) =>
        eb.exists(
          eb
            .selectFrom('events')
            .select(eb.lit(1).as('one'))
            .whereRef('events.tenant_id', '=', 'consumers.tenant_id')
            .where('events.recorded_at', '<', args.before)
            .whereRef('events.seq', '>', 'consumers.floor_seq'),
        ),
      )
      .executeTakeFirst();
    return Number(result.numUpdatedRows);
  },
);

/** Old events that every consumer of their tenant has behind it. @returns how many */
export const pruneEvents = instanceUnit(
  __filename,
  'pruneEvents',
  async (tx, args: PruneArgs): Promise<number> => {
    const result = await tx.db
      .deleteFrom('events')
      .where('seq', 'in', (eb) =>
        eb
          .selectFrom('events as e')
          .select('e.seq')
          .where('e.recorded_at', '<', args.before)
          .where((of) =>
            of.not(
              of.exists(
                of
                  .selectFrom('consumers as c')
                  .select(of.lit(1).as('one'))
                  .whereRef('c.tenant_id', '=', 'e.tenant_id')
                  .whereRef('c.floor_seq', '<', 'e.seq'),
              ),
            ),
          )
          .limit(args.limit),
      )
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  },
);

/** Deliveries at or below their consumer's floor: everything there is settled. @returns how many */
export const pruneDeliveries = instanceUnit(
  __filename,
  'pruneDeliveries',
  async (tx, args: { limit: number }): Promise<number> => {
    const result = await tx.db
      .deleteFrom('consumer_deliveries')
      .where((eb) =>
        eb(
          eb.refTuple('tenant_id', 'consumer_id', 'event_id'),
          'in',
          eb
            .selectFrom('consumers as c')
            .innerJoin('consumer_deliveries as d', (join) =>
              join
                .onRef('d.tenant_id', '=', 'c.tenant_id')
                .onRef('d.consumer_id', '=', 'c.id')
                .onRef('d.event_seq', '<=', 'c.floor_seq'),
            )
            .select(['d.tenant_id', 'd.consumer_id', 'd.event_id'])
            .limit(args.limit)
            .$asTuple('tenant_id', 'consumer_id', 'event_id'),
        ),
      )
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  },
);

/** Keys of inbound events that no provider repeats any more. @returns how many */
export const pruneInboundKeys = instanceUnit(
  __filename,
  'pruneInboundKeys',
  async (tx, args: PruneArgs): Promise<number> => {
    const result = await tx.db
      .deleteFrom('inbound_keys')
      .where((eb) =>
        eb(
          eb.refTuple('tenant_id', 'account_id', 'key'),
          'in',
          eb
            .selectFrom('inbound_keys as k')
            .select(['k.tenant_id', 'k.account_id', 'k.key'])
            .where('k.seen_at', '<', args.before)
            .limit(args.limit)
            .$asTuple('tenant_id', 'account_id', 'key'),
        ),
      )
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  },
);

/** Idempotency keys of sends that ended long ago; open ones stay, however old. @returns how many */
export const pruneCompletedKeys = instanceUnit(
  __filename,
  'pruneCompletedKeys',
  async (tx, args: PruneArgs): Promise<number> => {
    const result = await tx.db
      .deleteFrom('idempotency_keys')
      .where((eb) =>
        eb(
          eb.refTuple('tenant_id', 'key'),
          'in',
          eb
            .selectFrom('idempotency_keys as k')
            .select(['k.tenant_id', 'k.key'])
            .where('k.state', '=', 'completed')
            .where('k.completed_at', 'is not', null)
            .where('k.completed_at', '<', args.before)
            .limit(args.limit)
            .$asTuple('tenant_id', 'key'),
        ),
      )
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  },
);

/** Test listeners whose time is over. @returns how many */
export const pruneTestListeners = instanceUnit(
  __filename,
  'pruneTestListeners',
  async (tx, args: { before: number }): Promise<number> => {
    const result = await tx.db
      .deleteFrom('test_listeners')
      .where('expires_at', '<', args.before)
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  },
);
