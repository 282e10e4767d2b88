import type { HttpClient } from '../../http/client';
import { InvalidInputError } from '../../model';
import type { AccountSecrets } from '../../model';
import type { DiscoveredAccount } from '../provider';
import { accessOfCredential } from './access';
import type { MetaCredential } from './access';
import { createGraphClient } from './client';
import type { GraphAccess } from './client';
import { CREDENTIAL_FIELDS, listPages, readPage, readTokenOwner } from './pages';
import type { FoundPage } from './pages';

/**
 * The accounts behind a credential: one `messenger` account per Page and, where one is linked, one `instagram`
 * account, each with the token that speaks for the Page. With a Page ID only that Page; without one every Page
 * of the token's user, or the one Page whose token it is.
 * @throws InvalidInputError naming the credential's field (token, app secret, page); SendError from Meta
 */
export async function discoverMetaAccounts(
  http: HttpClient,
  credential: MetaCredential,
): Promise<DiscoveredAccount[]> {
  const { access, pages } = await findPages(http, credential);
  return pages.flatMap((page) => accountsOfPage(page, access, credential.appId?.trim()));
}

/**
 * The credential's test: token, app secret and Page are each asked for.
 * @returns whom Meta knows by this credential: the Page, or the Pages of a user
 * @throws like discoverMetaAccounts
 */
export async function checkMetaCredential(
  http: HttpClient,
  credential: MetaCredential,
): Promise<{ name: string }> {
  const { pages } = await findPages(http, credential);
  return { name: pages.map(({ name }) => name).join(', ') };
}

async function findPages(
  http: HttpClient,
  credential: MetaCredential,
): Promise<{ access: GraphAccess; pages: FoundPage[] }> {
  const access = accessOfCredential(credential);
  if (access.accessToken === '') {
    throw new InvalidInputError(CREDENTIAL_FIELDS.token, 'The credential has no access token.', {
      hint: 'Paste the token of the Page, or of a user who manages it.',
    });
  }
  const graph = createGraphClient({ http });
  const owner = await readTokenOwner(graph, access);
  const pageId = credential.pageId?.trim();
  const pages = pageId
    ? [await readPage(graph, access, owner, pageId)]
    : await listPages(graph, access, owner);
  return { access, pages };
}

function accountsOfPage(
  page: FoundPage,
  access: GraphAccess,
  appId: string | undefined,
): DiscoveredAccount[] {
  const secrets: AccountSecrets = {
    accessToken: page.accessToken,
    apiBaseUrl: access.baseUrl,
    apiVersion: access.version,
    ...(appId ? { appId } : {}),
    ...(access.appSecret ? { appSecret: access.appSecret } : {}),
  };
  const { id, name, instagram } = page;
  const shared = { secrets, expiresAt: null };
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
    name: instagram.name,
  };
  return [messenger, linked];
}
