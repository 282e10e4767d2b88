import type { EventItem } from '../../model';
import { sql } from '../sql';
import type { TenantTx } from '../unit';

/* What an erasure does in small steps: content goes, and that something was said, and when, stays. */

export const NO_CONTENT = {
  text: null,
  attachments: '[]',
  button_payload: null,
  reply_to: null,
  referral: null,
  raw: null,
} as const;

/** @returns how many messages had something of the person */
export async function forgetMessages(
  tx: TenantTx,
  args: { conversationIds: readonly string[]; anonymousId: string; limit: number },
): Promise<number> {
  if (args.conversationIds.length === 0) return 0;
  const { rows } = await sql<{ id: string }>`select id from messages
    where tenant_id = ${tx.tenantId} and conversation_id in (${sql.join(args.conversationIds)})
      and (contact_id <> ${args.anonymousId} or text is not null or raw is not null
        or attachments <> '[]' or button_payload is not null)
    limit ${args.limit}`.execute(tx.db);
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return 0;
  await tx.db
    .updateTable('messages')
    // Ids of WhatsApp hold the number.
    .set({
      ...NO_CONTENT,
      contact_id: args.anonymousId,
      error: null,
      provider_id: null,
      other_provider_id: null,
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', 'in', ids)
    .execute();
  return ids.length;
}

/** Of a send whose person was erased. */
const NO_WORDS = { request: '', choices: null, result: null } as const;
const GIVEN_UP = {
  ...NO_WORDS,
  state: 'completed',
  owner: null,
  lease_until: null,
  next_check_at: null,
} as const;

/**
 * The sealed requests of what was sent. One that waits to be settled is given up: nothing is sent again.
 * @returns whether one is under way at this moment
 */
export async function forgetSends(
  tx: TenantTx,
  args: { conversationIds: readonly string[]; anonymousId: string; now: number },
): Promise<boolean> {
  if (args.conversationIds.length === 0) return false;
  const keys = () =>
    tx.db
      .updateTable('idempotency_keys')
      .where('tenant_id', '=', tx.tenantId)
      .where('conversation_id', 'in', args.conversationIds);
  await keys()
    .set({ ...NO_WORDS, contact_id: args.anonymousId })
    .where('state', '=', 'completed')
    .where((of) => of.or([of('request', '!=', ''), of('contact_id', '!=', args.anonymousId)]))
    .execute();
  await keys()
    .set({ ...GIVEN_UP, contact_id: args.anonymousId, completed_at: args.now })
    .where((of) =>
      of.or([
        of('state', '=', 'unknown'),
        of.and([of('state', '=', 'reserved'), of('lease_until', '<', args.now)]),
      ]),
    )
    .execute();
  const open = await tx.db
    .selectFrom('idempotency_keys')
    .select('key')
    .where('tenant_id', '=', tx.tenantId)
    .where('conversation_id', 'in', args.conversationIds)
    .where('state', '!=', 'completed')
    .executeTakeFirst();
  return open !== undefined;
}

/** Completes the key of a message whose person was erased: its words go, and whose it was. */
export async function forgetSendKey(tx: TenantTx, key: string, completedAt: number): Promise<void> {
  await tx.db
    .updateTable('idempotency_keys')
    .set({ ...GIVEN_UP, contact_id: null, completed_at: completedAt })
    .where('tenant_id', '=', tx.tenantId)
    .where('key', '=', key)
    .execute();
}

/** Appointments stay as times that were taken, with nobody's name. */
export async function forgetAppointments(
  tx: TenantTx,
  args: {
    contactIds: readonly string[];
    phones: readonly string[];
    email: string | null;
    anonymousId: string;
  },
): Promise<void> {
  await tx.db
    .updateTable('appointments')
    .set({
      contact_id: args.anonymousId,
      title: null,
      description: null,
      location: null,
      person_name: null,
      person_phone: null,
      person_email: null,
      fields: '{}',
    })
    .where('tenant_id', '=', tx.tenantId)
    .where((of) =>
      of.or([
        of('contact_id', 'in', args.contactIds),
        ...(args.phones.length > 0 ? [of('person_phone', 'in', args.phones)] : []),
        ...(args.email === null ? [] : [of('person_email', '=', args.email)]),
      ]),
    )
    .execute();
}

export interface LoggedEvent {
  seq: number;
  id: string;
  type: string;
  payload: string;
  contact_id: string | null;
  conversation_id: string | null;
}

/** A page of the whole log, in its order. */
export async function listLogged(
  tx: TenantTx,
  args: { beyondSeq: number; limit: number },
): Promise<LoggedEvent[]> {
  return tx.db
    .selectFrom('events')
    .select(['seq', 'id', 'type', 'payload', 'contact_id', 'conversation_id'])
    .where('tenant_id', '=', tx.tenantId)
    .where('seq', '>', args.beyondSeq)
    .orderBy('seq')
    .limit(args.limit)
    .execute();
}

export async function replaceEvent(
  tx: TenantTx,
  args: { id: string; item: EventItem; contactId: string | null },
): Promise<void> {
  await tx.db
    .updateTable('events')
    .set({ payload: JSON.stringify(args.item), contact_id: args.contactId })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', args.id)
    .execute();
  await tx.db
    .updateTable('consumer_deliveries')
    .set({ last_error: null })
    .where('tenant_id', '=', tx.tenantId)
    .where('event_id', '=', args.id)
    .where('last_error', 'is not', null)
    .execute();
}

/** A page of what is, or was, to be delivered by webhook. */
export async function listWebhookBodies(
  tx: TenantTx,
  args: { beyondId: string; limit: number },
): Promise<{ event_id: string; body: string }[]> {
  return tx.db
    .selectFrom('webhook_messages')
    .select(['event_id', 'body'])
    .where('tenant_id', '=', tx.tenantId)
    .where('event_id', '>', args.beyondId)
    .orderBy('event_id')
    .limit(args.limit)
    .execute();
}

/** What was not delivered by now is not delivered any more; that it was, and when, stays. */
export async function forgetWebhook(tx: TenantTx, eventId: string, now: number): Promise<void> {
  await tx.db
    .updateTable('webhook_messages')
    .set({ body: '' })
    .where('tenant_id', '=', tx.tenantId)
    .where('event_id', '=', eventId)
    .execute();
  await tx.db
    .updateTable('webhook_deliveries')
    .set({ state: 'cancelled', reason: 'erased', claimed_by: null, settled_at: now })
    .where('tenant_id', '=', tx.tenantId)
    .where('event_id', '=', eventId)
    .where('state', '=', 'pending')
    .execute();
  await tx.db
    .updateTable('webhook_attempts')
    .set({ response_body: null, error: null })
    .where('tenant_id', '=', tx.tenantId)
    .where('event_id', '=', eventId)
    .execute();
}
