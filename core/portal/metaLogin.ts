import {
  InvalidInputError,
  ProviderError,
  SendError,
  TokenExpiredError,
  type LoginSecrets,
} from '../model';
import {
  accessOfLogin,
  createMetaConnections,
  exchangeCode,
  loginOfCredential,
  missingPermissions,
  readPermissions,
  type MadeToken,
  type MetaApp,
} from '../providers/meta';
import type { DiscoveredAccount } from '../providers/provider';
import type { PortalContext } from './context';
import { PortalFailure, type FailureCode } from './failures';

/** What a login at Meta led to: kept sealed until the person has chosen. */
export interface FoundLogin {
  /** With the token of the dialog, which lives an hour: it becomes one that lasts when accounts are connected. */
  secrets: LoginSecrets;
  /** The person, or the Instagram account: by the same one again the former login is renewed. */
  subjectId: string;
  accounts: DiscoveredAccount[];
}

/**
 * The code of the dialog becomes a token, and the accounts that it leads to. A code works once.
 * @throws PortalFailure with what the person can do about it
 */
export async function finishLogin(
  ctx: PortalContext,
  app: MetaApp,
  returned: { code: string; redirectUri: string },
): Promise<FoundLogin> {
  try {
    const made = await exchangeCode(ctx.http, app, returned);
    const secrets = secretsOf(app, made);
    const keeper = createMetaConnections(ctx.http, ctx.clock);
    const { subjectId = made.userId } = await keeper.inspect(secrets);
    if (subjectId === null) throw new PortalFailure('provider_refused');
    const granted = await grantedOf(ctx, secrets, made);
    const accounts = await keeper.discover(secrets, granted ?? undefined);
    mustBeUsable(app, accounts, granted);
    return { secrets, subjectId, accounts };
  } catch (error) {
    throw asFailure(ctx, error);
  }
}

function secretsOf(app: MetaApp, { accessToken }: MadeToken): LoginSecrets {
  const isInstagram = app.login === 'instagram';
  return loginOfCredential({
    login: app.login,
    accessToken,
    ...(isInstagram
      ? { instagramAppId: app.appId, instagramAppSecret: app.appSecret }
      : { appId: app.appId, appSecret: app.appSecret }),
    graphVersion: app.graphVersion ?? '',
    graphBaseUrl: app.graphBaseUrl ?? '',
    instagramGraphBaseUrl: app.instagramGraphBaseUrl ?? '',
  });
}

/** Instagram says it with the token, if at all; Facebook when asked. */
async function grantedOf(
  ctx: PortalContext,
  secrets: LoginSecrets,
  made: MadeToken,
): Promise<string[] | null> {
  if (secrets.login === 'instagram') return made.permissions;
  return (await readPermissions(ctx.http, accessOfLogin(secrets))).granted;
}

/** Nothing found, or nothing that could ever be answered from: said now, not on a card that does not work. */
function mustBeUsable(
  app: MetaApp,
  accounts: readonly DiscoveredAccount[],
  granted: readonly string[] | null,
): void {
  if (accounts.length === 0) throw new PortalFailure('no_account_found');
  if (granted === null) return;
  const lacking = accounts.map(
    ({ channel }) => missingPermissions(app.login, channel, granted).essential,
  );
  if (lacking.every((names) => names.length > 0)) {
    const permissions = [...new Set(lacking.flat())];
    throw new PortalFailure('permission_missing', { details: { permissions } });
  }
}

/** What Meta refused, in the words of the page; the log has Meta's own. Anything else stays what it is. */
export function asFailure(ctx: Pick<PortalContext, 'logger'>, error: unknown): unknown {
  if (!(error instanceof SendError || error instanceof InvalidInputError)) return error;
  ctx.logger.warn(`Meta refused a call of the connect page. ${error.message}`, {
    hint: error.hint,
  });
  return new PortalFailure(codeOf(error), { cause: error });
}

function codeOf(error: SendError | InvalidInputError): FailureCode {
  if (error instanceof InvalidInputError) return 'no_account_found';
  if (error instanceof TokenExpiredError) return 'provider_refused';
  if (!(error instanceof ProviderError)) return 'provider_down';
  if (blamesApp(error)) return 'app_misconfigured';
  switch (error.retryClass) {
    case 'rate':
    case 'unavailable':
    case 'ambiguous':
      return 'provider_down';
    case 'permission':
      return 'permission_missing';
    case 'configuration':
      return 'app_misconfigured';
    default:
      return 'provider_refused';
  }
}

/** Meta has no code for it: "Error validating client secret" comes with the same code 1 as an outage. */
function blamesApp({ details }: ProviderError): boolean {
  const { providerMessage } = details;
  return (
    typeof providerMessage === 'string' &&
    /client[ _]?(secret|id)|redirect[ _]?uri|application id/i.test(providerMessage)
  );
}
