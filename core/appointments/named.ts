import {
  findAppointment,
  findAppointmentsByExternalIds,
  type AppointmentRow,
} from '../store/statements/appointments';
import { findContact, type ContactRow } from '../store/statements/contacts';
import type { TenantTx } from '../store/unit';

/** Where an appointment is named: by our id, or by the caller's own (of a row). */
export interface AppointmentName {
  appointmentId: string | null;
  externalId: string | null;
  /** It has to be this person's: somebody else's is as good as none. Absent: anybody's. */
  ofContact?: string | null | undefined;
}

export async function findNamed(
  tx: TenantTx,
  { appointmentId, externalId }: AppointmentName,
): Promise<AppointmentRow | undefined> {
  if (appointmentId !== null) return findAppointment(tx, appointmentId);
  if (externalId === null) return undefined;
  return (await findAppointmentsByExternalIds(tx, '', [externalId]))[0];
}

/** Whether the person of an appointment is the one who was named, under whichever id of theirs. */
export async function isOf(
  tx: TenantTx,
  contact: ContactRow | undefined,
  ofContact: string | null | undefined,
): Promise<boolean> {
  if (ofContact === null || ofContact === undefined) return true;
  if (!contact) return false;
  const asked = await findContact(tx, ofContact);
  return asked !== undefined && livingId(asked) === livingId(contact);
}

function livingId({ id, merged_into }: ContactRow): string {
  return merged_into ?? id;
}
