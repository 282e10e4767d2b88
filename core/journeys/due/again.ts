import { parseJourneyKey, type JourneyKey } from '../../model';
import { changeOfJourney } from '../../messaging/journey/change';
import { findAppointment } from '../../store/statements/appointments';
import { findContact } from '../../store/statements/contacts';
import { listConversationsOfContact } from '../../store/statements/conversations';
import type { JourneyClaimRow } from '../../store/statements/journeys';
import type { TenantTx } from '../../store/unit';
import type { Candidate } from './candidates';
import { showJourney, type Shown } from './item';
import { journeyOf } from './key';
import type { JourneyWatch } from './types';
import { celebratedOn } from './when';

/** The item of something that was claimed before, by what is known now; or why it is not to be emitted again. */
export async function showAgain(
  tx: TenantTx,
  watch: JourneyWatch,
  { journey_key: key, due_at: dueAt }: Pick<JourneyClaimRow, 'journey_key' | 'due_at'>,
): Promise<Shown> {
  const parsed = parseJourneyKey(key);
  // The trigger may have been set to something else meanwhile.
  if (!parsed || !key.startsWith(`${journeyOf(watch)}:`)) return { skipped: 'state_changed' };
  const change = await changeOfJourney(tx, key);
  if (change) return { skipped: change.reason };
  const subject = await subjectOf(tx, parsed, watch.leapDay);
  return subject
    ? await showJourney(tx, parsed.kind, { key, dueAt, subject })
    : { skipped: 'state_changed' };
}

async function subjectOf(
  tx: TenantTx,
  { kind, entity, version }: JourneyKey,
  leapDay: JourneyWatch['leapDay'],
): Promise<Candidate['subject'] | null> {
  if (kind !== 'birthday' && kind !== 'unansweredLead') {
    const row = await findAppointment(tx, entity);
    return row ? { kind: 'appointment', row: { ...row, contact_zone: null } } : null;
  }
  const contact = await findContact(tx, entity);
  if (!contact) return null;
  if (kind === 'birthday') {
    const day = celebratedOn(contact.birth_day ?? '', Number(version), leapDay);
    return contact.birth_day === null ? null : { kind: 'birthday', row: contact, day };
  }
  const [row] = await listConversationsOfContact(tx, contact.id);
  const about = { contact_zone: contact.time_zone, contact_stage: contact.stage };
  return row ? { kind: 'lead', row: { ...row, ...about } } : null;
}
