import { contactByReach } from '../../appointments/contactOf';
import { readDraft, type ContactDraft } from '../../contacts/draft';
import { upsertContactBatch } from '../../contacts/upsert.unit';
import { InvalidInputError } from '../../model';
import { updateAppointment } from '../../store/statements/appointments';
import { findContact } from '../../store/statements/contacts';
import type { DueAppointmentRow } from '../../store/statements/journeys';
import type { TenantTx } from '../../store/unit';
import type { Candidate } from './candidates';

/** Where such contacts come from, as their *Source* says. */
const SOURCE = 'appointment';

/**
 * Sees to it that whoever has an appointment and can be reached is a contact by the time a workflow hears of them: that is
 * what messages go to, agree and object as. It is no consent: who never wrote has agreed to nothing yet.
 */
export async function withContact(tx: TenantTx, candidate: Candidate): Promise<Candidate> {
  const { subject } = candidate;
  if (subject.kind !== 'appointment') return candidate;
  const contactId = await contactIdOf(tx, subject.row);
  if (contactId === null || contactId === subject.row.contact_id) return candidate;
  // From now on the appointment follows a merge, and what its person says of messages.
  await updateAppointment(tx, subject.row.id, { contact_id: contactId });
  return { ...candidate, subject: { ...subject, row: { ...subject.row, contact_id: contactId } } };
}

async function contactIdOf(tx: TenantTx, row: DueAppointmentRow): Promise<string | null> {
  const known = row.contact_id === null ? undefined : await findContact(tx, row.contact_id);
  if (known) return row.contact_id;
  const reach = { phone: row.person_phone, email: row.person_email };
  const present = await contactByReach(tx, reach);
  if (present) return present.id;
  const draft = draftOf(tx, row);
  if (!draft) return null;
  const [made] = await upsertContactBatch.run(tx, { drafts: [draft], actor: SOURCE });
  return made?.ok ? made.value.contact.id : null;
}

/** @returns null for somebody whom nothing that is known of them reaches */
function draftOf(tx: TenantTx, row: DueAppointmentRow): ContactDraft | null {
  try {
    return readDraft({
      tenantId: tx.tenantId,
      phone: row.person_phone ?? undefined,
      email: row.person_email ?? undefined,
      name: row.person_name ?? undefined,
      source: SOURCE,
    });
  } catch (error) {
    // What a calendar has as an address may be none, or there is no number either.
    if (error instanceof InvalidInputError) return null;
    throw error;
  }
}
