import { InvalidInputError, ProviderError } from '../../model';
import type { GraphAccess, GraphClient } from './client';
import { asId, asList, asObject, asText } from '../graph/json';
import type { JsonObject } from '../graph/json';

/** The credential's fields, as its panel names them. */
export const CREDENTIAL_FIELDS = {
  token: 'Access Token',
  appSecret: 'App Secret',
  page: 'Page ID',
} as const;

const INSTAGRAM_FIELD = 'instagram_business_account{id,username,name,profile_picture_url}';
/** 100 Pages each: far above what one login holds, and an end for a list that turns in circles. */
const MAX_LIST_CALLS = 50;

export interface TokenOwner {
  id: string;
  name: string;
}

/** A Page, the token that speaks for it, and the Instagram account that is linked to it. */
export interface FoundPage {
  id: string;
  name: string;
  /** Null where the person who logged in may look at the Page but not speak for it. */
  accessToken: string | null;
  /** Why nothing can be sent from the Page, in words; null when something can. */
  problem: string | null;
  instagram: FoundInstagram | null;
}

export interface FoundInstagram {
  id: string;
  name: string;
  username: string | null;
  pictureUrl: string | null;
}

/**
 * Whose token it is: a Page's own name for the token of a Page, else a person's or system user's. The call has
 * nothing that could be wrong but token and proof, so code 100 means the app secret.
 */
export async function readTokenOwner(graph: GraphClient, access: GraphAccess): Promise<TokenOwner> {
  const me = await graph
    .call(access, {
      method: 'GET',
      path: ['me'],
      query: { fields: 'id,name' },
      subject: 'the token of the credential',
    })
    .catch((error: unknown) => {
      throw isCode(error, 100) || isCode(error, 104) ? wrongAppSecret(access, error) : error;
    });
  const id = asId(me.id) ?? '';
  return { id, name: asText(me.name) ?? id };
}

/** One Page with its own token: the given one where it is the Page's, else the one its user may have. */
export async function readPage(
  graph: GraphClient,
  access: GraphAccess,
  owner: TokenOwner,
  pageId: string,
): Promise<FoundPage> {
  const page = await graph
    .call(access, {
      method: 'GET',
      path: [pageId],
      query: { fields: `name,${INSTAGRAM_FIELD}` },
      subject: `the Page ${pageId}`,
    })
    .catch((error: unknown) => {
      throw isCode(error, 100) || isCode(error, 803) ? unknownPage(pageId, error) : error;
    });
  const isOwnToken = owner.id === pageId;
  const accessToken = isOwnToken ? access.accessToken : await tokenOfPage(graph, access, pageId);
  return { ...foundPage(page, pageId), accessToken, problem: null };
}

/** A user's token is good for asking, but only the Page's own for sending. */
async function tokenOfPage(
  graph: GraphClient,
  access: GraphAccess,
  pageId: string,
): Promise<string> {
  const page = await graph.call(access, {
    method: 'GET',
    path: [pageId],
    query: { fields: 'access_token' },
    subject: `the token of the Page ${pageId}`,
  });
  const token = asText(page.access_token);
  if (token !== null) return token;
  throw new InvalidInputError(
    CREDENTIAL_FIELDS.token,
    `The token does not belong to the Page ${pageId}.`,
    {
      hint: 'Use the token of this Page, or of a user who manages it with pages_show_list and pages_messaging.',
    },
  );
}

/**
 * Every Page of the token's user, each with its own token. The token of a Page has no such list:
 * then it is that Page alone.
 */
export async function listPages(
  graph: GraphClient,
  access: GraphAccess,
  owner: TokenOwner,
): Promise<FoundPage[]> {
  const pages: FoundPage[] = [];
  let query: Record<string, string> | null = {
    fields: `id,name,access_token,tasks,category,${INSTAGRAM_FIELD}`,
    limit: '100',
  };
  for (let calls = 0; query !== null && calls < MAX_LIST_CALLS; calls += 1) {
    const answer = await listCall(graph, access, query);
    if (answer === null) return [await readPage(graph, access, owner, owner.id)];
    pages.push(...asList(answer.data).flatMap((page) => listedPage(asObject(page))));
    query = nextQuery(answer);
  }
  if (pages.length > 0) return pages;
  throw new InvalidInputError(CREDENTIAL_FIELDS.token, 'The token gives access to no Page.', {
    hint: 'Make it again and tick the Page in the dialog; it needs pages_show_list and pages_messaging.',
  });
}

