import { NotFoundError } from '../../model';
import type { ProviderRegistry } from '../../providers/provider';
import {
  beat,
  countHours,
  listEndedSilences,
  listQuietAccounts,
  type QuietAccount,
} from '../../store/instance/listening';
import { readAccount } from '../accounts.unit';
import { getAccount } from '../accounts';
import type { AccountsContext } from '../context';
import { factsOf } from './facts';
import { alarmAt, HISTORY_HOURS, HOUR_MS, learnRhythm } from './rhythm';
import {
  checkSilenceSettings,
  readSilenceSettings,
  rulesOf,
  SHORTEST_MINIMUM_MS,
  type SilenceSettings,
} from './settings';
import {
  endSilence,
  noteJudgement,
  raiseSilence,
  readWatch,
  saveSilenceSettings,
} from './silence.unit';
import { zoneOf } from '../../tenants/zone';

export interface SilenceContext extends AccountsContext {
  providers: ProviderRegistry;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;
/** A pause that long is one in which messages may have been missed; a restart is none. */
export const DOWN_AFTER_MS = 10 * MINUTE_MS;
/** What is fetched begins a little before: clocks differ, and the last message may have been cut off. */
const MARGIN_MS = 10 * MINUTE_MS;
/** Nobody wants to be told by a machine what came more than a week ago. */
const LONGEST_MS = 7 * DAY_MS;
/** A transaction of this package lasts a few seconds at most; then a lower seq is visible, too. */
const SETTLED_AFTER_MS = MINUTE_MS;
const EVENTS_PER_UNIT = 2_000;
const ACCOUNTS_PER_RUN = 500;

export interface Watched {
  /** See Beat: an installation that was down for so long has asked for what it missed. */
  downForMs: number | null;
  judged: number;
  raised: number;
  ended: number;
}

/**
 * Looks once whether accounts have fallen silent: notes that somebody listens, counts what the log has new, ends
 * silences, and judges those accounts whose quiet is new or whose alarm is due. Costs a message nothing: it reads the
 * log behind them. To be called every minute, by one process.
 * @throws StoreError; what goes wrong with one account is logged and spares the others
 */
export async function watchSilence(ctx: SilenceContext, signal?: AbortSignal): Promise<Watched> {
  const providers = [...ctx.providers.values()].filter(({ missed }) => missed).map(({ id }) => id);
  const asking = { providers, marginMs: MARGIN_MS, longestMs: LONGEST_MS };
  const heard = await ctx.store.run(beat, { ...asking, pauseMs: DOWN_AFTER_MS });
  if (heard.downForMs !== null) {
    ctx.logger.info('Nobody was listening for a while; missed messages are fetched now.', {
      minutes: Math.round(heard.downForMs / MINUTE_MS),
      accounts: heard.asked,
    });
  }
  const recordedBy = ctx.clock.now() - SETTLED_AFTER_MS;
  const counting = { ...asking, recordedBy, limit: EVENTS_PER_UNIT };
  while (!signal?.aborted && (await ctx.store.run(countHours, counting)) === EVENTS_PER_UNIT);
  const watched: Watched = { downForMs: heard.downForMs, judged: 0, raised: 0, ended: 0 };
  for (const { tenantId, accountId } of await ctx.store.run(listEndedSilences, null)) {
    const name = await ctx.store.forTenant(tenantId).run(endSilence, { accountId });
    if (name === undefined) continue;
    watched.ended += 1;
    ctx.logger.info('An account that was silent receives again.', { account: name });
  }
  const quiet = await ctx.store.run(listQuietAccounts, {
    quietForMs: SHORTEST_MINIMUM_MS,
    listeningSince: heard.listeningSince,
    limit: ACCOUNTS_PER_RUN,
  });
  for (const account of quiet) {
    if (signal?.aborted) break;
    watched.judged += 1;
    if (await judge(ctx, account)) watched.raised += 1;
  }
  return watched;
}

/** @returns whether it was told as silent */
async function judge(
  ctx: SilenceContext,
  { tenantId, accountId, quietSince }: QuietAccount,
): Promise<boolean> {
  const tenant = ctx.store.forTenant(tenantId);
  const now = ctx.clock.now();
  const fromHour = Math.floor(quietSince / HOUR_MS) - HISTORY_HOURS;
  const { watch, hours, doors } = await tenant.run(readWatch, { accountId, fromHour });
  const settings = readSilenceSettings(watch?.settings ?? null);
  const zone = zoneOf(settings.timeZone);
  const rhythm = settings.enabled ? learnRhythm(hours, quietSince, zone) : null;
  const due = rhythm && alarmAt(rhythm, quietSince, rulesOf(settings, zone));
  if (rhythm === null || due === null || due > now) {
    await tenant.run(noteJudgement, { accountId, quietSince, alarmAt: due });
    return false;
  }
  const account = await getAccount(ctx, tenantId, accountId);
  const provider = ctx.providers.get(account.provider);
  const own = doors.filter((door) => door.provider === account.provider).map(({ url }) => url);
  const facts = factsOf(
    account,
    { since: quietSince, now, rhythm },
    own,
    provider?.whenSilent ?? [],
  );
  const lastHeard = account.lastReceivedAt ?? quietSince;
  const fetchSince = provider?.missed ? Math.max(lastHeard - MARGIN_MS, now - LONGEST_MS) : null;
  const raised = await tenant.run(raiseSilence, { accountId, quietSince, facts, fetchSince });
  if (raised) {
    ctx.logger.warn(`The account "${account.name}" has fallen silent.`, {
      tenantId,
      accountId,
      hours: facts.silentForHours,
    });
  }
  return raised;
}

export interface SilenceState {
  settings: SilenceSettings;
  /** Since when the account is silent, epoch ms; null: it is not. */
  silentSince: number | null;
}

/** @throws NotFoundError when this tenant has no such account */
export async function getSilence(
  ctx: AccountsContext,
  tenantId: string,
  accountId: string,
): Promise<SilenceState> {
  const tenant = ctx.store.forTenant(tenantId);
  if (!(await tenant.run(readAccount, { accountId }))) throw noSuchAccount(accountId);
  const { watch } = await tenant.run(readWatch, { accountId, fromHour: Number.MAX_SAFE_INTEGER });
  return {
    settings: readSilenceSettings(watch?.settings ?? null),
    silentSince: watch?.silent_since ?? null,
  };
}

/**
 * Changes when an account's silence is worth an alarm; what is left out stays.
 * @throws InvalidInputError naming the field; NotFoundError when this tenant has no such account
 */
export async function setSilenceSettings(
  ctx: AccountsContext,
  tenantId: string,
  accountId: string,
  change: Partial<SilenceSettings>,
): Promise<SilenceSettings> {
  const { settings: before } = await getSilence(ctx, tenantId, accountId);
  const settings = checkSilenceSettings({ ...before, ...change });
  const json = JSON.stringify(settings);
  const isSaved = await ctx.store
    .forTenant(tenantId)
    .run(saveSilenceSettings, { accountId, settings: json });
  if (!isSaved) throw noSuchAccount(accountId);
  return settings;
}

function noSuchAccount(accountId: string): NotFoundError {
  return new NotFoundError('The account', accountId, { hint: 'Choose an account of this tenant.' });
}
