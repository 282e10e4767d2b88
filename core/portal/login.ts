import { listAccounts } from '../accounts/accounts';
import type { Account, Channel } from '../model';
import { choiceOf } from '../providers/choice';
import type { DiscoveredAccount } from '../providers/provider';
import {
  offerLogin,
  openClaim,
  settleAttempt,
  takeAttempt,
  type Attempt,
  type ClaimedAttempt,
} from './attempts';
import { connectFound, type Connected } from './connectFound';
import type { PortalContext } from './context';
import { PortalFailure } from './failures';
import { mustBeOpen, type PageLanguage } from './links';
import { finishLogin, type FoundLogin } from './metaLogin';
import { appFor, type PortalSetup } from './setup';

/*
 * The window of a login that came back holds a claim, and nothing else. With it the login is finished, once, whoever
 * loads that window how often.
 */

/** An account that a login led to, as it is offered. */
export interface Choice {
  /** `<channel>:<the provider's id>` */
  id: string;
  channel: Channel;
  name: string;
  pageName: string | null;
  problem: boolean;
}

/** How a login stands, for its window. */
export interface Completion {
  stage: 'choosing' | 'connected' | 'failed';
  language: PageLanguage | null;
  choices: Choice[];
  accounts: Array<{ id: string; channel: Channel; name: string; warning: boolean }>;
  error: string | null;
  permissions: string[];
}

type Secret = { code: string } | FoundLogin;

/**
 * Exchanges the code and finds the accounts; where there is only one, connects it. Whatever ended before is told again.
 * @throws PortalFailure `login_invalid`, `login_expired`, `login_busy`, or why Meta refused the one account: then it is
 * there to be chosen
 */
export async function completeLogin(
  ctx: PortalContext,
  setup: PortalSetup,
  claim: string,
): Promise<Completion> {
  const claimed = await openClaim<Secret>(ctx, claim, setup.pageId);
  const { attempt, secret } = claimed;
  const link = await mustBeOpen(ctx, attempt);
  if (attempt.stage !== 'returned') return await standing(ctx, attempt, secret, link.language);
  const taken = await takeAttempt(ctx, claimed);
  const found = await finishOrFail(ctx, setup, taken);
  if ('failed' in found) return await standing(ctx, found.failed, null, link.language);
  const [only] = found.accounts;
  if (found.accounts.length === 1 && only) {
    return await connectChosen(ctx, taken, found, [choiceOf(only)], link.language);
  }
  const moved = await settleAttempt(ctx, taken, { stage: 'choosing', secret: found });
  return await standing(ctx, moved, found, link.language);
}

/**
 * Connects what the person chose.
 * @throws PortalFailure `nothing_chosen`, `login_invalid`, `login_expired`, `login_busy`, or why Meta refused: then the
 * choice is open again
 */
export async function chooseAccounts(
  ctx: PortalContext,
  setup: PortalSetup,
  claim: string,
  ids: readonly string[],
): Promise<Completion> {
  const claimed = await openClaim<Secret>(ctx, claim, setup.pageId);
  const { attempt, secret } = claimed;
  const link = await mustBeOpen(ctx, attempt);
  // A second click: the first one's end is told.
  if (attempt.stage !== 'choosing') return await standing(ctx, attempt, secret, link.language);
  const found = asFound(secret);
  const known = ids.filter((id) => found.accounts.some((account) => choiceOf(account) === id));
  if (known.length === 0) throw new PortalFailure('nothing_chosen');
  const taken = await takeAttempt(ctx, claimed);
  return await connectChosen(ctx, taken, found, known, link.language);
}

/** The same login once more, for a person whose first try failed. @throws PortalFailure */
export async function loginAgain(
  ctx: PortalContext,
  setup: PortalSetup,
  claim: string,
): Promise<{ path: string }> {
  const { attempt } = await openClaim<Secret>(ctx, claim, setup.pageId);
  if (attempt.stage !== 'failed') throw new PortalFailure('login_used');
  const link = await mustBeOpen(ctx, attempt);
  if (link.expiresAt <= ctx.clock.now()) throw new PortalFailure('link_expired');
  const { login, accountId } = attempt;
  const offer = await offerLogin(ctx, link, { pageId: setup.pageId, login, accountId });
  return { path: `start/${offer.ticket}?again=1` };
}

