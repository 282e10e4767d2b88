import type { HttpClient } from '../../http/client';
import { ProviderError } from '../../model';
import { asId, asList, asObject, asText } from '../graph/json';
import type { JsonObject } from '../graph/json';
import type { ProviderConnection } from '../provider';
import { accessOf, createCloudClient } from './client';
import { failureOf } from './errors';
import { nextPage, pageQuery } from './paging';
import type { Page, PageRequest } from './paging';

const INVALID_VALUE = 131009;

/** What became of one person in a call that blocks or unblocks. */
export interface BlockResult {
  user: string;
  externalId: string | null;
  done: boolean;
  /** Why not, for people. */
  detail: string | null;
}

/** Only people who wrote within the last 24 hours can be blocked. */
export async function blockUsers(
  http: HttpClient,
  connection: ProviderConnection,
  users: readonly string[],
): Promise<BlockResult[]> {
  return callBlockUsers(http, connection, users, 'POST', 'added_users');
}

export async function unblockUsers(
  http: HttpClient,
  connection: ProviderConnection,
  users: readonly string[],
): Promise<BlockResult[]> {
  return callBlockUsers(http, connection, users, 'DELETE', 'removed_users');
}

/** The people whom the number has blocked, by WhatsApp's ids. */
export async function listBlockedUsers(
  http: HttpClient,
  connection: ProviderConnection,
  page: PageRequest,
): Promise<Page<string>> {
  const { account } = connection;
  const answer = await createCloudClient({ http }).call(accessOf(connection), {
    method: 'GET',
    path: [account.externalId, 'block_users'],
    query: pageQuery(page),
    subject: `the block list of "${account.name}"`,
  });
  const items = asList(answer.data).flatMap((item) => {
    const person = asObject(item);
    return asId(person?.wa_id) ?? asId(person?.user_id) ?? [];
  });
  return { items, nextCursor: nextPage(answer) };
}

async function callBlockUsers(
  http: HttpClient,
  connection: ProviderConnection,
  users: readonly string[],
  method: 'POST' | 'DELETE',
  doneKey: string,
): Promise<BlockResult[]> {
  const { account } = connection;
  const call = createCloudClient({ http }).call(accessOf(connection), {
    method,
    path: [account.externalId, 'block_users'],
    body: { messaging_product: 'whatsapp', block_users: users.map((user) => ({ user })) },
    subject: `the block list of "${account.name}"`,
  });
  const answer = await call.catch((error: unknown) => {
    throw withReason(error);
  });
  const list = asObject(answer.block_users);
  return [
    ...asList(list?.[doneKey]).flatMap((item) => resultOf(asObject(item), true)),
    ...asList(list?.failed_users).flatMap((item) => resultOf(asObject(item), false)),
  ];
}

/** Where nobody of the list could be changed, Meta refuses the call as a wrong value. */
function withReason(error: unknown): unknown {
  if (!(error instanceof ProviderError) || error.providerCode !== INVALID_VALUE) return error;
  const { reason, message, retryClass, providerCode, details } = error;
  return new ProviderError(reason, message, retryClass, providerCode, null, {
    hint: 'Check the number. Only who wrote within the last 24 hours can be blocked.',
    details,
    cause: error,
  });
}

function resultOf(item: JsonObject | null, done: boolean): BlockResult[] {
  if (item === null) return [];
  const failure = failureOf(asList(item.errors)[0], 'It');
  return [
    {
      user: asText(item.input) ?? asId(item.wa_id) ?? '',
      externalId: asId(item.wa_id) ?? asId(item.user_id),
      done,
      detail: done ? null : (failure?.detail ?? 'WhatsApp does not say why.'),
    },
  ];
}
