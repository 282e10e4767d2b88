import { appendAudit } from '../store/statements/audit';
import { lockContacts, type ContactRow } from '../store/statements/contacts';
import { insertErasure } from '../store/statements/erasures';
import { appendEvent } from '../store/statements/events';
import {
  closeConversationsOf,
  forgetInBroadcasts,
  forgetPerson,
  listIdentities,
  listTombstones,
  replaceByNobody,
} from '../store/statements/forgetContact';
import { dropKeptFileUses } from '../store/statements/keptFiles';
import { forgetRatings } from '../store/statements/ratings';
import { forgetOutcomes } from '../store/statements/sendOutcomes';
import { tenantUnit, type TenantTx } from '../store/unit';
import { BEGINNING, isTrace, type Traces } from './erasure';
import { phonesLike } from './reach';
import { findByRef, type ContactRef } from './ref';

export interface BegunErasure {
  contactId: string;
  /** Epoch ms. */
  at: number;
}

/**
 * The moment of an erasure, all of it or nothing: nobody finds the person any more, nothing goes to them, whoever writes
 * next is somebody new; and what is left to be done is on record.
 * @returns null when there is no such contact
 */
export const beginErasure = tenantUnit(
  __filename,
  'beginErasure',
  async (tx, { ref, actor }: { ref: ContactRef; actor: string }): Promise<BegunErasure | null> => {
    const found = await findByRef(tx, ref);
    const [row] = found ? await lockContacts(tx, [found.id]) : [];
    if (!row || row.merged_into !== null || row.erased_at !== null) return null;
    const anonymousId = tx.newId();
    const traces = await tracesOf(tx, row);
    await forgetPerson(tx, row.id);
    traces.conversationIds = await closeConversationsOf(tx, row.id, anonymousId);
    await forgetInBroadcasts(tx, {
      contactId: row.id,
      anonymousId,
      recipients: [...traces.phones, ...traces.texts],
    });
    await forgetRatings(tx, row.id, anonymousId);
    // The addresses of their files open nothing from this moment on; the bytes follow.
    traces.fileIds = await dropKeptFileUses(tx, [...traces.contactIds, ...traces.texts]);
    await forgetOutcomes(tx, row.id, anonymousId);
    await replaceByNobody(tx, row.id, anonymousId);
    await appendAudit(tx, {
      action: 'contact.erased',
      actor,
      subject: { kind: 'contact', id: row.id },
      detail: { conversations: traces.conversationIds.length },
    });
    const { id: eventId } = await appendEvent(tx, {
      event: 'contact.erased',
      channel: null,
      provider: null,
      connection: null,
      contact: null,
      conversation: null,
      message: null,
      data: { contactId: row.id, mergedContactIds: traces.contactIds.slice(1) },
      raw: null,
      occurredAt: tx.now,
    });
    await insertErasure(tx, {
      contactId: row.id,
      anonymousId,
      traces: JSON.stringify({ ...traces, eventId }),
      progress: JSON.stringify(BEGINNING),
    });
    return { contactId: row.id, at: tx.now };
  },
);

async function tracesOf(tx: TenantTx, row: ContactRow): Promise<Traces> {
  const identities = await listIdentities(tx, row.id);
  const phones = row.phone === null ? [] : phonesLike(row.phone);
  const texts = [...phones, row.email ?? '', ...identities.map((one) => one.external_id)];
  return {
    contactIds: [row.id, ...(await listTombstones(tx, row.id))],
    conversationIds: [],
    fileIds: [],
    texts: [...new Set(texts)].filter(isTrace),
    phones,
    email: row.email,
    eventId: '',
  };
}