async function finishOrFail(
  ctx: PortalContext,
  setup: PortalSetup,
  taken: ClaimedAttempt<Secret>,
): Promise<FoundLogin | { failed: Attempt }> {
  const { attempt, secret } = taken;
  try {
    if (secret === null || !('code' in secret)) throw new PortalFailure('login_invalid');
    const returned = { code: secret.code, redirectUri: setup.callbackUrl };
    return await finishLogin(ctx, appFor(setup, attempt.login), returned);
  } catch (error) {
    if (!(error instanceof PortalFailure)) throw error;
    const { permissions } = error.details;
    const missing = Array.isArray(permissions) ? permissions.map(String) : [];
    const end = { stage: 'failed', secret: null, error: error.code, missing } as const;
    return { failed: await settleAttempt(ctx, taken, end) };
  }
}

async function connectChosen(
  ctx: PortalContext,
  taken: ClaimedAttempt<Secret>,
  found: FoundLogin,
  ids: readonly string[],
  language: PageLanguage | null,
): Promise<Completion> {
  const chosen = found.accounts.filter((account) => ids.includes(choiceOf(account)));
  const connected = await connectOrAskAgain(ctx, taken, found, chosen);
  const moved = await settleAttempt(ctx, taken, {
    stage: 'connected',
    secret: null,
    accountIds: connected.map(({ account }) => account.id),
  });
  return { ...blank(moved, language), accounts: connected.map(shown) };
}

/** Where Meta refuses, the person may choose once more. @throws PortalFailure */
async function connectOrAskAgain(
  ctx: PortalContext,
  taken: ClaimedAttempt<Secret>,
  found: FoundLogin,
  chosen: DiscoveredAccount[],
): Promise<Connected[]> {
  try {
    return await connectFound(ctx, taken.attempt.tenantId, { ...found, accounts: chosen });
  } catch (error) {
    if (error instanceof PortalFailure) {
      await settleAttempt(ctx, taken, { stage: 'choosing', secret: found });
    }
    throw error;
  }
}

async function standing(
  ctx: PortalContext,
  attempt: Attempt,
  secret: Secret | null,
  language: PageLanguage | null,
): Promise<Completion> {
  if (attempt.stage === 'choosing') {
    return { ...blank(attempt, language), choices: asFound(secret).accounts.map(asChoice) };
  }
  if (attempt.stage !== 'connected') return blank(attempt, language);
  const accounts = await accountsById(ctx, attempt);
  return {
    ...blank(attempt, language),
    accounts: accounts.map((account) => shown({ account, warning: account.statusReason })),
  };
}

async function accountsById(ctx: PortalContext, attempt: Attempt): Promise<Account[]> {
  const all = await listAccounts(ctx, attempt.tenantId);
  return all.filter(({ id }) => attempt.accountIds.includes(id));
}

function blank(attempt: Attempt, language: PageLanguage | null): Completion {
  const { stage, error, missing } = attempt;
  const told = stage === 'choosing' || stage === 'connected' ? stage : 'failed';
  return { stage: told, language, choices: [], accounts: [], error, permissions: missing };
}

function shown({ account, warning }: Connected): Completion['accounts'][number] {
  const { id, channel, name } = account;
  return { id, channel, name, warning: warning !== null };
}

function asFound(secret: Secret | null): FoundLogin {
  if (secret !== null && 'accounts' in secret) return secret;
  throw new PortalFailure('login_invalid');
}

function asChoice(account: DiscoveredAccount): Choice {
  const { channel, name, parentName, problem } = account;
  return {
    id: choiceOf(account),
    channel,
    name,
    pageName: parentName ?? null,
    problem: problem !== undefined,
  };
}
