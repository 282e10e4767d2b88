import { InvalidInputError, type EventItem } from '../model';
import {
  insertRating,
  lockRating,
  updateRating,
  type RatingRow,
} from '../store/statements/ratings';
import type { TenantTx } from '../store/unit';

/** The scale of what is asked for with buttons; a provider's own form may have another. */
const BEST = 5;

/** What somebody thought, of what. */
export interface Rated {
  rating: number;
  best?: number;
  comment: string | null;
  appointmentId: string | null;
  journeyKey: string | null;
}

/** Who said so, where and when. */
export interface RatedBy {
  contactId: string;
  accountId: string | null;
  conversationId: string | null;
  channel: string | null;
  /** Epoch ms. */
  givenAt: number;
}

/** What became of a rating: told by an event, or known already by an earlier one. */
export type KeptRating =
  | { item: EventItem; duplicate: false }
  | { eventId: string; duplicate: true };

/**
 * Keeps a rating and tells it, together or not at all. Once for each contact and appointment, or due moment: another
 * tap takes the place of the first and is told with what it was before; the same tap again, and one that was given before
 * the one that is kept, changes nothing and is not told. A figure without words leaves the words that were written.
 * @param tell appends the event with this data
 */
export async function keepRating(
  tx: TenantTx,
  rated: Rated,
  by: RatedBy,
  tell: (data: Record<string, unknown>) => Promise<EventItem>,
): Promise<KeptRating> {
  const subject = subjectOf(rated);
  const fresh = {
    contact_id: by.contactId,
    rating: rated.rating,
    best: rated.best ?? BEST,
    comment: rated.comment,
    appointment_id: rated.appointmentId,
    journey_key: rated.journeyKey,
    journey: rated.journeyKey?.split(':')[0] ?? null,
    account_id: by.accountId,
    conversation_id: by.conversationId,
    channel: by.channel,
    given_at: by.givenAt,
  };
  const first = await insertRating(tx, { ...fresh, subject });
  if (first) {
    const item = await tell(dataOf(rated));
    await updateRating(tx, first.id, { event_id: item.id });
    return { item, duplicate: false };
  }
  const known = await lockRating(tx, by.contactId, subject ?? '');
  const comment = rated.comment ?? known.comment;
  if (isKnown(known, rated, comment) || by.givenAt < known.given_at) {
    return { eventId: known.event_id, duplicate: true };
  }
  const previous = { rating: known.rating, comment: known.comment };
  const item = await tell({ ...dataOf({ ...rated, comment }), previous });
  await updateRating(tx, known.id, { ...fresh, comment, event_id: item.id });
  return { item, duplicate: false };
}

/** What an event tells of it: what nobody gave stays away. */
function dataOf({ rating, best, comment, appointmentId, journeyKey }: Rated) {
  return {
    rating,
    ...(best !== undefined && { best }),
    comment,
    ...(appointmentId !== null && { appointmentId }),
    ...(journeyKey !== null && { journeyKey }),
  };
}

function isKnown(known: RatingRow, rated: Rated, comment: string | null): boolean {
  return known.rating === rated.rating && known.comment === comment;
}

/** null: nothing says what it is about, so that each is one of its own. */
function subjectOf({ appointmentId, journeyKey }: Rated): string | null {
  if (appointmentId !== null) return `appointment:${appointmentId}`;
  return journeyKey === null ? null : `journey:${journeyKey}`;
}

/**
 * What is reported of a rating.
 * @throws InvalidInputError naming the field
 */
export function readRating(data: Record<string, unknown>): Rated {
  const rating = typeof data.rating === 'string' ? Number(data.rating.trim()) : data.rating;
  if (typeof rating !== 'number' || !Number.isInteger(rating) || rating < 1 || rating > BEST) {
    const given =
      data.rating === undefined ? 'There is none' : `It is ${JSON.stringify(data.rating)}`;
    throw new InvalidInputError('Rating', `The rating is no whole number from 1 to ${BEST}.`, {
      hint: `${given}. Take it from the button, for example {{ $json.message.buttonPayload.split(':')[2] }} of FEEDBACK:<appointment>:<rating>.`,
    });
  }
  return {
    rating,
    comment: textOf('Comment', data.comment),
    appointmentId: textOf('Appointment ID', data.appointmentId),
    journeyKey: textOf('Journey Key', data.journeyKey),
  };
}

function textOf(field: string, value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw new InvalidInputError(field, `"${field}" is not a text.`);
  return value.trim() || null;
}
