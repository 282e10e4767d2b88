import type { Selectable } from 'kysely';
import type { RatingsTable } from '../ratingTables';
import type { TenantTx } from '../unit';

export type RatingRow = Selectable<RatingsTable>;

export type NewRating = Omit<
  RatingRow,
  'id' | 'tenant_id' | 'event_id' | 'created_at' | 'updated_at'
>;

/** The first rating of its subject by this contact. @returns undefined when there is one, also by a parallel call */
export async function insertRating(
  tx: TenantTx,
  rating: Omit<NewRating, 'subject'> & { subject: string | null },
): Promise<RatingRow | undefined> {
  const id = tx.newId();
  return tx.db
    .insertInto('ratings')
    .values({
      ...rating,
      id,
      subject: rating.subject ?? `rating:${id}`,
      tenant_id: tx.tenantId,
      event_id: '',
      created_at: tx.now,
      updated_at: tx.now,
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'contact_id', 'subject']).doNothing())
    .returningAll()
    .executeTakeFirst();
}

/** Held until the end of the transaction: of two taps the second sees what the first has made of it. */
export async function lockRating(
  tx: TenantTx,
  contactId: string,
  subject: string,
): Promise<RatingRow> {
  let query = tx.db
    .selectFrom('ratings')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', contactId)
    .where('subject', '=', subject);
  if (tx.dialect === 'postgres') query = query.forUpdate();
  return query.executeTakeFirstOrThrow();
}

export async function updateRating(
  tx: TenantTx,
  id: string,
  change: Partial<NewRating> & { event_id?: string },
): Promise<void> {
  await tx.db
    .updateTable('ratings')
    .set({ ...change, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}

export async function listRatingsOfContact(tx: TenantTx, contactId: string): Promise<RatingRow[]> {
  return tx.db
    .selectFrom('ratings')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', contactId)
    .orderBy('given_at')
    .orderBy('id')
    .execute();
}

/** Of two ratings of the same visit the newer one counts. */
export async function moveRatings(tx: TenantTx, from: string, to: string): Promise<void> {
  const own = new Map(
    (await listRatingsOfContact(tx, to)).map((one) => [one.subject, one] as const),
  );
  for (const row of await listRatingsOfContact(tx, from)) {
    const same = own.get(row.subject);
    const older = same && (same.given_at >= row.given_at ? row : same);
    if (older) await deleteRating(tx, older.id);
    if (older === row) continue;
    await tx.db
      .updateTable('ratings')
      .set({ contact_id: to, updated_at: tx.now })
      .where('tenant_id', '=', tx.tenantId)
      .where('id', '=', row.id)
      .execute();
  }
}

async function deleteRating(tx: TenantTx, id: string): Promise<void> {
  await tx.db
    .deleteFrom('ratings')
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}

/** That somebody was content, or not, stays; who, of what and in which words goes. */
export async function forgetRatings(
  tx: TenantTx,
  contactId: string,
  anonymousId: string,
): Promise<void> {
  for (const { id } of await listRatingsOfContact(tx, contactId)) {
    await tx.db
      .updateTable('ratings')
      .set({
        contact_id: anonymousId,
        subject: `rating:${id}`,
        comment: null,
        appointment_id: null,
        journey_key: null,
        conversation_id: null,
        event_id: '',
        updated_at: tx.now,
      })
      .where('tenant_id', '=', tx.tenantId)
      .where('id', '=', id)
      .execute();
  }
}

/** Takes the words of ratings of an age, the oldest first. @returns how many had some */
export async function clearRatingComments(
  tx: TenantTx,
  args: { before: number; limit: number },
): Promise<number> {
  const rows = await tx.db
    .selectFrom('ratings')
    .select('id')
    .where('tenant_id', '=', tx.tenantId)
    .where('given_at', '<', args.before)
    .where('comment', 'is not', null)
    .orderBy('given_at')
    .limit(args.limit)
    .execute();
  if (rows.length === 0) return 0;
  await tx.db
    .updateTable('ratings')
    .set({ comment: null })
    .where('tenant_id', '=', tx.tenantId)
    .where(
      'id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute();
  return rows.length;
}
