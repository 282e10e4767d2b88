import { connectLogin, fingerprintOf } from '../accounts/connectLogin';
import { InvalidInputError, SendError, TokenExpiredError, describeError } from '../model';
import {
  accessOfCredential,
  connectAddress,
  connectedSince,
  loginOfNotificaMe,
  workingChannels,
  type HubChannel,
} from '../providers/notificame';
import { choiceOf } from '../providers/choice';
import { listOpenWalks } from '../store/instance/oauthStates';
import type { OauthStateRow } from '../store/statements/oauthStates';
import {
  leaveAttempt,
  openRow,
  recentRows,
  settleAttempt,
  takeAttempt,
  type Attempt,
  type ClaimedAttempt,
} from './attempts';
import type { HubLogin } from './card';
import { shownAccount } from './cards';
import type { PortalContext } from './context';
import { PortalFailure, type FailureCode } from './failures';
import { mustBeOpen, type ConnectLink } from './links';
import { connectTypeOf, hubFor, hubLoginOf, type HubSetup, type PortalSetup } from './setup';

/*
 * NotificaMe's own window gives nothing back: no code, no state, and the word that it posts to the page that opened it
 * does not reach a page in the sandbox, whose origin is none. What came of it is seen in the hub's list of channels,
 * which is asked every few seconds: while somebody looks at the page by the page's calls, and otherwise by a runner. All
 * that the asking needs lies sealed in the store, so whoever asks next, in whichever process, goes on with it.
 */

/** What a walk through the window is followed by. */
interface HubWalk extends HubSetup {
  /** The ids of the channels that worked before it opened, but the one that is to be connected again. */
  before: string[];
}

const ASK_EVERY_MS = 3_000;
/** While the hub does not answer. */
const ASK_AGAIN_MS = 10_000;
/** Longer than the few calls that one look makes. */
const LOOK_LEASE_MS = 60_000;
const MAX_WALKS = 50;

/**
 * Where the window goes. What worked before is stored first: whoever dies in between leaves a walk that ends by itself.
 * @throws PortalFailure `login_unavailable`, `hub_down`, `hub_refused`
 */
export async function leaveForHub(
  ctx: PortalContext,
  setup: PortalSetup,
  link: ConnectLink,
  attempt: Attempt & { login: HubLogin },
): Promise<string> {
  const hub = hubFor(setup, link);
  if (!hub) throw new PortalFailure('login_unavailable');
  const access = accessOfCredential(hub.credential);
  const begun = { attempt, secret: null, leaseUntil: null };
  try {
    const again = await channelToReconnect(ctx, setup, link, attempt);
    const working = await workingChannels(ctx.http, access);
    const before = working.filter((id) => id !== again);
    const { credentialId, credential } = hub;
    const secret: HubWalk = { credentialId, credential, before };
    await leaveAttempt(ctx, begun, { secret, until: ctx.clock.now() + ASK_EVERY_MS });
  } catch (error) {
    const failure = asHubFailure(ctx, error);
    if (!failure) throw error;
    await settleAttempt(ctx, begun, { stage: 'failed', secret: null, error: failure.code });
    throw failure;
  }
  const redirectOrigin = new URL(setup.pageUrl).origin;
  return connectAddress(access, { type: connectTypeOf(attempt.login), redirectOrigin });
}

async function channelToReconnect(
  ctx: PortalContext,
  setup: PortalSetup,
  link: ConnectLink,
  { accountId, tenantId }: Attempt,
): Promise<string | null> {
  if (accountId === null) return null;
  return (await shownAccount(ctx, setup, link, tenantId, accountId)).account.externalId;
}

/** Looks for what the walks of a link came to. Nobody waits for it: what it finds shows with the page's next state. */
export function lookAtHub(ctx: PortalContext, link: ConnectLink): void {
  void recentRows(ctx, link)
    .then((rows) => lookAt(ctx, rows.filter(isOpen)))
    .catch((error: unknown) => {
      ctx.logger.warn(`A login at NotificaMe could not be followed. ${describeError(error)}`);
    });
}

/** Looks at every walk that is under way, also where the page was closed. For the one runner of the installation. */
export async function followHubWalks(ctx: PortalContext, signal?: AbortSignal): Promise<void> {
  const rows = await ctx.store.run(listOpenWalks, { login: HUB_PREFIX, limit: MAX_WALKS });
  await lookAt(ctx, rows, signal);
}

