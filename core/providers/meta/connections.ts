import type { HttpClient } from '../../http/client';
import { InvalidInputError, ProviderError, TokenExpiredError } from '../../model';
import type { Account, Clock, LoginSecrets, MetaLogin } from '../../model';
import type { ConnectionKeeper, LoginFacts, ProviderConnection, Subscription } from '../provider';
import { accessOfConnection, accessOfLogin, pageIdOf, selfOf } from './access';
import { createGraphClient } from './client';
import { inspectToken } from './debugToken';
import type { TokenFacts } from './debugToken';
import { discoverAccounts } from './discover';
import { readInstagramOwner } from './instagramLogin';
import { extendToken, REFRESH_AFTER_MS, renewToken } from './oauth';
import type { MetaApp } from './oauth';
import { missingPermissions } from './permissions';
import { getPageSubscription, subscribePage, unsubscribePage } from './subscribe';
import { ASSET_WEBHOOK_FIELDS } from './webhookFields';

/** Tokens of the dialog live one or two hours, exchanged ones 60 days: nothing lies between. */
const SHORT_LIFE_MS = 24 * 3_600_000;

/** Subcode of an error 190: the token has reached its end. */
const ENDED = 463;

/** Meta's logins and accounts, kept alive: both logins, each by its own rules. */
export function createMetaConnections(http: HttpClient, clock: Clock): ConnectionKeeper {
  return {
    extend: async (login) => await extendToken(http, appOf(login), login.accessToken),
    renew: async (login) => await renewToken(http, appOf(login), login.accessToken),
    renewableAfterMs: ({ login }) => (login === 'instagram' ? REFRESH_AFTER_MS : 0),
    inspect: (login) =>
      login.login === 'instagram'
        ? inspectInstagram(http, login)
        : inspectFacebook(http, login, clock.now()),
    discover: (login, permissions) => discoverAccounts(http, login, permissions),
    endedNaturally: ({ details }) => details.code === 190 && details.subcode === ENDED,
    verify: (connection) => verify(http, connection),
    missingPermissions: (account, granted) =>
      missingPermissions(loginOf(account), account.channel, granted),
    pageOf,
    // The subscription belongs to the Page and covers its Instagram account.
    subscribedAsset: pageIdOf,
    subscription: (connection) => subscriptionOf(http, connection),
    subscribe: (connection) => subscribePage(http, connection),
    async unsubscribe(connection) {
      await unsubscribePage(http, connection);
      return true;
    },
  };
}

/** An Instagram account that speaks through no Page came by Instagram Login. */
function loginOf({ channel, parentExternalId }: Account): MetaLogin {
  return channel === 'instagram' && parentExternalId === null ? 'instagram' : 'facebook';
}

function pageOf(account: Account): { id: string; name: string | null } | null {
  if (loginOf(account) === 'instagram') return null;
  const { parentExternalId, parentName, externalId, name } = account;
  return parentExternalId === null
    ? { id: externalId, name }
    : { id: parentExternalId, name: parentName };
}

/** Instagram has no debug_token: that the account answers is all there is to know. */
async function inspectInstagram(http: HttpClient, login: LoginSecrets): Promise<LoginFacts> {
  const { id } = await readInstagramOwner(http, accessOfLogin(login));
  return { subjectId: id, renewable: true, isShortLived: false };
}

async function inspectFacebook(
  http: HttpClient,
  login: LoginSecrets,
  now: number,
): Promise<LoginFacts> {
  const told = await askAboutToken(http, login);
  if (told?.problem) throw told.problem;
  if (!told) {
    await verifyToken(http, login);
    return { renewable: false, isShortLived: false };
  }
  const { userId, issuedAt, expiresAt, dataAccessExpiresAt, permissions } = told;
  // The token of a Page or a system user cannot be exchanged.
  const renewable = told.type === 'USER' && expiresAt !== null;
  return {
    ...(userId === null ? {} : { subjectId: userId }),
    ...(issuedAt === null ? {} : { issuedAt }),
    expiresAt,
    dataAccessExpiresAt,
    permissions,
    renewable,
    isShortLived: renewable && expiresAt - (issuedAt ?? now) < SHORT_LIFE_MS,
  };
}

/** Null where Meta cannot be asked: id or secret of the app are missing, or not those of the token's app. */
async function askAboutToken(http: HttpClient, login: LoginSecrets): Promise<TokenFacts | null> {
  const { appId, appSecret, apiBaseUrl: baseUrl, apiVersion: version } = login;
  if (!appId || !appSecret) return null;
  try {
    const app = { appId, appSecret, baseUrl, version };
    return await inspectToken(http, app, login.accessToken);
  } catch (error) {
    // That the app's own token is refused says nothing about the one in question.
    const isAnswer = error instanceof ProviderError || error instanceof TokenExpiredError;
    if (isAnswer && !error.retryable) return null;
    throw error;
  }
}

async function subscriptionOf(
  http: HttpClient,
  connection: ProviderConnection,
): Promise<Subscription> {
  const fields = await getPageSubscription(http, connection);
  const wanted = ASSET_WEBHOOK_FIELDS[connection.secrets.login ?? 'facebook'];
  const isSubscribed = fields.length > 0;
  return { isSubscribed, fields, missing: wanted.filter((field) => !fields.includes(field)) };
}

async function verifyToken(http: HttpClient, login: LoginSecrets): Promise<void> {
  await createGraphClient({ http }).call(accessOfLogin(login), {
    method: 'GET',
    path: ['me'],
    query: { fields: 'id' },
    subject: 'the token',
  });
}

async function verify(http: HttpClient, connection: ProviderConnection): Promise<void> {
  const { account, secrets } = connection;
  await createGraphClient({ http }).call(accessOfConnection(connection), {
    method: 'GET',
    path: [selfOf(connection)],
    query: { fields: secrets.login === 'instagram' ? 'user_id' : 'id' },
    subject: `a look at "${account.name}"`,
  });
}

function appOf(login: LoginSecrets): MetaApp {
  const { appId, appSecret, apiBaseUrl, apiVersion } = login;
  if (!appId || !appSecret) {
    throw new InvalidInputError(
      'App Secret',
      'A token can only be exchanged with the ID and the secret of its app, and the credential lacks one.',
      { hint: 'Fill in both, from App settings, Basic in the dashboard of the app.' },
    );
  }
  return {
    login: login.login,
    appId,
    appSecret,
    graphVersion: apiVersion,
    graphBaseUrl: apiBaseUrl,
    instagramGraphBaseUrl: apiBaseUrl,
  };
}
