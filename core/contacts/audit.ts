import { InvalidInputError } from '../model';
import type { AuditRow } from '../store/statements/exportContact';
import { readAudit } from './audit.unit';
import type { ContactsContext } from './context';

/** What was done to personal data. */
export interface AuditEntry {
  id: string;
  /** ISO 8601. */
  at: string;
  action: string;
  actor: string;
  subject: { kind: string; id: string };
  detail: Record<string, unknown>;
}

export interface ListAuditInput {
  tenantId: string;
  /** Also one that was erased or merged: by the id it had. */
  contactId?: string | undefined;
  actions?: readonly string[] | undefined;
  /** Epoch ms, from inclusive, to exclusive. */
  from?: number | undefined;
  to?: number | undefined;
  limit?: number | undefined;
  cursor?: string | null | undefined;
}

const MAX_LIMIT = 500;

/** A page of the audit log, the newest first. @throws InvalidInputError */
export async function listAudit(
  ctx: ContactsContext,
  input: ListAuditInput,
): Promise<{ items: AuditEntry[]; nextCursor: string | null }> {
  const { tenantId, contactId, actions, from, to, limit = 50, cursor } = input;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new InvalidInputError('Limit', `Limit must be a whole number from 1 to ${MAX_LIMIT}.`);
  }
  const rows = await ctx.store.forTenant(tenantId).run(readAudit, {
    ...(contactId?.trim() ? { subjectIds: [contactId.trim()] } : {}),
    ...(actions && actions.length > 0 ? { actions } : {}),
    from,
    to,
    beyondId: cursor?.trim() || null,
    limit: limit + 1,
  });
  const items = rows.slice(0, limit).map(toAuditEntry);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

export function toAuditEntry(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    at: new Date(row.at).toISOString(),
    action: row.action,
    actor: row.actor,
    subject: { kind: row.subject_kind, id: row.subject_id },
    detail: JSON.parse(row.detail) as Record<string, unknown>,
  };
}
