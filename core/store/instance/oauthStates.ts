import type { OauthStateRow, OauthStage } from '../statements/oauthStates';
import { instanceUnit, type Tx } from '../unit';

/*
 * A browser that comes back from a provider brings one random token and nothing else, so these look through every
 * tenant; what they find says whose it is. Each token is good for one step.
 */

export type TokenKind = 'ticket_hash' | 'state_hash' | 'claim_hash';

/** What a token led to, and whether this call took its one step. */
export interface TakenStep {
  row: OauthStateRow;
  taken: boolean;
}

export interface StepArgs {
  /** SHA-256 hex of the token. */
  hash: string;
  pageId: string;
  /** Until when the next step must follow, epoch ms. */
  expiresAt: number;
}

/** The way to the provider: the ticket is used up and the state that travels along begins to count. */
export const beginOauth = instanceUnit(
  __filename,
  'beginOauth',
  async (tx, args: StepArgs & { stateHash: string }): Promise<TakenStep | null> =>
    step(tx, 'ticket_hash', args, 'offered', {
      stage: 'started',
      state_hash: args.stateHash,
      expires_at: args.expiresAt,
    }),
);

/** The way back: the state is used up; what the provider said waits for the page that shows it. */
export const returnOauth = instanceUnit(
  __filename,
  'returnOauth',
  async (
    tx,
    args: StepArgs & {
      claimHash: string;
      stage: OauthStage;
      error: string | null;
      /** Bound to the hash of the state, see core/portal/attempts.ts. */
      sealed: string | null;
    },
  ): Promise<TakenStep | null> =>
    step(tx, 'state_hash', args, 'started', {
      stage: args.stage,
      error: args.error,
      claim_hash: args.claimHash,
      sealed: args.sealed,
      expires_at: args.expiresAt,
    }),
);

/** The walk that a claim is of; it may be looked at as often as its page wants. */
export const findOauthClaim = instanceUnit(
  __filename,
  'findOauthClaim',
  async (tx, { hash, pageId }: { hash: string; pageId: string }): Promise<OauthStateRow | null> =>
    (await find(tx, 'claim_hash', hash, pageId)) ?? null,
  { durability: 'normal' },
);

async function step(
  tx: Tx,
  kind: TokenKind,
  { hash, pageId }: StepArgs,
  from: OauthStage,
  changes: Partial<OauthStateRow>,
): Promise<TakenStep | null> {
  const row = await tx.db
    .updateTable('oauth_states')
    .set({ ...changes, updated_at: tx.now })
    .where(kind, '=', hash)
    .where('page_id', '=', pageId)
    .where('stage', '=', from)
    .where('expires_at', '>', tx.now)
    .returningAll()
    .executeTakeFirst();
  if (row) return { row, taken: true };
  const found = await find(tx, kind, hash, pageId);
  return found ? { row: found, taken: false } : null;
}

async function find(
  tx: Tx,
  kind: TokenKind,
  hash: string,
  pageId: string,
): Promise<OauthStateRow | undefined> {
  return tx.db
    .selectFrom('oauth_states')
    .selectAll()
    .where(kind, '=', hash)
    .where('page_id', '=', pageId)
    .executeTakeFirst();
}

/**
 * Walks of every tenant that are at a provider, those first that nobody looked at for longest.
 * @param args.login the beginning of their login's name
 */
export const listOpenWalks = instanceUnit(
  __filename,
  'listOpenWalks',
  async (tx, args: { login: string; limit: number }): Promise<OauthStateRow[]> =>
    tx.db
      .selectFrom('oauth_states')
      .selectAll()
      .where('stage', '=', 'started')
      .where('login', 'like', `${args.login}%`)
      .orderBy('updated_at')
      .limit(args.limit)
      .execute(),
  { durability: 'normal' },
);

/** Walks that ended long ago, and with them what was sealed in those that were left half done. @returns how many */
export const pruneOauthStates = instanceUnit(
  __filename,
  'pruneOauthStates',
  async (tx, args: { before: number; limit: number }): Promise<number> => {
    const result = await tx.db
      .deleteFrom('oauth_states')
      .where('id', 'in', (select) =>
        select
          .selectFrom('oauth_states as s')
          .select('s.id')
          .where('s.expires_at', '<', args.before)
          .limit(args.limit),
      )
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  },
);
