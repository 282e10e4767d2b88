import { noteAccountStatus, openConnection } from '../../accounts/accounts';
import {
  describeError,
  OmnichannelError,
  RateLimitedError,
  SendError,
  StoreError,
  TokenExpiredError,
} from '../../model';
import type { Provider } from '../../providers/provider';
import { listDueProfiles, type DueProfile } from '../../store/instance/profiles';
import { createPace, MustRest } from '../catchUp/pace';
import type { MessagingContext } from '../context';
import {
  keepProfile,
  postponeProfile,
  postponeProfilesOfAccount,
  takeProfile,
} from './profiles.unit';

/** A name that could not be had for so long is not waited for: somebody will have asked the person. */
const KEEP_MS = 24 * 3_600_000;
/** Longer than any one read lasts (a call to the provider, 30 s, and a transaction). */
const LEASE_MS = 60_000;
/** Accounts at once: each has its own pace. */
const WORKERS = 3;
const LISTED = 200;
/** Of one account in one run, so that nobody waits for long behind a crowd. */
const PEOPLE_PER_RUN = 20;
/** Two reads a second for each account. */
const PAUSE_MS = 550;
/** Waits after the first, second, … failure that may pass; then it is given up. */
const RETRY_MS = [15_000, 60_000, 5 * 60_000, 30 * 60_000];
/** An account that cannot be asked at all, until somebody has looked after it. */
const ACCOUNT_REST_MS = 15 * 60_000;

/**
 * Reads the profiles of people whose provider gave no name with their message, for accounts of any tenant, until nothing
 * is due or `signal` is aborted. Webhooks of Meta carry an id alone, and asking within them would make them late.
 * @returns how many people were asked for
 */
export async function readDueProfiles(ctx: MessagingContext, signal: AbortSignal): Promise<number> {
  const due = await ctx.store.run(listDueProfiles, { limit: LISTED, keepMs: KEEP_MS });
  const accounts = [...groupByAccount(due).values()];
  let asked = 0;
  const work = async () => {
    for (let people = accounts.shift(); people && !signal.aborted; people = accounts.shift()) {
      asked += await readOfAccount(ctx, people.slice(0, PEOPLE_PER_RUN), signal);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  return asked;
}

function groupByAccount(due: DueProfile[]): Map<string, DueProfile[]> {
  const groups = new Map<string, DueProfile[]>();
  for (const person of due) {
    const key = JSON.stringify([person.tenantId, person.accountId]);
    groups.set(key, [...(groups.get(key) ?? []), person]);
  }
  return groups;
}

async function readOfAccount(
  ctx: MessagingContext,
  people: DueProfile[],
  signal: AbortSignal,
): Promise<number> {
  const [first] = people;
  if (!first) return 0;
  const { tenantId, accountId } = first;
  const tenant = ctx.store.forTenant(tenantId);
  const rest = (forMs: number | null) =>
    tenant.run(postponeProfilesOfAccount, { accountId, forMs });
  let asked = 0;
  try {
    const connection = await openConnection(ctx, tenantId, accountId);
    const provider = ctx.providers.get(connection.account.provider);
    if (!provider?.readPerson) {
      await rest(null);
      return 0;
    }
    const readPerson = provider.readPerson.bind(provider);
    const pace = createPace(ctx.store, { tenantId, accountId }, PAUSE_MS);
    for (const person of people) {
      if (signal.aborted) break;
      const isAsked = await readOne(ctx, person, () =>
        pace.call(() => readPerson(connection, person.externalId)),
      );
      if (isAsked) asked += 1;
    }
  } catch (error) {
    await restAfter(ctx, first, error, rest);
  }
  return asked;
}

/** @throws what concerns the whole account, or the store */
async function readOne(
  ctx: MessagingContext,
  { tenantId, accountId, externalId, dueAt }: DueProfile,
  read: () => ReturnType<NonNullable<Provider['readPerson']>>,
): Promise<boolean> {
  const tenant = ctx.store.forTenant(tenantId);
  const identity = { accountId, externalId };
  const taken = await tenant.run(takeProfile, { identity, dueAt, leaseMs: LEASE_MS });
  if (!taken) return false;
  try {
    const { name, username } = await read();
    await tenant.run(keepProfile, { identity, name, username });
  } catch (error) {
    if (!(error instanceof SendError) || concernsAccount(error)) throw error;
    // Most refusals are for good: the person has not consented, or has never written.
    const forMs = (error.retryable && RETRY_MS[taken.failures]) || null;
    await tenant.run(postponeProfile, { identity, forMs, failures: taken.failures + 1 });
    ctx.logger.debug('A profile could not be read.', { tenantId, accountId, reason: error.reason });
  }
  return true;
}

function concernsAccount(error: SendError): boolean {
  return error instanceof RateLimitedError || error instanceof TokenExpiredError;
}

async function restAfter(
  ctx: MessagingContext,
  { tenantId, accountId }: DueProfile,
  error: unknown,
  rest: (forMs: number) => Promise<void>,
): Promise<void> {
  if (error instanceof MustRest) return rest(error.forMs);
  if (error instanceof RateLimitedError) return rest(error.retryAfterMs);
  // A store that fails: the lease runs out, and whoever comes then begins there.
  if (error instanceof StoreError || !(error instanceof OmnichannelError)) throw error;
  const reason = describeError(error);
  if (error instanceof TokenExpiredError) {
    await noteAccountStatus(ctx, tenantId, accountId, 'expired', reason);
  }
  ctx.logger.debug('Profiles could not be read.', { tenantId, accountId, reason });
  await rest(ACCOUNT_REST_MS);
}
