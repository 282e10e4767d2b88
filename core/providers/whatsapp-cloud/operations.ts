import type { HttpClient } from '../../http/client';
import { InvalidInputError } from '../../model';
import type { ProviderConnection } from '../provider';
import { accessOf, createCloudClient } from './client';
import { CREDENTIAL_FIELDS, accessOfCredential } from './credential';
import type { WhatsAppCredential } from './credential';
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

/** The numbers of a credential's business account. @throws InvalidInputError when it names none */
export async function listNumbersOf(
  http: HttpClient,
  credential: WhatsAppCredential,
  page: PageRequest,
): Promise<Page<PhoneNumber>> {
  const businessId = credential.businessAccountId?.trim();
  if (!businessId) {
    throw new InvalidInputError(
      CREDENTIAL_FIELDS.business,
      'The credential names no business account, so its numbers cannot be listed.',
      { hint: 'Fill in WhatsApp Business Account ID in the credential.' },
    );
  }
  const access = accessOfCredential(credential);
  return listPhoneNumbers(createCloudClient({ http }), access, businessId, page);
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
