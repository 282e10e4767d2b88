import type { TenantTx } from '../unit';

/** What is noted of personal data: what was done, by whom, to whom, and never the data itself. */
export type AuditAction =
  | 'contact.merged'
  | 'contact.optedIn'
  | 'contact.optedOut'
  | 'contact.exported'
  | 'contacts.exported'
  | 'contact.erased';

export interface NewAudit {
  action: AuditAction;
  /** Who asked for it: `customer`, `runtime`, or a workflow by its name and node. */
  actor: string;
  subject: { kind: 'contact' | 'tenant'; id: string };
  /** Facts that help to prove it; no content. */
  detail?: Record<string, unknown>;
}

/** Notes it in the same transaction as what it tells of: both or neither. */
export async function appendAudit(tx: TenantTx, audit: NewAudit): Promise<void> {
  await tx.db
    .insertInto('audit_log')
    .values({
      id: tx.newId(),
      tenant_id: tx.tenantId,
      at: tx.now,
      action: audit.action,
      actor: audit.actor,
      subject_kind: audit.subject.kind,
      subject_id: audit.subject.id,
      detail: JSON.stringify(audit.detail ?? {}),
    })
    .execute();
}
