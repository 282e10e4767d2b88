import type { HttpClient } from '../../http/client';
import { InvalidInputError } from '../../model';
import type { AccountSecrets, LoginSecrets } from '../../model';
import { choiceOf } from '../choice';
import type { DiscoveredAccount } from '../provider';
import { accessOfLogin, loginOfCredential } from './access';
import type { MetaCredential } from './access';
import { createGraphClient } from './client';
import { readInstagramOwner } from './instagramLogin';
import { CREDENTIAL_FIELDS, listPages, readPage, readTokenOwner } from './pages';
import type { FoundPage } from './pages';
import { missingPermissions } from './permissions';

/**
 * The accounts behind a credential, with the token that it holds. See discoverAccounts.
 * @throws InvalidInputError naming the credential's field (token, app secret, page); SendError from Meta
 */
export async function discoverMetaAccounts(
  http: HttpClient,
  credential: MetaCredential,
): Promise<DiscoveredAccount[]> {
  return discoverAccounts(http, loginOfCredential(credential));
}

/**
 * The accounts that a login leads to. Facebook Login: one `messenger` account per Page and, where one is linked, one
 * `instagram` account, each with the token that speaks for the Page; with a Page ID only that Page, without one every
 * Page of the token's user, or the one Page whose token it is. Instagram Login: the account that logged in.
 * @param permissions what was granted, where it is known: without the essential ones an account has a `problem`
 * @throws InvalidInputError naming the credential's field (token, app secret, page); SendError from Meta
 */
export async function discoverAccounts(
  http: HttpClient,
  login: LoginSecrets,
  permissions?: readonly string[],
): Promise<DiscoveredAccount[]> {
  const all =
    login.login === 'instagram'
      ? [await instagramAccount(http, login)]
      : (await findPages(http, login)).flatMap((page) => accountsOfPage(page, login));
  const { onlyAccounts } = login;
  const found = onlyAccounts ? all.filter((one) => onlyAccounts.includes(choiceOf(one))) : all;
  return permissions === undefined
    ? found
    : found.map((account) => withPermissions(account, login, permissions));
}

/**
 * The credential's test: token, app secret and Page are each asked for.
 * @returns whom Meta knows by this credential: the Page, the Pages of a user, or the Instagram account
 * @throws like discoverMetaAccounts
 */
export async function checkMetaCredential(
  http: HttpClient,
  credential: MetaCredential,
): Promise<{ name: string }> {
  const login = loginOfCredential(credential);
  if (login.login === 'instagram') return { name: (await instagramAccount(http, login)).name };
  const pages = await findPages(http, login);
  return { name: pages.map(({ name }) => name).join(', ') };
}

async function findPages(http: HttpClient, login: LoginSecrets): Promise<FoundPage[]> {
  mustHaveToken(login);
  const access = accessOfLogin(login);
  const graph = createGraphClient({ http });
  const owner = await readTokenOwner(graph, access);
  const pageId = login.pageId?.trim();
  return pageId
    ? [await readPage(graph, access, owner, pageId)]
    : await listPages(graph, access, owner);
}

function mustHaveToken({ accessToken }: LoginSecrets): void {
  if (accessToken !== '') return;
  throw new InvalidInputError(CREDENTIAL_FIELDS.token, 'The credential has no access token.', {
    hint: 'Paste the token of the Page, or of a user who manages it.',
  });
}

function accountsOfPage(page: FoundPage, login: LoginSecrets): DiscoveredAccount[] {
  const { id, name, problem, instagram } = page;
  const shared = {
    secrets: secretsOf(login, page.accessToken),
    expiresAt: null,
    ...(problem === null ? {} : { problem }),
  };
  const messenger: DiscoveredAccount = {
    ...shared,
    channel: 'messenger',
    externalId: id,
    parentExternalId: null,
    name,
  };
  if (instagram === null) return [messenger];
  const linked: DiscoveredAccount = {
    ...shared,
    channel: 'instagram',
    externalId: instagram.id,
    parentExternalId: id,
    parentName: name,
    name: instagram.name,
    username: instagram.username,
    pictureUrl: instagram.pictureUrl,
  };
  return [messenger, linked];
}

async function instagramAccount(http: HttpClient, login: LoginSecrets): Promise<DiscoveredAccount> {
  mustHaveToken(login);
  const { id, name, username, pictureUrl } = await readInstagramOwner(http, accessOfLogin(login));
  return {
    channel: 'instagram',
    externalId: id,
    parentExternalId: null,
    name,
    username,
    pictureUrl,
    secrets: { ...secretsOf(login, login.accessToken), login: 'instagram' },
    expiresAt: null,
  };
}

function secretsOf(login: LoginSecrets, accessToken: string | null): AccountSecrets {
  const { appId, appSecret, apiBaseUrl, apiVersion } = login;
  return {
    ...(accessToken === null ? {} : { accessToken }),
    apiBaseUrl,
    apiVersion,
    ...(appId ? { appId } : {}),
    ...(appSecret ? { appSecret } : {}),
  };
}

function withPermissions(
  account: DiscoveredAccount,
  { login }: LoginSecrets,
  granted: readonly string[],
): DiscoveredAccount {
  const { essential } = missingPermissions(login, account.channel, granted);
  if (account.problem !== undefined || essential.length === 0) return account;
  return { ...account, problem: missingSentence(account.name, essential) };
}

function missingSentence(name: string, permissions: readonly string[]): string {
  return `"${name}" was connected without ${permissions.join(' and ')}, so no message goes or comes. Connect again and leave it ticked in the dialog; if it is not offered there, the app lacks it (App Review).`;
}
