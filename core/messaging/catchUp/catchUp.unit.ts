import { connectionEvent } from '../../accounts/status';
import type { InboundContact, UnreadableConversation } from '../../model';
import type { UnreadableMessage } from '../../providers/missed';
import { findAccount, type AccountRow } from '../../store/statements/accounts';
import {
  claimCatchUp,
  findCatchUp,
  requestCatchUp,
  updateCatchUp,
  type CatchUpClaim,
  type CatchUpRequest,
  type CatchUpRow,
} from '../../store/statements/catchUps';
import { findContactByIdentity } from '../../store/statements/contacts';
import { appendEvent } from '../../store/statements/events';
import { findLimits } from '../../store/statements/limits';
import { findMessagesByProviderIds, listMessagesBetween } from '../../store/statements/messages';
import { tenantUnit, type TenantTx } from '../../store/unit';
import { recordArrivals } from '../inbound/record';
import type { PreparedEvent } from '../inbound/scope';
import { isReadEvent, SAME_MOMENT_MS, SECOND_MS, takeTwin } from './match';
import { toCatchUpResult } from './result';

/** More conversations than that are counted and not listed. */
const LISTED_UNREADABLE = 100;

/** @returns undefined when this tenant has no such account */
export const askForCatchUp = tenantUnit(
  __filename,
  'askForCatchUp',
  async (
    tx,
    { accountId, ...request }: CatchUpRequest & { accountId: string },
  ): Promise<CatchUpRow | undefined> =>
    (await findAccount(tx, accountId)) && requestCatchUp(tx, accountId, request),
);

export const readCatchUp = tenantUnit(
  __filename,
  'readCatchUp',
  async (tx, { accountId }: { accountId: string }): Promise<CatchUpRow | undefined> =>
    findCatchUp(tx, accountId),
);

/** @returns undefined when somebody else is at it, or it is done */
export const takeCatchUp = tenantUnit(
  __filename,
  'takeCatchUp',
  async (
    tx,
    { claim, leaseMs }: { claim: CatchUpClaim; leaseMs: number },
  ): Promise<CatchUpRow | undefined> => {
    const now = await tx.databaseNow();
    return claimCatchUp(tx, claim, now, now + leaseMs);
  },
);

export interface RecordReadArgs {
  claim: CatchUpClaim;
  leaseMs: number;
  events: PreparedEvent[];
  unreadable: UnreadableMessage[];
  /** Older ones than those in `unreadable` may be missing, too. */
  hasMore: boolean;
  person: InboundContact | null;
}

/**
 * Stores what was read of one conversation and is not here already, and notes how far the catch-up is; together or not
 * at all.
 * @returns undefined when the claim no longer holds: stop
 */
export const recordReadConversation = tenantUnit(
  __filename,
  'recordReadConversation',
  async (tx, args: RecordReadArgs): Promise<CatchUpRow | undefined> => {
    const { claim, leaseMs } = args;
    const leaseUntil = (await tx.databaseNow()) + leaseMs;
    const job = await updateCatchUp(tx, claim, { lease_until: leaseUntil });
    const account = job && (await findAccount(tx, claim.accountId));
    if (!job || !account) return undefined;
    const missed = await onlyMissed(tx, account, args, job.since);
    const { items } = await recordArrivals(
      tx,
      missed.map((prepared) => ({ prepared, account, siblings: [account.id] })),
      {},
    );
    const told = (type: string) => items.filter(({ event }) => event === type).length;
    return updateCatchUp(tx, claim, {
      conversations: job.conversations + 1,
      messages: job.messages + told('message.received'),
      echoes: job.echoes + told('message.echo'),
      unreadable: JSON.stringify(await withUnreadable(tx, job, args)),
    });
  },
);

/** Without what is too old, known by its id, or came by webhook without one or under another. */
async function onlyMissed(
  tx: TenantTx,
  account: AccountRow,
  { events, person }: RecordReadArgs,
  since: number,
): Promise<PreparedEvent[]> {
  const young = events.filter(
    ({ event }) => isReadEvent(event) && event.occurredAt + SECOND_MS > since,
  );
  const ids = young.flatMap(({ event }) => (isReadEvent(event) && event.providerId) || []);
  const known = await knownIds(tx, account.id, ids);
  const strangers = young.filter(
    ({ event }) => isReadEvent(event) && !known.has(event.providerId ?? ''),
  );
  const [first, last] = [strangers[0], strangers.at(-1)];
  if (!first || !last) return [];
  const contact = person && (await findContactByIdentity(tx, account.id, person.externalId));
  if (!contact) return strangers;
  const here = await listMessagesBetween(tx, account.id, contact.id, {
    from: first.event.occurredAt - SAME_MOMENT_MS,
    to: last.event.occurredAt + SAME_MOMENT_MS,
  });
  const shown = new Set(
    events.flatMap(({ event }) => (isReadEvent(event) && event.providerId) || []),
  );
  const unnamed = here.filter(({ provider_id }) => !shown.has(provider_id ?? ''));
  return strangers.filter(({ event }) => !(isReadEvent(event) && takeTwin(unnamed, event)));
}

