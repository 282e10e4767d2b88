import type { HttpClient } from '../../http/client';
import { SendError } from '../../model';
import type { ProviderConnection } from '../provider';
import { accessOfConnection } from './access';
import { createGraphClient } from './client';
import { asNumber, asText } from '../graph/json';
import type { JsonObject } from '../graph/json';

export interface PersonProfile {
  name: string | null;
  username: string | null;
  /** Lives a few days only. */
  pictureUrl: string | null;
}

/** What Instagram tells beside it; null where it tells nothing. */
export interface DetailedProfile extends PersonProfile {
  followerCount: number | null;
  isVerified: boolean | null;
  followsAccount: boolean | null;
  followedByAccount: boolean | null;
  /** Messenger, and only for apps with the permissions of their own. */
  locale: string | null;
  timezone: number | null;
  gender: string | null;
}

const BASIC_FIELDS = {
  messenger: 'first_name,last_name,name,profile_pic',
  instagram: 'name,username,profile_pic',
};
const INSTAGRAM_MORE =
  'follower_count,is_verified_user,is_user_follow_business,is_business_follow_user';
/** Each needs an approval of its own, without which Meta refuses the whole call. */
const MESSENGER_MORE = 'locale,timezone,gender';

/**
 * Who a person is: GET /{psid} or /{igsid} (User Profile API). Meta refuses it for many reasons that are none of ours
 * (no consent, a permission, an id that never wrote): then null, and the conversation goes on without a name.
 */
export async function fetchPersonProfile(
  http: HttpClient,
  connection: ProviderConnection,
  personExternalId: string,
): Promise<PersonProfile | null> {
  try {
    return await readBasicProfile(http, connection, personExternalId);
  } catch (error) {
    if (error instanceof SendError) return null;
    throw error;
  }
}

/** The same, for whoever wants to know why not. @throws SendError with Meta's reason for refusing */
export async function readBasicProfile(
  http: HttpClient,
  connection: ProviderConnection,
  personExternalId: string,
): Promise<PersonProfile> {
  const fields = BASIC_FIELDS[isInstagram(connection) ? 'instagram' : 'messenger'];
  return basicProfile(await callProfile(http, connection, personExternalId, fields));
}

/**
 * The same with everything else that Meta tells.
 * @param more also locale, time zone and gender of a person on Messenger
 * @throws SendError with Meta's reason for refusing
 */
export async function readPersonProfile(
  http: HttpClient,
  connection: ProviderConnection,
  personExternalId: string,
  { more = false }: { more?: boolean } = {},
): Promise<DetailedProfile> {
  const fields = isInstagram(connection)
    ? `${BASIC_FIELDS.instagram},${INSTAGRAM_MORE}`
    : more
      ? `${BASIC_FIELDS.messenger},${MESSENGER_MORE}`
      : BASIC_FIELDS.messenger;
  const answer = await callProfile(http, connection, personExternalId, fields);
  return {
    ...basicProfile(answer),
    followerCount: asNumber(answer.follower_count),
    isVerified: flag(answer.is_verified_user),
    followsAccount: flag(answer.is_user_follow_business),
    followedByAccount: flag(answer.is_business_follow_user),
    locale: asText(answer.locale),
    timezone: asNumber(answer.timezone),
    gender: asText(answer.gender),
  };
}

function isInstagram({ account }: ProviderConnection): boolean {
  return account.channel === 'instagram';
}

async function callProfile(
  http: HttpClient,
  connection: ProviderConnection,
  personExternalId: string,
  fields: string,
): Promise<JsonObject> {
  return createGraphClient({ http }).call(accessOfConnection(connection), {
    method: 'GET',
    path: [personExternalId],
    query: { fields },
    subject: `a profile for "${connection.account.name}"`,
  });
}

function basicProfile(answer: JsonObject): PersonProfile {
  const parts = [asText(answer.first_name), asText(answer.last_name)].filter(
    (part) => part !== null,
  );
  return {
    name: asText(answer.name) ?? (parts.length === 0 ? null : parts.join(' ')),
    username: asText(answer.username),
    pictureUrl: asText(answer.profile_pic),
  };
}

function flag(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}
