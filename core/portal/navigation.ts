import { dialogUrl, readDialogReturn } from '../providers/meta';
import { redirectAnswer, type PortalRequest, type PortalResponse } from './answers';
import { beginLogin, returnFromLogin } from './attempts';
import type { PortalContext } from './context';
import { PortalFailure, type FailureCode } from './failures';
import { mustBeOpen } from './links';
import { leaveForHub } from './hubLogin';
import { appFor, isHubLogin, type PortalSetup } from './setup';

/*
 * What a browser opens itself: the way to the provider and the way back. Every answer leads on to the page; what the
 * page is told stands behind `#`.
 */

/** `start/<ticket>`: to the provider's dialog. @throws PortalFailure */
export async function startLogin(
  ctx: PortalContext,
  setup: PortalSetup,
  ticket: string,
  query: PortalRequest['query'],
): Promise<PortalResponse> {
  const { attempt, state } = await beginLogin(ctx, ticket, setup.pageId);
  const link = await mustBeOpen(ctx, attempt);
  const { login } = attempt;
  if (isHubLogin(login)) {
    return redirectAnswer(await leaveForHub(ctx, setup, link, { ...attempt, login }));
  }
  const scopes = setup.scopes?.[login];
  return redirectAnswer(
    dialogUrl(appFor(setup, login), {
      redirectUri: setup.callbackUrl,
      state,
      popup: true,
      // Whoever connects an account again, or left out a permission, is asked for everything once more.
      again: attempt.accountId !== null || query.again === '1',
      ...(scopes ? { scopes } : {}),
      ...(setup.configurationId && login === 'facebook'
        ? { configurationId: setup.configurationId }
        : {}),
    }),
  );
}

/** `callback`: back from the provider. The code is kept sealed until the page that is shown next asks for it. */
export async function receiveReturn(
  ctx: PortalContext,
  setup: PortalSetup,
  query: PortalRequest['query'],
): Promise<PortalResponse> {
  const returned = readDialogReturn(query);
  if (returned.state === null) throw new PortalFailure('login_invalid');
  const came = returned.kind === 'code' ? { code: returned.code } : { failure: refusalOf(query) };
  const { attempt, claim } = await returnFromLogin(ctx, {
    state: returned.state,
    pageId: setup.pageId,
    came,
  });
  await mustBeOpen(ctx, attempt);
  return redirectAnswer(`connect#w.${claim}`);
}

/** The person said no, or the provider did. */
function refusalOf(query: PortalRequest['query']): FailureCode {
  const isDeclined = query.error === 'access_denied' || query.error_reason === 'user_denied';
  return isDeclined ? 'consent_refused' : 'provider_refused';
}
