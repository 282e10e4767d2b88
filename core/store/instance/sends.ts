import type { SendKeyRow } from '../statements/idempotency';
import { instanceUnit } from '../unit';

export interface TakeDueSendsArgs {
  limit: number;
  /** Milliseconds that the taker needs at most to look: nobody else takes the row meanwhile. */
  holdMs: number;
}

/** A send whose outcome nobody knows, taken for one look. */
export interface DueSend {
  tenantId: string;
  key: string;
  messageId: string;
  accountId: string;
  contactId: string;
  /** Sealed request. */
  request: string;
  contentHash: string;
  /** Database time, epoch ms. */
  reservedAt: number;
  unknownSince: number;
  /** The row's `next_check_at` while it is held: proves, when the look is over, that nobody else took it. */
  fence: number;
}

/**
 * Takes sends of every tenant that wait to be settled: unknown ones whose time to look has come, and reservations
 * whose lease has run out, because their process was cut (a lease is so much longer than a provider call that the
 * call is over by then).
 */
export const takeDueSends = instanceUnit(
  __filename,
  'takeDueSends',
  async (tx, { limit, holdMs }: TakeDueSendsArgs): Promise<DueSend[]> => {
    const now = await tx.databaseNow();
    let query = tx.db
      .selectFrom('idempotency_keys')
      .selectAll()
      // Said this way for the partial index on open keys.
      .where('state', '!=', 'completed')
      .where((where) =>
        where.or([
          where.and([where('state', '=', 'unknown'), where('next_check_at', '<=', now)]),
          where.and([where('state', '=', 'reserved'), where('lease_until', '<=', now)]),
        ]),
      )
      .orderBy('reserved_at')
      .limit(limit);
    if (tx.dialect === 'postgres') query = query.forUpdate().skipLocked();
    const rows = await query.execute();
    const fence = now + holdMs;
    for (const row of rows) {
      await tx.db
        .updateTable('idempotency_keys')
        .set({
          state: 'unknown',
          owner: null,
          lease_until: null,
          unknown_since: row.unknown_since ?? now,
          next_check_at: fence,
        })
        .where('tenant_id', '=', row.tenant_id)
        .where('key', '=', row.key)
        .execute();
    }
    return rows.map((row) => toDueSend(row, row.unknown_since ?? now, fence));
  },
);

function toDueSend(row: SendKeyRow, unknownSince: number, fence: number): DueSend {
  return {
    tenantId: row.tenant_id,
    key: row.key,
    messageId: row.message_id,
    accountId: row.account_id,
    // None: a private reply to a comment, of which nobody knows yet whom it reaches.
    contactId: row.contact_id ?? '',
    request: row.request,
    contentHash: row.content_hash,
    reservedAt: row.reserved_at,
    unknownSince,
    fence,
  };
}
