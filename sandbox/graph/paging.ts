import { badParameter } from './errors.ts';
import { INSTAGRAM_BASE } from '../surfaces.ts';
import type { GraphCall } from './call.ts';

/** One page of a list with the vendor's cursors; `next` repeats the call with its token. */
export function paginate<T>(
  call: GraphCall,
  items: readonly T[],
  limitParam: unknown,
  defaultLimit: number,
): { data: T[]; paging?: Record<string, unknown> } {
  const limit = limitParam === undefined ? defaultLimit : readLimit(limitParam);
  const start = readCursor(call.params.after);
  const data = items.slice(start, start + limit);
  if (data.length === 0) return { data };
  const end = start + data.length;
  const after = writeCursor(end);
  const paging: Record<string, unknown> = { cursors: { before: writeCursor(start), after } };
  if (end < items.length) paging.next = nextAddress(call, after);
  return { data, paging };
}

/** A page of a list inside another object, which has no address of its own to go on from. */
export function nestedPage<T>(items: readonly T[], limit: number): Record<string, unknown> {
  const data = items.slice(0, limit);
  if (data.length === 0) return { data };
  return { data, paging: { cursors: { before: writeCursor(0), after: writeCursor(data.length) } } };
}

function nextAddress(call: GraphCall, after: string): string {
  const base = call.host === 'graph.instagram.com' ? INSTAGRAM_BASE : '';
  const url = new URL(
    `${base}/${call.version}/${call.segments.map(encodeURIComponent).join('/')}`,
    call.context.publicUrl(),
  );
  for (const [key, value] of Object.entries(call.params)) {
    if (key !== 'after') url.searchParams.set(key, String(value));
  }
  url.searchParams.set('access_token', call.rawToken);
  url.searchParams.set('after', after);
  return url.href;
}

function readLimit(value: unknown): number {
  const limit = Number(value);
  if (!Number.isInteger(limit) || limit < 1 || limit > 500) {
    throw badParameter('Param limit must be a number from 1 to 500.');
  }
  return limit;
}

const writeCursor = (position: number): string =>
  Buffer.from(`cursor:${position}`).toString('base64url');

function readCursor(value: unknown): number {
  if (value === undefined) return 0;
  const match = /^cursor:(\d+)$/.exec(
    Buffer.from(typeof value === 'string' ? value : '', 'base64url').toString(),
  );
  if (match === null) throw badParameter('Invalid cursor value passed to after.');
  return Number(match[1]);
}
