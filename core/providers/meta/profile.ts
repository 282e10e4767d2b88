import type { HttpClient } from '../../http/client';
import { SendError } from '../../model';
import type { ProviderConnection } from '../provider';
import { accessOfConnection } from './access';
import { createGraphClient } from './client';
import { asText } from './json';

export interface PersonProfile {
  name: string | null;
  username: string | null;
  /** Lives a few days only. */
  pictureUrl: string | null;
}

const FIELDS = {
  messenger: 'first_name,last_name,name,profile_pic',
  instagram: 'name,username,profile_pic',
};

/**
 * Who a person is: GET /{psid} or /{igsid} (User Profile API). Meta refuses it for many reasons that are none of ours
 * (no consent, a permission, an id that never wrote): then null, and the conversation goes on without a name.
 */
export async function fetchPersonProfile(
  http: HttpClient,
  connection: ProviderConnection,
  personExternalId: string,
): Promise<PersonProfile | null> {
  const { account } = connection;
  const fields = account.channel === 'instagram' ? FIELDS.instagram : FIELDS.messenger;
  try {
    const answer = await createGraphClient({ http }).call(accessOfConnection(connection), {
      method: 'GET',
      path: [personExternalId],
      query: { fields },
      subject: `a profile for "${account.name}"`,
    });
    const parts = [asText(answer.first_name), asText(answer.last_name)].filter(
      (part) => part !== null,
    );
    return {
      name: asText(answer.name) ?? (parts.length === 0 ? null : parts.join(' ')),
      username: asText(answer.username),
      pictureUrl: asText(answer.profile_pic),
    };
  } catch (error) {
    if (error instanceof SendError) return null;
    throw error;
  }
}
