import {
  SendError,
  TokenExpiredError,
  describeError,
  type Account,
  type Login,
  type LoginSecrets,
  type LoginSource,
  type ProviderId,
} from '../model';
import type { ConnectionKeeper, LoginFacts } from '../providers/provider';
import { toLogin, type LoginRow, type NewLoginToken } from '../store/statements/logins';
import type { LoginsContext } from './context';
import { keepLogin, keeperOf, openLogin } from './loginSecrets';
import { readLogin, readLoginBySource } from './logins.unit';
import { factsInto, settleLooked, verdictOf, type Looked } from './settleLogin';
import { subscribeAccounts } from './subscribeAccounts';
import { syncLogin } from './syncLogin';

export interface ConnectLoginInput {
  tenantId: string;
  provider: ProviderId;
  /** The same source again takes the place of its former login. */
  source: LoginSource;
  /** `Sealer.fingerprint` of all that the source gives; see sourceState. */
  fingerprint: string;
  /** With the token as it was given. */
  secrets: LoginSecrets;
  /** The token has just come out of the login dialog and is exchanged for one that lasts. */
  isFresh: boolean;
  /** Whether the accounts are subscribed to webhooks; default: where a door is open for this credential. */
  subscribes?: boolean;
  /** Accounts that somebody asked for just now, as choiceOf names them: connected again also with the same token. */
  reconnects?: readonly string[];
}

/** Of the values of a credential or whatever else a login is made of: by it a change is noticed. */
export function fingerprintOf({ store }: Pick<LoginsContext, 'store'>, credential: object): string {
  return store.sealer.fingerprint(JSON.stringify(credential));
}

/** So long the accounts of a new login may be unread before the background work reads them: this process died. */
const READ_WITHIN_MS = 60_000;

/**
 * Connects the accounts that a login leads to, and keeps the login. A token that comes out of the login dialog is
 * exchanged and stored before anything else is done with it, so that a process that dies loses nothing; one that was
 * pasted is stored once it has led to accounts, so that a wrong one takes the place of none. What somebody disconnected
 * is connected again only by another token than the one it was disconnected with.
 * @throws TokenExpiredError when the token is dead; InvalidInputError naming a field; SendError; StoreError
 */
export async function connectLogin(
  ctx: LoginsContext,
  input: ConnectLoginInput,
): Promise<Account[]> {
  const keeper = keeperOf(ctx, input.provider);
  if (!keeper) throw new Error(`Nothing keeps logins of ${input.provider}.`);
  const tenant = ctx.store.forTenant(input.tenantId);
  const { provider, source, reconnects = [] } = input;
  const present = await tenant.run(readLoginBySource, { provider, source });
  const tokenFingerprint = ctx.store.sealer.fingerprint(input.secrets.accessToken);
  const isSameToken = present?.token_fingerprint === tokenFingerprint;
  const isOff = present?.status === 'disconnected';
  if (isSameToken && isOff && reconnects.length === 0) return [];

  const lasting =
    (present && isSameToken ? storedToken(ctx, present, input) : null) ??
    (await lastingToken(ctx, keeper, input));
  const isKept = isSameToken && !isOff && present.fingerprint === input.fingerprint;
  const keep = async () =>
    isKept ? present.id : await keepLogin(ctx, { ...input, tokenFingerprint, ...lasting });
  const keptBefore = input.isFresh ? await keep() : null;
  const { secrets } = lasting;
  const facts = lasting.facts ?? (await inspectQuietly(ctx, keeper, secrets));
  const discovered = await keeper.discover(secrets, facts?.permissions);
  const loginId = keptBefore ?? (await keep());
  const row = await tenant.run(readLogin, { loginId });
  if (!row || row.status === 'disconnected') return [];

  const looked: Looked = {
    owner: null,
    refusal: null,
    minAgeMs: keeper.renewableAfterMs(secrets),
  };
  const known = facts ? factsInto(toLogin(row), facts) : toLogin(row);
  const login: Login = { ...known, syncedAt: ctx.clock.now() };
  const accounts = await syncLogin(ctx, keeper, {
    login,
    discovered,
    verdict: verdictOf(login, looked, ctx.clock.now()),
    isRoutine: false,
    keepsDisconnected: isSameToken,
    reconnects,
  });
  await subscribeAccounts(ctx, keeper, accounts, input.subscribes);
  // Last: from here on nobody does the rest of it for a process that died.
  await settleLooked(ctx, login, looked);
  return accounts;
}

