import type { HttpClient } from '../../http/client';
import { asList, asObject, asText } from '../graph/json';
import type { ProviderConnection } from '../provider';
import { accessOf, createCloudClient } from './client';

/** What people see of the business on WhatsApp. */
export interface BusinessProfile {
  about: string | null;
  address: string | null;
  description: string | null;
  email: string | null;
  pictureUrl: string | null;
  websites: string[];
  /** The line of business, in Meta's word: `HEALTH`. */
  vertical: string | null;
}

export type ProfileChange = Partial<
  Pick<BusinessProfile, 'about' | 'address' | 'description' | 'email' | 'websites' | 'vertical'>
> & {
  /** Handle of a picture uploaded with Meta's Resumable Upload API. */
  pictureHandle?: string;
};

const FIELDS = 'about,address,description,email,profile_picture_url,websites,vertical';

export async function getProfile(
  http: HttpClient,
  connection: ProviderConnection,
): Promise<BusinessProfile> {
  const { account } = connection;
  const answer = await createCloudClient({ http }).call(accessOf(connection), {
    method: 'GET',
    path: [account.externalId, 'whatsapp_business_profile'],
    query: { fields: FIELDS },
    subject: `the profile of "${account.name}"`,
  });
  // Flat in `data[0]`; Meta's OpenAPI file nests it once more, which is wrong.
  const profile = asObject(asList(answer.data)[0]);
  return {
    about: asText(profile?.about),
    address: asText(profile?.address),
    description: asText(profile?.description),
    email: asText(profile?.email),
    pictureUrl: asText(profile?.profile_picture_url),
    websites: asList(profile?.websites).flatMap((website) => asText(website) ?? []),
    vertical: asText(profile?.vertical),
  };
}

/** Changes what is named; what is absent stays. */
export async function updateProfile(
  http: HttpClient,
  connection: ProviderConnection,
  { pictureHandle, ...change }: ProfileChange,
): Promise<void> {
  const { account } = connection;
  await createCloudClient({ http }).call(accessOf(connection), {
    method: 'POST',
    path: [account.externalId, 'whatsapp_business_profile'],
    body: {
      messaging_product: 'whatsapp',
      ...change,
      ...(pictureHandle ? { profile_picture_handle: pictureHandle } : {}),
    },
    subject: `the profile of "${account.name}"`,
  });
}
