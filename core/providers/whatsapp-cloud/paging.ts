import { asObject, asText } from '../graph/json';
import type { JsonObject } from '../graph/json';

export interface PageRequest {
  limit: number;
  /** Null: from the beginning. */
  cursor: string | null;
}

export interface Page<T> {
  items: T[];
  /** Null: this is the last page. */
  nextCursor: string | null;
}

/** The management API gives at most so many rows at once. */
const LARGEST_PAGE = 100;

export function pageQuery({ limit, cursor }: PageRequest): Record<string, string> {
  return {
    limit: String(Math.min(Math.max(1, limit), LARGEST_PAGE)),
    ...(cursor === null ? {} : { after: cursor }),
  };
}

/** The cursor of the next page; without `paging.next` there is none, whatever cursors stand there. */
export function nextPage(answer: JsonObject): string | null {
  const paging = asObject(answer.paging);
  if (asText(paging?.next) === null) return null;
  return asText(asObject(paging?.cursors)?.after);
}
