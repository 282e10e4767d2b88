import type { Selectable } from 'kysely';
import type { AuditLogTable } from '../contactTables';
import type { TenantTx } from '../unit';
import type { AppointmentRow } from './appointments';
import type { ConversationRow } from './conversations';
import type { MessageRow } from './messages';

export type AuditRow = Selectable<AuditLogTable>;

export async function listAppointmentsOfContact(
  tx: TenantTx,
  contactId: string,
): Promise<AppointmentRow[]> {
  return tx.db
    .selectFrom('appointments')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', contactId)
    .orderBy('starts_at')
    .execute();
}

export interface MessagePlace {
  occurredAt: number;
  id: string;
}

/** A page of a conversation, the oldest first. */
export async function listMessagesInOrder(
  tx: TenantTx,
  args: { conversationId: ConversationRow['id']; beyond: MessagePlace | null; limit: number },
): Promise<MessageRow[]> {
  let query = tx.db
    .selectFrom('messages')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('conversation_id', '=', args.conversationId);
  const { beyond } = args;
  if (beyond) {
    query = query.where((of) =>
      of.or([
        of('occurred_at', '>', beyond.occurredAt),
        of.and([of('occurred_at', '=', beyond.occurredAt), of('id', '>', beyond.id)]),
      ]),
    );
  }
  return query.orderBy('occurred_at').orderBy('id').limit(args.limit).execute();
}

/** A page of the audit log, the newest first, beyond an id. */
export async function listAuditRows(
  tx: TenantTx,
  args: {
    subjectIds?: readonly string[] | undefined;
    actions?: readonly string[] | undefined;
    from?: number | undefined;
    to?: number | undefined;
    beyondId: string | null;
    limit: number;
  },
): Promise<AuditRow[]> {
  let query = tx.db.selectFrom('audit_log').selectAll().where('tenant_id', '=', tx.tenantId);
  if (args.subjectIds) query = query.where('subject_id', 'in', args.subjectIds);
  if (args.actions) query = query.where('action', 'in', args.actions);
  if (args.from !== undefined) query = query.where('at', '>=', args.from);
  if (args.to !== undefined) query = query.where('at', '<', args.to);
  if (args.beyondId !== null) query = query.where('id', '<', args.beyondId);
  return query.orderBy('id', 'desc').limit(args.limit).execute();
}

/** The names of all custom fields that any contact has. */
export async function listFieldNames(tx: TenantTx): Promise<string[]> {
  const rows = await tx.db
    .selectFrom('contact_fields')
    .select('name')
    .distinct()
    .where('tenant_id', '=', tx.tenantId)
    .orderBy('name')
    .execute();
  return rows.map(({ name }) => name);
}
