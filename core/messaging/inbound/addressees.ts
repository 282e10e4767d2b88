import { findIdentityOfContact } from '../../store/statements/contacts';
import { findMessagesByProviderIds } from '../../store/statements/messages';
import type { TenantTx } from '../../store/unit';
import type { Arrival } from './arrivals';

/** Statuses that name nobody are about whoever their message went to. */
export async function nameAddressees(tx: TenantTx, arrivals: Arrival[]): Promise<Arrival[]> {
  const named: Arrival[] = [];
  for (const arrival of arrivals) named.push(await nameAddressee(tx, arrival));
  return named;
}

async function nameAddressee(tx: TenantTx, arrival: Arrival): Promise<Arrival> {
  const { prepared, account } = arrival;
  const { event } = prepared;
  if (event.kind !== 'status' || event.contact !== null) return arrival;
  const { providerId, otherProviderId = providerId } = event;
  const [row] = await findMessagesByProviderIds(tx, account.id, [providerId, otherProviderId]);
  const identity = row && (await findIdentityOfContact(tx, account.id, row.contact_id));
  if (!identity) return arrival;
  const contact = { externalId: identity.external_id };
  return { ...arrival, prepared: { ...prepared, event: { ...event, contact } } };
}
