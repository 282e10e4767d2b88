import { describeError, StoreError } from '../model';
import { checkAccount, disconnectAccount, renewAccount } from './actions';
import { listLinks, listTenants, mustPermit, withdrawLink } from './admin';
import {
  bodyOf,
  failureAnswer,
  headerOf,
  jsonAnswer,
  redirectAnswer,
  textOf,
  type PortalRequest,
  type PortalResponse,
} from './answers';
import { offerLogin } from './attempts';
import { shownAccount } from './cards';
import type { PortalContext } from './context';
import { deletionStatus, receiveDeauthorisation, receiveDeletion } from './deletion';
import { PortalFailure } from './failures';
import { openLink, type ConnectLink } from './links';
import { chooseAccounts, completeLogin, loginAgain } from './login';
import { receiveReturn, startLogin } from './navigation';
import { pictureAnswer } from './pictures';
import { asLogin, mustOffer, type PortalSetup } from './setup';
import { readPageState } from './state';
import { streamAnswer } from './stream';
import { Allowance } from './throttle';

/** A person with a broken link tries a few times; a script more often. */
const wrongTokens = new Allowance(30, 5 * 60_000);
/** What makes the provider work: far above what a person clicks. */
const providerCalls = new Allowance(60, 60_000);

/** A call of somebody who holds a link. */
interface LinkCall {
  ctx: PortalContext;
  setup: PortalSetup;
  request: PortalRequest;
  link: ConnectLink;
  /** Whose accounts it is about: the link's tenant, or the one that a link for all of them names. */
  tenantId: string;
}

type Handler = (call: LinkCall) => Promise<PortalResponse>;

const READS: Readonly<Record<string, Handler>> = {
  state: async ({ ctx, setup, link, tenantId }) =>
    jsonAnswer(200, await readPageState(ctx, setup, link, tenantId)),
  events: async ({ ctx, setup, request, link, tenantId }) => {
    // The link is looked at anew each time: withdrawing it ends its streams too.
    const read = async () => {
      const present = await openLink(ctx, tokenOf(request), setup.served);
      return JSON.stringify(await readPageState(ctx, setup, present, tenantId));
    };
    return (
      streamAnswer(ctx, tenantId, read) ??
      jsonAnswer(200, await readPageState(ctx, setup, link, tenantId))
    );
  },
  picture: async ({ ctx, setup, request, link, tenantId }) => {
    const { account } = await shownAccount(
      ctx,
      setup,
      link,
      tenantId,
      textOf(request.query, 'account'),
    );
    return await pictureAnswer(ctx, setup, account);
  },
  links: async ({ ctx, link, tenantId }) => jsonAnswer(200, await listLinks(ctx, link, tenantId)),
  tenants: async ({ ctx, link }) => jsonAnswer(200, await listTenants(ctx, link)),
};

const ACTS: Readonly<Record<string, Handler>> = {
  start: async ({ ctx, setup, request, link, tenantId }) => {
    const body = bodyOf(request);
    const login = asLogin(body.login);
    if (tenantId !== link.tenantId) throw new PortalFailure('login_unavailable');
    mustOffer(setup, link, login);
    const accountId = body.accountId === undefined ? null : textOf(body, 'accountId');
    if (accountId !== null) await shownAccount(ctx, setup, link, tenantId, accountId);
    const offer = await offerLogin(ctx, link, { pageId: setup.pageId, login, accountId });
    const { id: attemptId, ticket, expiresAt } = offer;
    return jsonAnswer(200, { attemptId, path: `start/${ticket}`, expiresAt });
  },
  check: async (call) => jsonAnswer(200, await act(call, checkAccount)),
  renew: async (call) => jsonAnswer(200, await act(call, renewAccount)),
  disconnect: async (call) => jsonAnswer(200, await act(call, disconnectAccount)),
  revokeLink: async ({ ctx, request, link, tenantId }) =>
    jsonAnswer(200, await withdrawLink(ctx, link, tenantId, textOf(bodyOf(request), 'linkId'))),
};

async function act(
  { ctx, setup, request, link, tenantId }: LinkCall,
  action: typeof checkAccount,
): Promise<unknown> {
  const accountId = textOf(bodyOf(request), 'accountId');
  providerCalls.spend(link.id, ctx.clock.now());
  return { card: await action(ctx, setup, link, tenantId, accountId) };
}

/** What the window of a login asks with its claim. */
const CLAIMED: Readonly<
  Record<
    string,
    (
      ctx: PortalContext,
      setup: PortalSetup,
      claim: string,
      request: PortalRequest,
    ) => Promise<unknown>
  >
