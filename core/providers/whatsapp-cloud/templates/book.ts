import type { HttpClient } from '../../../http/client';
import { systemClock } from '../../../model';
import type { ProviderConnection } from '../../provider';
import { businessIdOf } from '../subscribe';
import type { MessageTemplate } from './definition';
import { listTemplates } from './manage';

/** Templates change rarely, and a panel asks with each letter that is typed. */
const FRESH_MS = 5 * 60_000;
/** A business account has 250 templates, or 6,000 in several languages. */
const MAX_PAGES = 60;
const PAGE_SIZE = 100;

interface Shelf {
  readAt: number;
  templates: Promise<MessageTemplate[]>;
}

/** Copies of what Meta holds, per HTTP client (so per process and store) and business account. */
const shelves = new WeakMap<HttpClient, Map<string, Shelf>>();

/**
 * Every template of the account's business account, read at most once in five minutes.
 * @param maxAgeMs how old the copy may be; 0 = read anew
 * @throws SendError, InvalidInputError when the business account is not known
 */
export async function templatesOf(
  http: HttpClient,
  connection: ProviderConnection,
  maxAgeMs = FRESH_MS,
): Promise<MessageTemplate[]> {
  const known = shelves.get(http) ?? new Map<string, Shelf>();
  shelves.set(http, known);
  // The token is part of the key: another tenant's may not see what this one saw.
  const { apiBaseUrl = '', accessToken = '' } = connection.secrets;
  const key = JSON.stringify([
    connection.account.tenantId,
    apiBaseUrl,
    businessIdOf(connection),
    accessToken,
  ]);
  const now = systemClock.now();
  const present = known.get(key);
  if (present && now - present.readAt < maxAgeMs) return present.templates;
  const shelf: Shelf = { readAt: now, templates: readAll(http, connection) };
  known.set(key, shelf);
  shelf.templates.catch(() => {
    if (known.get(key) === shelf) known.delete(key);
  });
  return shelf.templates;
}

async function readAll(
  http: HttpClient,
  connection: ProviderConnection,
): Promise<MessageTemplate[]> {
  const templates: MessageTemplate[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const found = await listTemplates(http, connection, {}, { limit: PAGE_SIZE, cursor });
    templates.push(...found.items);
    cursor = found.nextCursor;
    if (cursor === null) break;
  }
  return templates;
}

/** What was created or deleted here must be seen at once. */
export function forgetTemplates(http: HttpClient): void {
  shelves.delete(http);
}
