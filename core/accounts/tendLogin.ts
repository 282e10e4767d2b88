import { randomUUID } from 'node:crypto';
import {
  InvalidInputError,
  SendError,
  TokenExpiredError,
  describeError,
  type AccountSecrets,
  type Login,
  type LoginSecrets,
} from '../model';
import type { ConnectionKeeper, LoginToken } from '../providers/provider';
import { claimDueLogin, readNextLoginCheck } from '../store/instance/logins';
import { toAccount } from '../store/statements/accounts';
import { toLogin, type LoginRow } from '../store/statements/logins';
import type { LoginsContext } from './context';
import { keeperOf, openLogin } from './loginSecrets';
import { inWords, nextLookAtDead, renewAt } from './loginStanding';
import { keepRenewedToken, settle, takeLogin, type LoginVerdict } from './logins.unit';
import { factsInto, settleDead, settleLooked, verdictOf, type Looked } from './settleLogin';
import { subscribeAccounts } from './subscribeAccounts';
import { openedText } from './sync';
import { readAccountsOfLogin } from './sync.unit';
import { deathOf, syncLogin } from './syncLogin';

/** A few calls to the provider; when the process dies in the middle, another goes on after this time. */
const CLAIM_MS = 30_000;
const SHORTEST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Looks at every login that is due: asks the provider about its token, renews it in time, gives its accounts their new
 * tokens, and tells what is wrong. For the one runner of the installation.
 * @returns milliseconds until the next one is due
 */
export async function tendDueLogins(ctx: LoginsContext, signal?: AbortSignal): Promise<number> {
  const owner = newOwner(ctx);
  while (!signal?.aborted) {
    const row = await ctx.store.run(claimDueLogin, { owner, ttlMs: CLAIM_MS });
    if (!row) break;
    await tend(ctx, row, owner, { renews: false });
  }
  const next = await ctx.store.run(readNextLoginCheck, undefined);
  const wait = next === null ? LONGEST_PAUSE_MS : next - ctx.clock.now();
  return Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, wait));
}

/** What looking at a login came to. */
export type Tended =
  | { kind: 'looked' | 'renewed' }
  /** The token works, but the provider did not give a later end. */
  | { kind: 'refused'; reason: string }
  | { kind: 'dead'; reason: string }
  /** The provider could not be asked. */
  | { kind: 'failed'; error: SendError | InvalidInputError }
  /** Another process works on it, or it is gone. */
  | { kind: 'busy' };

/** Looks at one login now. @param renews also before it is due */
export async function tendLogin(
  ctx: LoginsContext,
  tenantId: string,
  loginId: string,
  { renews }: { renews: boolean },
): Promise<Tended> {
  const owner = newOwner(ctx);
  const row = await ctx.store
    .forTenant(tenantId)
    .run(takeLogin, { loginId, owner, ttlMs: CLAIM_MS });
  return row ? tend(ctx, row, owner, { renews }) : { kind: 'busy' };
}

function newOwner({ processId }: LoginsContext): string {
  return `${processId}:${randomUUID()}`;
}

async function tend(
  ctx: LoginsContext,
  row: LoginRow,
  owner: string,
  { renews }: { renews: boolean },
): Promise<Tended> {
  const keeper = keeperOf(ctx, row.provider);
  const secrets = openLogin(ctx, row);
  if (!keeper || !secrets) return putAside(ctx, row, owner);
  const work = new Work(ctx, keeper, owner, toLogin(row), secrets);
  try {
    return await work.run(renews);
  } catch (error) {
    if (error instanceof TokenExpiredError) return await work.die(error);
    throw error;
  }
}

/** Sealed with a lost key: its accounts say so when they are used; it is looked at again in case the key comes back. */
async function putAside(ctx: LoginsContext, row: LoginRow, owner: string): Promise<Tended> {
  const login = toLogin(row);
  const reason =
    'The token of the login does not open with the present encryption key. Put the old key back, or connect again.';
  const { status, statusReason } = login;
  await ctx.store.forTenant(login.tenantId).run(settle, {
    loginId: login.id,
    owner,
    outcome: { ...login, status, statusReason, nextCheckAt: nextLookAtDead(ctx.clock.now()) },
    verdict: { status: 'expiring', reason },
    but: {},
  });
  return { kind: 'refused', reason };
}

/** One look at one login that is ours for the moment. */
class Work {
  #login: Login;
  #secrets: LoginSecrets;
  /** Whoever made it came to its end; else that is done here. */
  readonly #wasRead: boolean;
  #refusal: string | null = null;
  #failure: SendError | InvalidInputError | null = null;
  #isRenewed = false;

  constructor(
    private readonly ctx: LoginsContext,
    private readonly keeper: ConnectionKeeper,
    private readonly owner: string,
    login: Login,
    secrets: LoginSecrets,
  ) {
    this.#login = login;
    this.#secrets = secrets;
    this.#wasRead = login.syncedAt !== null;
  }

