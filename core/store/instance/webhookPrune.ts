import { instanceUnit } from '../unit';
import type { PruneArgs } from './prune';

/* Old rows of outgoing webhooks, a few hundred per unit; see prune.ts. */

/**
 * Lines of the log of attempts. They are written in the order of time, so the oldest are at the beginning: no index on
 * the time is needed, which every attempt would pay for.
 * @returns how many
 */
export const pruneWebhookAttempts = instanceUnit(
  __filename,
  'pruneWebhookAttempts',
  async (tx, args: PruneArgs): Promise<number> => {
    const result = await tx.db
      .deleteFrom('webhook_attempts')
      .where('seq', 'in', (of) =>
        of
          .selectFrom((inner) =>
            inner
              .selectFrom('webhook_attempts')
              .select(['seq', 'attempted_at'])
              .orderBy('seq')
              .limit(args.limit)
              .as('a'),
          )
          .select('a.seq')
          .where('a.attempted_at', '<', args.before),
      )
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  },
);

/** Deliveries that ended long ago, dead ones included; those that wait stay, however old. @returns how many */
export const pruneWebhookDeliveries = instanceUnit(
  __filename,
  'pruneWebhookDeliveries',
  async (tx, args: PruneArgs): Promise<number> => {
    const result = await tx.db
      .deleteFrom('webhook_deliveries')
      .where((eb) =>
        eb(
          eb.refTuple('tenant_id', 'id'),
          'in',
          eb
            .selectFrom('webhook_deliveries as d')
            .select(['d.tenant_id', 'd.id'])
            .where('d.settled_at', 'is not', null)
            .where('d.settled_at', '<', args.before)
            .limit(args.limit)
            .$asTuple('tenant_id', 'id'),
        ),
      )
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  },
);

/** Bodies that no delivery needs any more. @returns how many */
export const pruneWebhookMessages = instanceUnit(
  __filename,
  'pruneWebhookMessages',
  async (tx, args: PruneArgs): Promise<number> => {
    const result = await tx.db
      .deleteFrom('webhook_messages')
      .where((eb) =>
        eb(
          eb.refTuple('tenant_id', 'event_id'),
          'in',
          eb
            .selectFrom('webhook_messages as m')
            .select(['m.tenant_id', 'm.event_id'])
            .where('m.created_at', '<', args.before)
            .where((of) =>
              of.not(
                of.exists(
                  of
                    .selectFrom('webhook_deliveries as d')
                    .select(of.lit(1).as('one'))
                    .whereRef('d.event_id', '=', 'm.event_id')
                    .whereRef('d.tenant_id', '=', 'm.tenant_id'),
                ),
              ),
            )
            .limit(args.limit)
            .$asTuple('tenant_id', 'event_id'),
        ),
      )
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  },
);

/** Figures of days long past. @param args.beforeDay UTC days since 1970 @returns how many */
export const pruneWebhookStats = instanceUnit(
  __filename,
  'pruneWebhookStats',
  async (tx, args: { beforeDay: number; limit: number }): Promise<number> => {
    const result = await tx.db
      .deleteFrom('webhook_stats_daily')
      .where((eb) =>
        eb(
          eb.refTuple('subscription_id', 'day', 'bucket'),
          'in',
          eb
            .selectFrom('webhook_stats_daily as s')
            .select(['s.subscription_id', 's.day', 's.bucket'])
            .where('s.day', '<', args.beforeDay)
            .limit(args.limit)
            .$asTuple('subscription_id', 'day', 'bucket'),
        ),
      )
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  },
);