const HUB_PREFIX = 'notificame-';

function isOpen({ login, stage }: OauthStateRow): boolean {
  return stage === 'started' && login.startsWith(HUB_PREFIX);
}

/**
 * What worked before is not stored yet: whoever leads the person to the window has this walk, and nobody else touches
 * it. One that stays so was left by a process that died, and ends with its time.
 */
function isStillLeaving({ clock }: PortalContext, { sealed, expires_at }: OauthStateRow): boolean {
  return sealed === null && expires_at > clock.now();
}

async function lookAt(
  ctx: PortalContext,
  rows: readonly OauthStateRow[],
  signal?: AbortSignal,
): Promise<void> {
  for (const row of rows) {
    if (signal?.aborted) return;
    if (isStillLeaving(ctx, row)) continue;
    try {
      await look(ctx, await takeAttempt(ctx, openRow<HubWalk>(ctx, row), LOOK_LEASE_MS));
    } catch (error) {
      // Another process looks at it, or did a moment ago.
      if (!(error instanceof PortalFailure && error.code === 'login_busy')) throw error;
    }
  }
}

async function look(ctx: PortalContext, taken: ClaimedAttempt<HubWalk>): Promise<void> {
  const { attempt, secret } = taken;
  const fail = (error: FailureCode) =>
    settleAttempt(ctx, taken, { stage: 'failed', secret: null, error });
  const wait = (ms: number) =>
    leaveAttempt(ctx, taken, { secret: null, until: ctx.clock.now() + ms });
  try {
    await mustBeOpen(ctx, attempt);
    const found = secret === null ? [] : await newChannels(ctx, attempt, secret);
    if (secret !== null && found.length > 0) {
      const accountIds = await connectChannels(ctx, attempt, secret, found);
      await settleAttempt(ctx, taken, { stage: 'connected', secret: null, accountIds });
    } else if (attempt.expiresAt <= ctx.clock.now()) {
      await fail(secret === null ? 'login_expired' : 'hub_nothing_found');
    } else {
      await wait(ASK_EVERY_MS);
    }
  } catch (error) {
    const failure = asHubFailure(ctx, error);
    if (!failure) throw error;
    const isOver = failure.code !== 'hub_down' || attempt.expiresAt <= ctx.clock.now();
    await (isOver ? fail(failure.code) : wait(ASK_AGAIN_MS));
  }
}

/** Of the kind that this window connects: another one came out of another window. */
async function newChannels(
  ctx: PortalContext,
  { login }: Attempt,
  { credential, before }: HubWalk,
): Promise<HubChannel[]> {
  const found = await connectedSince(ctx.http, accessOfCredential(credential), before);
  return found.filter(({ channel }) => channel !== null && hubLoginOf(channel) === login);
}

/** The credential's accounts are read anew, so that its doors and lists have the new ones at once. */
async function connectChannels(
  ctx: PortalContext,
  { tenantId }: Attempt,
  { credentialId, credential }: HubWalk,
  found: readonly HubChannel[],
): Promise<string[]> {
  const ids = new Set(found.map(({ id }) => id));
  const accounts = await connectLogin(ctx, {
    tenantId,
    provider: 'notificame',
    source: { kind: 'credential', id: credentialId },
    fingerprint: fingerprintOf(ctx, credential),
    secrets: loginOfNotificaMe(credential),
    isFresh: false,
    reconnects: found.flatMap(({ channel, id }) =>
      channel === null ? [] : [choiceOf({ channel, externalId: id })],
    ),
  });
  return accounts.filter(({ externalId }) => ids.has(externalId)).map(({ id }) => id);
}

/** What the hub refused, in the words of the page; the log has the hub's own. Null for anything else. */
function asHubFailure(ctx: PortalContext, error: unknown): PortalFailure | null {
  if (error instanceof PortalFailure) return error.code === 'login_busy' ? null : error;
  if (!(error instanceof SendError || error instanceof InvalidInputError)) return null;
  ctx.logger.warn(`NotificaMe refused a call of the connect page. ${error.message}`, {
    hint: error.hint,
  });
  const isDown = error instanceof SendError && error.retryable;
  const isToken = error instanceof TokenExpiredError;
  return new PortalFailure(isDown && !isToken ? 'hub_down' : 'hub_refused', { cause: error });
}
