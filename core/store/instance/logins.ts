import type { LoginRow } from '../statements/logins';
import { instanceUnit } from '../unit';

/*
 * Logins of every tenant, for the one runner that keeps them alive. What is due is told by the clock of the caller, as
 * the ends of tokens are; who works on a login is told by the clock of the database, which all processes share.
 */

export interface ClaimDueLogin {
  owner: string;
  /** Milliseconds it is nobody else's, also when this process dies. */
  ttlMs: number;
}

/** Takes the login that has been due longest; null when none is. */
export const claimDueLogin = instanceUnit(
  __filename,
  'claimDueLogin',
  async (tx, { owner, ttlMs }: ClaimDueLogin): Promise<LoginRow | null> => {
    const now = await tx.databaseNow();
    const due = tx.db
      .selectFrom('logins')
      .select('id')
      .where('next_check_at', '<=', tx.now)
      .where('claimed_until', '<=', now)
      .where('sealed_secrets', 'is not', null)
      .orderBy('next_check_at')
      .limit(1);
    const row = await tx.db
      .updateTable('logins')
      .set({ claimed_by: owner, claimed_until: now + ttlMs })
      .where('id', 'in', due)
      .where('claimed_until', '<=', now)
      .returningAll()
      .executeTakeFirst();
    return row ?? null;
  },
);

/** When the next login is due, epoch ms; null when none will ever be. */
export const readNextLoginCheck = instanceUnit(
  __filename,
  'readNextLoginCheck',
  async (tx): Promise<number | null> => {
    const row = await tx.db
      .selectFrom('logins')
      .select('next_check_at')
      .where('next_check_at', 'is not', null)
      .where('sealed_secrets', 'is not', null)
      .orderBy('next_check_at')
      .limit(1)
      .executeTakeFirst();
    return row?.next_check_at ?? null;
  },
);

/**
 * Whether another connected account, of whichever tenant, has its webhooks from the same asset: the provider knows one
 * subscription for all of them.
 */
export const isAssetUsedByOther = instanceUnit(
  __filename,
  'isAssetUsedByOther',
  async (tx, args: { provider: string; asset: string; accountId: string }): Promise<boolean> => {
    const row = await tx.db
      .selectFrom('accounts')
      .select('id')
      .where('provider', '=', args.provider)
      .where((where) =>
        where.or([
          where('external_id', '=', args.asset),
          where('parent_external_id', '=', args.asset),
        ]),
      )
      .where('id', '!=', args.accountId)
      .where('status', '!=', 'disconnected')
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  },
);