> = {
  complete: (ctx, setup, claim) => completeLogin(ctx, setup, claim),
  choose: (ctx, setup, claim, request) => {
    const { ids } = bodyOf(request);
    const chosen = Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
    return chooseAccounts(ctx, setup, claim, chosen);
  },
  again: (ctx, setup, claim) => loginAgain(ctx, setup, claim),
};

/**
 * Every call of the hosted pages but the page itself (see page.ts), which needs no store. Never rejects: whatever goes
 * wrong is an answer that the page has a text for.
 */
export async function handlePortalCall(
  ctx: PortalContext,
  setup: PortalSetup,
  request: PortalRequest,
): Promise<PortalResponse> {
  try {
    return await guarded(ctx, request, () => route(ctx, setup, request));
  } catch (error) {
    return answerTo(request, asPortalFailure(ctx, error));
  }
}

/** What a page cannot be shown for; also for callers that got no further than opening the store. */
export function portalErrorAnswer(
  ctx: Pick<PortalContext, 'logger'>,
  request: PortalRequest,
  error: unknown,
): PortalResponse {
  return answerTo(request, asPortalFailure(ctx, error));
}

async function route(
  ctx: PortalContext,
  setup: PortalSetup,
  request: PortalRequest,
): Promise<PortalResponse> {
  const { method, path, query } = request;
  const [folder = '', last = ''] = path.split('/');
  switch (`${method} ${folder}`) {
    case 'GET start':
      return await startLogin(ctx, setup, last, query);
    case 'GET callback':
      return await receiveReturn(ctx, setup, query);
    case 'GET deletion':
      // The page shows it; a code that is none shows there.
      return redirectAnswer(`../connect#d.${encodeURIComponent(last)}`);
    case 'POST meta':
      if (last === 'deauthorize') return await receiveDeauthorisation(ctx, setup, request);
      if (last === 'data-deletion') return await receiveDeletion(ctx, setup, request);
      break;
    case 'GET api':
      if (last === 'deletion') {
        return jsonAnswer(200, await deletionStatus(ctx, tokenOf(request) ?? ''));
      }
      return await callWithLink(READS, last, ctx, setup, request);
    case 'POST api': {
      const claimed = Object.hasOwn(CLAIMED, last) ? CLAIMED[last] : undefined;
      if (claimed) {
        return jsonAnswer(200, await claimed(ctx, setup, tokenOf(request) ?? '', request));
      }
      return await callWithLink(ACTS, last, ctx, setup, request);
    }
  }
  throw new PortalFailure('not_found');
}

async function callWithLink(
  handlers: Readonly<Record<string, Handler>>,
  name: string,
  ctx: PortalContext,
  setup: PortalSetup,
  request: PortalRequest,
): Promise<PortalResponse> {
  const link = await openLink(ctx, tokenOf(request), setup.served);
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
  if (!handler) throw new PortalFailure('not_found');
  const wanted = headerOf(request, 'x-connect-tenant');
  const tenantId = wanted === undefined || wanted === '' ? link.tenantId : wanted;
  if (tenantId !== link.tenantId) mustPermit(link, 'instance');
  return await handler({ ctx, setup, request, link, tenantId });
}

function tokenOf(request: PortalRequest): string | undefined {
  return headerOf(request, 'x-connect-token');
}

/** Counts wrong tokens by caller and, after many, listens to that caller no more for a while. */
async function guarded(
  ctx: PortalContext,
  request: PortalRequest,
  call: () => Promise<PortalResponse>,
): Promise<PortalResponse> {
  const { client } = request;
  wrongTokens.check(client, ctx.clock.now());
  try {
    return await call();
  } catch (error) {
    const isWrong =
      error instanceof PortalFailure &&
      (error.code === 'link_invalid' || error.code === 'login_invalid');
    if (isWrong) wrongTokens.note(client, ctx.clock.now());
    throw error;
  }
}

function asPortalFailure(ctx: Pick<PortalContext, 'logger'>, error: unknown): PortalFailure {
  if (error instanceof PortalFailure) return error;
  ctx.logger.error(`A call of the connect page failed. ${describeError(error)}`);
  const isAway = error instanceof StoreError && error.retryable;
  return new PortalFailure(isAway ? 'store_away' : 'internal', { cause: error });
}

/** A browser is led to the page, which has the words; a program gets them as they are. */
function answerTo(request: PortalRequest, failure: PortalFailure): PortalResponse {
  const [folder] = request.path.split('/');
  if (request.method === 'GET' && folder === 'start') {
    return redirectAnswer(`../connect#e.${failure.code}`);
  }
  if (request.method === 'GET' && folder === 'callback') {
    return redirectAnswer(`connect#e.${failure.code}`);
  }
  return failureAnswer(failure);
}