/** Null for a token that has no list of Pages. */
async function listCall(
  graph: GraphClient,
  access: GraphAccess,
  query: Record<string, string>,
): Promise<JsonObject | null> {
  try {
    const subject = 'the list of Pages';
    return await graph.call(access, { method: 'GET', path: ['me', 'accounts'], query, subject });
  } catch (error) {
    if (isCode(error, 100)) return null;
    throw error;
  }
}

function listedPage(page: JsonObject | null): FoundPage[] {
  const id = asId(page?.id);
  if (page === null || id === null) return [];
  const found = foundPage(page, id);
  const accessToken = asText(page.access_token);
  return [{ ...found, accessToken, problem: problemOf(found.name, accessToken, page.tasks) }];
}

/** The task of whoever may write as the Page; of what this login may do Meta lists the rest beside it. */
const MESSAGING_TASK = 'MESSAGING';

function problemOf(name: string, accessToken: string | null, tasks: unknown): string | null {
  const next =
    'Let an admin of the Page give them the task "Messages" (Page settings, Page access), then connect again.';
  if (accessToken === null) {
    return `Facebook gives no token for the Page "${name}": whoever logged in may look at it, but not speak for it. ${next}`;
  }
  if (!Array.isArray(tasks) || tasks.includes(MESSAGING_TASK)) return null;
  return `Whoever logged in does not have the task MESSAGING on the Page "${name}", so nothing can be sent from it. ${next}`;
}

/**
 * What `paging.next` asks for, without its host and token: the next call goes where the first went and carries
 * its own token and proof.
 */
function nextQuery(answer: JsonObject): Record<string, string> | null {
  const url = URL.parse(asText(asObject(answer.paging)?.next) ?? '');
  if (url === null) return null;
  const query = Object.fromEntries(url.searchParams);
  delete query.access_token;
  delete query.appsecret_proof;
  return query;
}

function foundPage(page: JsonObject, id: string): Omit<FoundPage, 'accessToken' | 'problem'> {
  const name = asText(page.name) ?? `Page ${id}`;
  const account = asObject(page.instagram_business_account);
  const instagramId = asId(account?.id);
  return {
    id,
    name,
    instagram:
      account === null || instagramId === null
        ? null
        : { ...instagramOf(account, `${name} (Instagram)`), id: instagramId },
  };
}

/** Name, handle and picture of an Instagram account, as every host of Meta gives them. */
export function instagramOf(account: JsonObject, nameless: string): Omit<FoundInstagram, 'id'> {
  const username = asText(account.username);
  const name = username === null ? asText(account.name) : `@${username}`;
  return { name: name ?? nameless, username, pictureUrl: asText(account.profile_picture_url) };
}

function wrongAppSecret(access: GraphAccess, cause: unknown): InvalidInputError {
  const given = access.appSecret !== undefined;
  return new InvalidInputError(
    CREDENTIAL_FIELDS.appSecret,
    given
      ? 'The app secret is not that of the app which made the token.'
      : 'The app accepts calls with its app secret only, and the credential has none.',
    { hint: 'Copy it from the dashboard of this app (App settings, Basic).', cause },
  );
}

function unknownPage(pageId: string, cause: unknown): InvalidInputError {
  return new InvalidInputError(
    CREDENTIAL_FIELDS.page,
    `The Page ${pageId} does not exist, or the token has no access to it.`,
    { hint: 'Check the Page ID, and that the token was made for this Page.', cause },
  );
}

function isCode(error: unknown, code: number): boolean {
  return error instanceof ProviderError && error.providerCode === code;
}