  /** @throws TokenExpiredError when the token is dead */
  async run(renews: boolean): Promise<Tended> {
    const { ctx } = this;
    const grantedBefore = JSON.stringify(this.#login.permissions);
    await this.#attempt(() => this.#inspect());
    if (this.#isDue(renews)) await this.#attempt(() => this.#renew(renews));
    const isChanged = JSON.stringify(this.#login.permissions) !== grantedBefore;
    if (isChanged || (await this.#hasUnreadAccounts())) await this.#attempt(() => this.#sync());
    if (!(await settleLooked(ctx, this.#login, this.#looked()))) return { kind: 'busy' };
    if (this.#refusal !== null) return { kind: 'refused', reason: this.#refusal };
    if (this.#failure !== null && !this.#isRenewed) return { kind: 'failed', error: this.#failure };
    return { kind: this.#isRenewed ? 'renewed' : 'looked' };
  }

  /** Notes what could not be asked or done; a dead token is for `die`. */
  async #attempt(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      const isExpected = error instanceof SendError || error instanceof InvalidInputError;
      if (!isExpected || error instanceof TokenExpiredError) throw error;
      this.#failure ??= error;
      this.ctx.logger.debug(`A login could not be looked at. ${describeError(error)}`, {
        loginId: this.#login.id,
      });
    }
  }

  async #inspect(): Promise<void> {
    this.#login = factsInto(this.#login, await this.keeper.inspect(this.#secrets));
  }

  #isDue(renews: boolean): boolean {
    if (renews) return this.#login.renewable;
    const at = renewAt(this.#login, this.#minAgeMs());
    return at !== null && at <= this.ctx.clock.now();
  }

  #minAgeMs(): number {
    return this.keeper.renewableAfterMs(this.#secrets);
  }

  /** @param isEarly asked for by a person, at a moment when the end of the old token may be as late */
  async #renew(isEarly: boolean): Promise<void> {
    const endBefore = this.#login.expiresAt;
    let made: LoginToken;
    try {
      made = await this.keeper.renew(this.#secrets);
    } catch (error) {
      const isNo = error instanceof SendError && !error.retryable;
      if (!isNo || error instanceof TokenExpiredError) throw error;
      this.#refusal = describeError(error);
      return;
    }
    await this.#keep(made);
    await this.#attempt(() => this.#inspect());
    const { expiresAt } = this.#login;
    const isLater = endBefore === null || expiresAt === null || expiresAt > endBefore;
    if (!isLater && !isEarly) {
      this.#refusal = `The provider gave a token with the same end, ${inWords(expiresAt)}.`;
    } else this.#isRenewed = true;
  }

  /** Before it is used: who dies after this has lost nothing, who dies before it has the old one, which is still good. */
  async #keep({ accessToken, expiresInMs }: LoginToken): Promise<void> {
    const { ctx } = this;
    const now = ctx.clock.now();
    const { id: loginId, tenantId, renewable } = this.#login;
    const secrets = { ...this.#secrets, accessToken };
    const sealedSecrets = ctx.store.sealer.seal(JSON.stringify(secrets), loginId);
    const expiresAt = expiresInMs === null ? null : now + expiresInMs;
    const token = { sealedSecrets, obtainedAt: now, expiresAt, renewable, nextCheckAt: now };
    await ctx.store
      .forTenant(tenantId)
      .run(keepRenewedToken, { loginId, owner: this.owner, token });
    this.#secrets = secrets;
    this.#login = { ...this.#login, obtainedAt: now, expiresAt, syncedAt: null };
  }

  /** They have the tokens of a former login, or one of them might work again. */
  async #hasUnreadAccounts(): Promise<boolean> {
    if (this.#login.syncedAt === null) return true;
    const { id: loginId, tenantId } = this.#login;
    const rows = await this.ctx.store.forTenant(tenantId).run(readAccountsOfLogin, { loginId });
    return rows.some(({ status }) => status === 'expired');
  }

  async #sync(): Promise<void> {
    const { ctx, keeper } = this;
    const { id: loginId, tenantId, permissions } = this.#login;
    const discovered = await keeper.discover(this.#secrets, permissions ?? undefined);
    const before = await ctx.store.forTenant(tenantId).run(readAccountsOfLogin, { loginId });
    const known = new Set(before.map(({ id }) => id));
    const login = { ...this.#login, syncedAt: ctx.clock.now() };
    const accounts = await syncLogin(ctx, keeper, {
      login,
      discovered,
      verdict: verdictOf(login, this.#looked(), ctx.clock.now()),
      isRoutine: true,
      keepsDisconnected: true,
    });
    this.#login = login;
    const unsubscribed = this.#wasRead ? accounts.filter(({ id }) => !known.has(id)) : accounts;
    // What a person chose on a page is wanted there, whatever doors are open.
    const isWanted = login.source.kind === 'link' ? true : undefined;
    await subscribeAccounts(ctx, keeper, unsubscribed, isWanted);
  }

  #looked(): Looked {
    return {
      owner: this.owner,
      refusal: this.#refusal,
      failed: this.#failure !== null,
      minAgeMs: this.#minAgeMs(),
    };
  }

  /**
   * The token is dead. Whatever killed it kills those of its accounts, unless it merely reached its end: the tokens of
   * Pages outlive it, so each is asked.
   */
  async die(error: TokenExpiredError): Promise<Tended> {
    const reason = describeError(error);
    const survivors = this.keeper.endedNaturally(error) ? await this.#survivors() : {};
    const isOurs = await settleDead(this.ctx, this.#login, {
      owner: this.owner,
      reason,
      survivors,
    });
    return isOurs ? { kind: 'dead', reason } : { kind: 'busy' };
  }

  async #survivors(): Promise<Record<string, LoginVerdict>> {
    const { ctx, keeper } = this;
    const { id: loginId, tenantId } = this.#login;
    const survivors: Record<string, LoginVerdict> = {};
    const rows = await ctx.store.forTenant(tenantId).run(readAccountsOfLogin, { loginId });
    for (const row of rows) {
      const text = openedText(ctx, row);
      if (text === null) continue;
      const secrets = JSON.parse(text) as AccountSecrets;
      // An account that is the login itself has its token.
      if (secrets.accessToken === this.#secrets.accessToken) continue;
      if ((await deathOf(keeper, toAccount(row), secrets)) !== null) continue;
      survivors[row.id] = {
        status: 'expiring',
        reason:
          "The login has ended. The account's own token still works, but cannot be renewed: connect again.",
      };
    }
    return survivors;
  }
}
