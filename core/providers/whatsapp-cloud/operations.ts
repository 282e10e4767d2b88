import type { HttpClient } from '../../http/client';
import type { ProviderConnection } from '../provider';
import { accessOf, createCloudClient } from './client';
import { getPhoneNumber, listPhoneNumbers, registerNumber } from './numbers';
import type { PhoneNumber } from './numbers';
import type { Page, PageRequest } from './paging';
import { markAsRead } from './send';
import { businessIdOf } from './subscribe';

/*
 * What a caller with an account in hand asks for: the functions of the folder over one HTTP client.
 */

export async function getNumber(
  http: HttpClient,
  connection: ProviderConnection,
): Promise<PhoneNumber> {
  return getPhoneNumber(
    createCloudClient({ http }),
    accessOf(connection),
    connection.account.externalId,
  );
}

/** The numbers of the account's business account. */
export async function listNumbers(
  http: HttpClient,
  connection: ProviderConnection,
  page: PageRequest,
): Promise<Page<PhoneNumber>> {
  const client = createCloudClient({ http });
  return listPhoneNumbers(client, accessOf(connection), businessIdOf(connection), page);
}

export async function registerPhoneNumber(
  http: HttpClient,
  connection: ProviderConnection,
  choice: { pin: string; dataLocalizationRegion?: string | undefined },
): Promise<void> {
  const client = createCloudClient({ http });
  await registerNumber(client, accessOf(connection), connection.account.externalId, choice);
}

export async function markRead(
  http: HttpClient,
  connection: ProviderConnection,
  choice: { providerMessageId: string; typing: boolean },
): Promise<void> {
  await markAsRead(createCloudClient({ http }), connection, choice);
}
