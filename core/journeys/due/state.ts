import { findContact } from '../../store/statements/contacts';
import { findAppointment } from '../../store/statements/appointments';
import { listConversationsOfContact } from '../../store/statements/conversations';
import { listConsents } from '../../store/statements/consents';
import type { TenantTx } from '../../store/unit';
import { parseJourneyKey, versionAt, type JourneyKey } from './key';

/** What has changed since something was due. */
export interface JourneyChange {
  reason: 'state_changed' | 'opted_out';
  /** A sentence. */
  detail: string;
}

/** Whether what a key stands for is still so, by what is known now. @returns null: it is */
export async function changeOfJourney(tx: TenantTx, key: string): Promise<JourneyChange | null> {
  const parsed = parseJourneyKey(key);
  if (!parsed) return changed(`"${key}" is no journey key.`);
  if (parsed.kind === 'birthday') return contactChange(tx, parsed.entity, true);
  if (parsed.kind === 'unansweredLead') return leadChange(tx, parsed);
  return appointmentChange(tx, parsed);
}

async function appointmentChange(
  tx: TenantTx,
  { entity, version }: JourneyKey,
): Promise<JourneyChange | null> {
  const appointment = await findAppointment(tx, entity);
  if (!appointment) return changed('The appointment is no longer there.');
  if (appointment.status === 'cancelled')
    return changed('The appointment was cancelled meanwhile.');
  const start = versionAt(appointment.starts_at);
  if (start !== version.split('@')[0]) {
    return changed(`The appointment was moved meanwhile, to ${start}.`);
  }
  return appointment.contact_id === null
    ? null
    : await contactChange(tx, appointment.contact_id, false);
}

async function leadChange(
  tx: TenantTx,
  { entity, version }: JourneyKey,
): Promise<JourneyChange | null> {
  const change = await contactChange(tx, entity, true);
  if (change) return change;
  const [newest] = await listConversationsOfContact(tx, entity);
  if (!newest?.last_inbound_at || newest.status === 'closed') {
    return changed('The conversation was closed meanwhile.');
  }
  const lastInbound = versionAt(newest.last_inbound_at);
  if (lastInbound === version) return null;
  return changed(`The person has written meanwhile, at ${lastInbound}.`);
}

async function contactChange(
  tx: TenantTx,
  id: string,
  isMarketing: boolean,
): Promise<JourneyChange | null> {
  const contact = await findContact(tx, id);
  if (!contact) return changed('The contact is no longer there.');
  const out = (await listConsents(tx, contact.id)).find(
    ({ purpose, state }) =>
      state === 'out' && (purpose === 'messages' || (isMarketing && purpose === 'marketing')),
  );
  return out
    ? { reason: 'opted_out', detail: `The contact has opted out of ${out.purpose} meanwhile.` }
    : null;
}

function changed(detail: string): JourneyChange {
  return { reason: 'state_changed', detail };
}
