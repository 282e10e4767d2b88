import type { Selectable } from 'kysely';
import type { ConsentPurpose } from '../../model';
import type { ContactConsentsTable } from '../peopleTables';
import type { TenantTx } from '../unit';
import { appendAudit } from './audit';

export type ConsentRow = Selectable<ContactConsentsTable>;
export type { ConsentPurpose };

export interface NewConsent {
  contactId: string;
  purpose: ConsentPurpose;
  state: 'in' | 'out';
  /** Where it was said: `provider`, `workflow`, `reply`, … */
  source: string;
  note: string | null;
  accountId: string | null;
  /** Epoch ms. */
  givenAt: number;
  /** Who noted it, for the audit log; absent: the person said so to us. */
  actor?: string;
}

export async function listConsents(tx: TenantTx, contactId: string): Promise<ConsentRow[]> {
  return tx.db
    .selectFrom('contact_consents')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', contactId)
    .execute();
}

/**
 * Notes what a contact said; a word that is older than the one on record changes nothing.
 * @returns whether the state changed by it
 */
export async function saveConsent(tx: TenantTx, consent: NewConsent): Promise<boolean> {
  const present = await tx.db
    .selectFrom('contact_consents')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', consent.contactId)
    .where('purpose', '=', consent.purpose)
    .executeTakeFirst();
  if (present && present.given_at > consent.givenAt) return false;
  const said = {
    state: consent.state,
    source: consent.source,
    note: consent.note,
    account_id: consent.accountId,
    given_at: consent.givenAt,
    updated_at: tx.now,
  };
  await tx.db
    .insertInto('contact_consents')
    .values({
      tenant_id: tx.tenantId,
      contact_id: consent.contactId,
      purpose: consent.purpose,
      created_at: tx.now,
      ...said,
    })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'contact_id', 'purpose']).doUpdateSet(said),
    )
    .execute();
  if (present?.state === consent.state) return false;
  await appendAudit(tx, {
    action: consent.state === 'in' ? 'contact.optedIn' : 'contact.optedOut',
    actor: consent.actor ?? 'customer',
    subject: { kind: 'contact', id: consent.contactId },
    detail: { purpose: consent.purpose, source: consent.source, givenAt: consent.givenAt },
  });
  return true;
}