async function knownIds(tx: TenantTx, accountId: string, ids: string[]): Promise<Set<string>> {
  const rows = await findMessagesByProviderIds(tx, accountId, ids);
  return new Set(rows.flatMap((row) => row.provider_id ?? []));
}

async function withUnreadable(
  tx: TenantTx,
  job: CatchUpRow,
  { claim, unreadable, hasMore, person, events }: RecordReadArgs,
): Promise<UnreadableConversation[]> {
  const list = JSON.parse(job.unreadable) as UnreadableConversation[];
  const young = unreadable.filter(({ createdAt }) => createdAt + SECOND_MS > job.since);
  const known = await knownIds(
    tx,
    claim.accountId,
    young.map(({ providerId }) => providerId),
  );
  const times = young
    .filter(({ providerId }) => !known.has(providerId))
    .map(({ createdAt }) => createdAt)
    .sort((a, b) => a - b);
  const [first, last] = [times[0], times.at(-1)];
  // Listed down to before `since`: below that nothing is wanted.
  const oldest = Math.min(
    ...[...events.map(({ event }) => event.occurredAt), ...unreadable.map((one) => one.createdAt)],
  );
  const atLeast = hasMore && oldest >= job.since;
  if (first === undefined || last === undefined || list.length >= LISTED_UNREADABLE) return list;
  const iso = (at: number) => new Date(at).toISOString();
  return [
    ...list,
    { from: person, messages: times.length, atLeast, first: iso(first), last: iso(last) },
  ];
}

export interface TurnPageArgs {
  claim: CatchUpClaim;
  leaseMs: number;
  cursor: string;
}

/** Everything of the page before is stored: whoever goes on begins with the next. */
export const turnPage = tenantUnit(
  __filename,
  'turnPage',
  async (tx, { claim, cursor, leaseMs }: TurnPageArgs): Promise<CatchUpRow | undefined> =>
    updateCatchUp(tx, claim, { cursor, lease_until: (await tx.databaseNow()) + leaseMs }),
);

export interface PostponeArgs {
  claim: CatchUpClaim;
  /** Milliseconds until somebody goes on. */
  forMs: number;
  failures: number;
  error: string | null;
}

export const postponeCatchUp = tenantUnit(
  __filename,
  'postponeCatchUp',
  async (tx, { claim, forMs, failures, error }: PostponeArgs): Promise<CatchUpRow | undefined> =>
    updateCatchUp(tx, claim, {
      next_try_at: (await tx.databaseNow()) + forMs,
      lease_until: null,
      failures,
      error,
    }),
);

export interface EndArgs {
  claim: CatchUpClaim;
  state: 'done' | 'failed';
  error: string | null;
}

/** Ends it, with the event that says what it came to; one that found nothing missing is no news. */
export const endCatchUp = tenantUnit(
  __filename,
  'endCatchUp',
  async (tx, { claim, state, error }: EndArgs): Promise<CatchUpRow | undefined> => {
    const ended = await updateCatchUp(tx, claim, {
      state,
      error,
      cursor: null,
      lease_until: null,
      finished_at: tx.now,
    });
    const account = ended && (await findAccount(tx, claim.accountId));
    if (!ended || !account) return ended;
    const result = toCatchUpResult(ended);
    const isNews =
      state === 'failed' ||
      result.messages + result.sentFromElsewhere + result.unreadable.length > 0;
    if (isNews) {
      await appendEvent(tx, connectionEvent(account, 'connection.caughtUp', tx.now, { ...result }));
    }
    return ended;
  },
);

/** How near its limits the provider says that the account is. */
export interface ProviderLoad {
  /** Milliseconds until it lets anything through. */
  blockedForMs: number;
  /** Of its limit, 0 where it does not say. */
  percent: number;
}

export const readProviderLoad = tenantUnit(
  __filename,
  'readProviderLoad',
  async (tx, { accountId }: { accountId: string }): Promise<ProviderLoad> => {
    const limits = await findLimits(tx, accountId);
    const now = await tx.databaseNow();
    const isBelieved = (limits?.usage_until ?? 0) > now;
    return {
      blockedForMs: Math.max(0, (limits?.blocked_until ?? 0) - now),
      percent: isBelieved ? (limits?.usage_percent ?? 0) : 0,
    };
  },
  { durability: 'normal' },
);
