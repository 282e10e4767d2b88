import type { RawBuilder, Selectable } from 'kysely';
import type {
  Attachment,
  Direction,
  Message,
  MessagePrice,
  MessageStatus,
  MessageType,
  Referral,
  ReplyTo,
  SentBy,
} from '../../model';
import { rowSource } from '../rowSource';
import { sql } from '../sql';
import type { MessagesTable } from '../tables';
import type { TenantTx } from '../unit';

export type MessageRow = Selectable<MessagesTable>;

export interface NewMessage {
  id: string;
  accountId: string;
  conversationId: string;
  contactId: string;
  direction: Direction;
  type: MessageType;
  text: string | null;
  attachments: Attachment[];
  buttonPayload: string | null;
  replyTo: ReplyTo | null;
  referral: Referral | null;
  providerId: string | null;
  otherProviderId?: string | null;
  status: MessageStatus;
  sentBy: SentBy;
  /** Why it failed, for people. */
  error: string | null;
  raw: unknown;
  /** SendCategory, of a message of ours. */
  category?: string | null | undefined;
  /** Epoch ms, by the provider where it says so. */
  occurredAt: number;
}

/** A message as workflows see it. */
export function toMessage(row: MessageRow): Message {
  return {
    id: row.id,
    providerId: row.provider_id,
    direction: row.direction as Direction,
    type: row.type as MessageType,
    text: row.text,
    attachments: JSON.parse(row.attachments) as Attachment[],
    buttonPayload: row.button_payload,
    replyTo: parsed<ReplyTo>(row.reply_to),
    referral: parsed<Referral>(row.referral),
    sentBy: row.sent_by as SentBy,
    status: row.status as MessageStatus,
    ...(row.price === null ? {} : { price: JSON.parse(row.price) as MessagePrice }),
  };
}

/** @returns undefined when the account has a message with this provider id already */
export async function insertMessage(
  tx: TenantTx,
  message: NewMessage,
): Promise<MessageRow | undefined> {
  return tx.db
    .insertInto('messages')
    .values(toMessageRow(tx, message))
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
}

/** The row as it is stored. */
export function toMessageRow(tx: TenantTx, message: NewMessage): MessageRow {
  return {
    id: message.id,
    tenant_id: tx.tenantId,
    account_id: message.accountId,
    conversation_id: message.conversationId,
    contact_id: message.contactId,
    direction: message.direction,
    type: message.type,
    text: message.text,
    attachments: JSON.stringify(message.attachments),
    button_payload: message.buttonPayload,
    reply_to: json(message.replyTo),
    referral: json(message.referral),
    provider_id: message.providerId,
    other_provider_id: message.otherProviderId ?? null,
    status: message.status,
    status_at: message.occurredAt,
    error: message.error,
    sent_by: message.sentBy,
    raw: json(message.raw),
    occurred_at: message.occurredAt,
    price: null,
    category: message.category ?? null,
    created_at: tx.now,
  };
}

export async function findMessage(tx: TenantTx, id: string): Promise<MessageRow | undefined> {
  return tx.db
    .selectFrom('messages')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** By either of the ids that a message may have. */
export async function findMessagesByProviderIds(
  tx: TenantTx,
  accountId: string,
  providerIds: string[],
): Promise<MessageRow[]> {
  if (providerIds.length === 0) return [];
  return tx.db
    .selectFrom('messages')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('account_id', '=', accountId)
    .where((where) =>
      where.or([
        where('provider_id', 'in', providerIds),
        where('other_provider_id', 'in', providerIds),
      ]),
    )
    .execute();
}

/** What an account and a contact wrote to each other between two instants. */
export async function listMessagesBetween(
  tx: TenantTx,
  accountId: string,
  contactId: string,
  between: { from: number; to: number },
): Promise<Pick<MessageRow, 'provider_id' | 'direction' | 'text' | 'occurred_at'>[]> {
  return tx.db
    .selectFrom('messages as m')
    .innerJoin('conversations as c', 'c.id', 'm.conversation_id')
    .select(['m.provider_id', 'm.direction', 'm.text', 'm.occurred_at'])
    .where('c.tenant_id', '=', tx.tenantId)
    .where('c.account_id', '=', accountId)
    .where('c.contact_id', '=', contactId)
    .where('m.tenant_id', '=', tx.tenantId)
    .where('m.occurred_at', '>=', between.from)
    .where('m.occurred_at', '<=', between.to)
    .execute();
}

const MESSAGE_COLUMNS = {
  id: 'text',
  account_id: 'text',
  conversation_id: 'text',
  contact_id: 'text',
  direction: 'text',
  type: 'text',
  text: 'text',
  attachments: 'text',
  button_payload: 'text',
  reply_to: 'text',
  referral: 'text',
  provider_id: 'text',
  status: 'text',
  status_at: 'bigint',
  error: 'text',
  sent_by: 'text',
  raw: 'text',
  category: 'text',
  occurred_at: 'bigint',
  created_at: 'bigint',
} as const;

/** Many messages in one statement. That none of them is stored yet is the caller's knowledge: one that is fails all. */
export function insertOfMessages(tx: TenantTx, rows: readonly MessageRow[]): RawBuilder<unknown> {
  const columns = sql.join(Object.keys(MESSAGE_COLUMNS).map((name) => sql.ref(name)));
  const plain = rows.map(({ tenant_id: _, ...row }) => row);
  return sql`insert into messages (tenant_id, ${columns})
    select ${tx.tenantId}, ${columns} from ${rowSource(tx, 'r', MESSAGE_COLUMNS, plain)}`;
}

/** Our words for a message of ours that became known by its echo, and the other way round. */
export type MessageChange = Partial<
  Pick<
    MessageRow,
    | 'id'
    | 'type'
    | 'text'
    | 'attachments'
    | 'reply_to'
    | 'provider_id'
    | 'other_provider_id'
    | 'status'
    | 'status_at'
    | 'sent_by'
    | 'raw'
    | 'error'
    | 'price'
    | 'category'
    | 'occurred_at'
  >
>;

export async function updateMessage(
  tx: TenantTx,
  id: string,
  change: MessageChange,
): Promise<MessageRow | undefined> {
  return tx.db
    .updateTable('messages')
    .set(change)
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
}

export async function deleteMessage(tx: TenantTx, id: string): Promise<void> {
  await tx.db
    .deleteFrom('messages')
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}

/** Forgets what a message said; that there was one stays. */
export async function clearMessage(
  tx: TenantTx,
  id: string,
  at: number,
): Promise<MessageRow | undefined> {
  return tx.db
    .updateTable('messages')
    .set({
      text: null,
      attachments: '[]',
      button_payload: null,
      reply_to: null,
      raw: null,
      status: 'deleted',
      status_at: at,
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
}

function json(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}

function parsed<T>(value: string | null): T | null {
  return value === null ? null : (JSON.parse(value) as T);
}
