import { InvalidInputError, NotFoundError } from '../../model';
import type { MessagingContext } from '../../messaging/context';
import { toScheduledItem } from './item';
import { readScheduled, readScheduledPage } from './list.unit';
import { cancelScheduledRow, moveScheduledRow, type Changed } from './scheduled.unit';
import { FURTHEST_MS } from './timing';
import type { ScheduledItem } from './types';

export interface ListScheduledInput {
  tenantId: string;
  /** Default: those that wait. */
  states?: readonly ('waiting' | 'done' | 'cancelled')[] | undefined;
  /** Epoch ms of when they are meant to go, from inclusive, to exclusive. */
  from?: number | undefined;
  to?: number | undefined;
  contactId?: string | undefined;
  accountId?: string | undefined;
  conversationId?: string | undefined;
  categories?: readonly string[] | undefined;
  limit: number;
  cursor: string | null;
}

/** What goes to whom, when and why, the next first, page by page. @throws InvalidInputError for the cursor */
export async function listScheduled(
  ctx: MessagingContext,
  { tenantId, limit, cursor, states = ['waiting'], ...filter }: ListScheduledInput,
): Promise<{ items: ScheduledItem[]; nextCursor: string | null }> {
  const found = await ctx.store.forTenant(tenantId).run(readScheduledPage, {
    filter: { ...filter, states },
    after: readCursor(cursor),
    limit: limit + 1,
  });
  const page = found.slice(0, limit);
  const last = page.at(-1)?.row;
  return {
    items: page.map((one) => toScheduledItem(ctx, one)),
    nextCursor: found.length > limit && last ? `${last.due_at}.${last.id}` : null,
  };
}

/** @throws NotFoundError */
export async function getScheduled(
  ctx: MessagingContext,
  tenantId: string,
  id: string,
): Promise<ScheduledItem> {
  const found = await ctx.store.forTenant(tenantId).run(readScheduled, { id });
  if (!found) throw noSuchMessage(id);
  return toScheduledItem(ctx, found);
}

/**
 * Takes a message back. One that was cancelled already stays so.
 * @throws NotFoundError; InvalidInputError where it has gone, or is on its way
 */
export async function cancelScheduled(
  ctx: MessagingContext,
  tenantId: string,
  id: string,
): Promise<ScheduledItem> {
  const changed = await ctx.store.forTenant(tenantId).run(cancelScheduledRow, { id });
  if (!(changed.kind === 'over' && changed.row.state === 'cancelled')) {
    requireChanged(changed, id, 'cancelled');
  }
  return getScheduled(ctx, tenantId, id);
}

export interface RescheduleInput {
  tenantId: string;
  id: string;
  /** Epoch ms; a moment that has passed means: now. */
  dueAt: number;
  /** Epoch ms; null takes the limit away, undefined leaves it. */
  beforeAt?: number | null | undefined;
}

/** Moves a message. @throws NotFoundError; InvalidInputError where it has gone, is on its way, or for the times */
export async function rescheduleMessage(
  ctx: MessagingContext,
  { tenantId, id, dueAt, beforeAt }: RescheduleInput,
): Promise<ScheduledItem> {
  const now = ctx.clock.now();
  if (!Number.isFinite(dueAt) || dueAt > now + FURTHEST_MS) {
    throw new InvalidInputError('Send At', 'A message can be moved to 400 days ahead at most.', {
      hint: 'Give a date and a time, such as 2026-11-25T14:00.',
    });
  }
  const present = await getScheduled(ctx, tenantId, id);
  const limit =
    beforeAt === undefined && present.mustGoBefore ? Date.parse(present.mustGoBefore) : beforeAt;
  const at = Math.max(Math.floor(dueAt), now);
  if (limit !== undefined && limit !== null && limit <= at) {
    throw new InvalidInputError(
      'Send At',
      `This message must go before ${new Date(limit).toISOString()}.`,
      { hint: 'Choose an earlier time, or change Must Go Before as well.' },
    );
  }
  const changed = await ctx.store
    .forTenant(tenantId)
    .run(moveScheduledRow, { id, dueAt: at, beforeAt });
  requireChanged(changed, id, 'moved');
  return getScheduled(ctx, tenantId, id);
}

function requireChanged(changed: Changed, id: string, verb: string): void {
  switch (changed.kind) {
    case 'changed':
      return;
    case 'missing':
      throw noSuchMessage(id);
    case 'underWay':
      throw new InvalidInputError(
        'Scheduled Message',
        `The message "${id}" is going out at this very moment and can no longer be ${verb}.`,
        { hint: 'Look at it with "Get Scheduled" in a minute to see what became of it.' },
      );
    case 'over':
      throw new InvalidInputError(
        'Scheduled Message',
        changed.row.state === 'cancelled'
          ? `The message "${id}" was cancelled before and cannot be ${verb}.`
          : `The message "${id}" has had its turn and can no longer be ${verb}.`,
        { hint: 'See under "Get Scheduled" how it ended; send a new message instead.' },
      );
  }
}

function noSuchMessage(id: string): NotFoundError {
  return new NotFoundError('The scheduled message', id, {
    hint: 'Take the id from "Get Scheduled", or from scheduled.id of the result of the send.',
  });
}

function readCursor(cursor: string | null): { dueAt: number; id: string } | null {
  if (cursor === null) return null;
  const [, dueAt, id] = /^(-?\d{1,16})\.([0-9A-Z]{26})$/.exec(cursor) ?? [];
  if (dueAt && id) return { dueAt: Number(dueAt), id };
  throw new InvalidInputError('Cursor', `"${cursor}" is no cursor of this list.`, {
    hint: 'Use the nextCursor of the last item of the page before.',
  });
}
