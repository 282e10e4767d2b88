import type { InboundContact } from '../../../model';
import { asId, asList, asObject, asText } from '../../graph/json';
import type { JsonObject } from '../../graph/json';
import { aliasesOf } from '../phone';
import { present } from './scope';

/** The people whom `contacts[]` of a value describes, to be found by either of their ids. */
export type People = readonly JsonObject[];

export function peopleOf(value: JsonObject): People {
  return asList(value.contacts)
    .map(asObject)
    .filter((contact) => contact !== null);
}

/** The ids that an item gives of a person; `""` is none. */
export interface PersonIds {
  phone: string | null;
  userId: string | null;
  /** The same person over all numbers of the business. */
  parentUserId?: string | null;
}

/**
 * Who a person is. Since March 2026 the number may be missing (people with a username), and the user id is missing in
 * older payloads: whichever is there names the person, and the other becomes an alias, so that both lead to one contact.
 * @returns null when nobody is named
 */
export function personOf(ids: PersonIds, people: People): InboundContact | null {
  const described = describedBy(ids, people);
  const phone = ids.phone ?? asId(described?.wa_id);
  const userId = ids.userId ?? asId(described?.user_id);
  const [externalId, ...others] = [phone, userId].filter((id) => id !== null);
  if (externalId === undefined) return null;
  const profile = asObject(described?.profile);
  const aliases = [...others, ...(phone === null ? [] : aliasesOf(phone))];
  return {
    externalId,
    ...(aliases.length === 0 ? {} : { aliases: [...new Set(aliases)] }),
    ...present({
      name: asText(profile?.name),
      username: asText(profile?.username)?.replace(/^@/, '') ?? null,
      phone: phone === null || !/^\d{6,15}$/.test(phone) ? null : `+${phone}`,
    }),
  };
}

/** The only one described is meant where the item itself names nobody. */
function describedBy({ phone, userId }: PersonIds, people: People): JsonObject | undefined {
  const found = people.find((contact) => {
    const isSamePhone = phone !== null && asId(contact.wa_id) === phone;
    return isSamePhone || (userId !== null && asId(contact.user_id) === userId);
  });
  if (found) return found;
  return phone === null && userId === null && people.length === 1 ? people[0] : undefined;
}