/** The token that the present login was given once, made to last since; null when it does not open. */
function storedToken(
  ctx: LoginsContext,
  row: LoginRow,
  { secrets }: ConnectLoginInput,
): LastingToken | null {
  const stored = openLogin(ctx, row);
  if (!stored) return null;
  const { obtainedAt, expiresAt, renewable } = toLogin(row);
  const token = { obtainedAt, expiresAt, renewable, nextCheckAt: unreadUntil(ctx) };
  return { secrets: { ...secrets, accessToken: stored.accessToken }, token, facts: null };
}

function unreadUntil({ clock }: LoginsContext): number {
  return clock.now() + READ_WITHIN_MS;
}

interface LastingToken {
  secrets: LoginSecrets;
  token: Omit<NewLoginToken, 'sealedSecrets'>;
  /** What the provider said of it, where it was asked already. */
  facts: LoginFacts | null;
}

async function lastingToken(
  ctx: LoginsContext,
  keeper: ConnectionKeeper,
  { secrets, isFresh }: ConnectLoginInput,
): Promise<LastingToken> {
  if (isFresh) {
    return await extended(ctx, keeper, secrets).catch((error: unknown) => {
      throw error instanceof TokenExpiredError ? usedTooLate(error) : error;
    });
  }
  const facts = await inspectQuietly(ctx, keeper, secrets);
  if (facts?.isShortLived) {
    try {
      return await extended(ctx, keeper, secrets);
    } catch (error) {
      const why = describeError(error);
      ctx.logger.warn(`A pasted token that lives an hour could not be exchanged. ${why}`);
    }
  }
  const token = {
    obtainedAt: facts?.issuedAt ?? ctx.clock.now(),
    expiresAt: facts?.expiresAt ?? null,
    renewable: facts?.renewable ?? false,
    nextCheckAt: unreadUntil(ctx),
  };
  return { secrets, token, facts };
}

async function extended(
  ctx: LoginsContext,
  keeper: ConnectionKeeper,
  secrets: LoginSecrets,
): Promise<LastingToken> {
  const { accessToken, expiresInMs } = await keeper.extend(secrets);
  const now = ctx.clock.now();
  const expiresAt = expiresInMs === null ? null : now + expiresInMs;
  const token = { obtainedAt: now, expiresAt, renewable: true, nextCheckAt: unreadUntil(ctx) };
  return { secrets: { ...secrets, accessToken }, token, facts: null };
}

/** n8n hands over a token that lives an hour or two, and tells nobody when it was made. */
function usedTooLate(cause: TokenExpiredError): TokenExpiredError {
  return new TokenExpiredError(`The login ended before it was used. ${cause.message}`, {
    cause,
    details: cause.details,
    hint: 'Connect again, then open the node within the hour.',
  });
}

/** What can be known beside the accounts; that it cannot be asked is no reason not to connect them. */
async function inspectQuietly(
  ctx: LoginsContext,
  keeper: ConnectionKeeper,
  secrets: LoginSecrets,
): Promise<LoginFacts | null> {
  try {
    return await keeper.inspect(secrets);
  } catch (error) {
    // A dead token is told by whoever uses it next, with the field that is wrong.
    if (!(error instanceof SendError)) throw error;
    ctx.logger.debug(`A login could not be looked at. ${describeError(error)}`);
    return null;
  }
}

/** How the accounts of a source stand to its present values. */
export type SourceState =
  /** Nothing was connected by it. */
  | 'none'
  /** Its accounts were read with these values. */
  | 'current'
  /** Its accounts hold what other values led to, or were not all read. */
  | 'changed';

export async function sourceState(
  ctx: LoginsContext,
  input: { tenantId: string; provider: ProviderId; source: LoginSource; fingerprint: string },
): Promise<SourceState> {
  const { provider, source, fingerprint } = input;
  const row = await ctx.store
    .forTenant(input.tenantId)
    .run(readLoginBySource, { provider, source });
  if (!row) return 'none';
  if (row.fingerprint !== fingerprint) return 'changed';
  return row.synced_at === null && row.status !== 'disconnected' ? 'changed' : 'current';
}
