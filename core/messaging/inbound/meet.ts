import type { InboundContact, InboundEvent } from '../../model';
import type { AccountRow } from '../../store/statements/accounts';
import type { TenantTx } from '../../store/unit';
import { ensurePerson, recognisePerson, type Person } from '../people';
import type { Arrival } from './arrivals';

/** Kinds that make a stranger a contact with a conversation; the others only find who is known. */
const MEETS: ReadonlySet<InboundEvent['kind']> = new Set<InboundEvent['kind']>([
  'message',
  'postback',
  'reaction',
  'referral',
  'echo',
  'optin',
  'handover',
  'accountLink',
  'feedback',
]);

/** Of those, what we did: somebody whom the tenant wrote to first is no lead by that. */
const OF_OURS: ReadonlySet<InboundEvent['kind']> = new Set<InboundEvent['kind']>([
  'echo',
  'handover',
]);

interface Wanted {
  account: AccountRow;
  who: InboundContact;
  make: boolean;
  /** They act by themselves: whoever is new by that begins as a lead. */
  isLead: boolean;
}

/**
 * Finds or makes everyone the call speaks of before its first event is recorded, in one order for all calls: two
 * calls that speak of the same people in different order wait for each other, but never in a circle.
 * @param repeated stored before: they make nobody, but may tell another id of somebody who is known
 */
export async function meetPeople(
  tx: TenantTx,
  arrivals: Arrival[],
  repeated: Arrival[] = [],
): Promise<Map<string, Person | null>> {
  const wanted = new Map<string, Wanted>();
  const all = [...arrivals, ...repeated];
  for (const [index, { account, prepared }] of all.entries()) {
    const who = contactOf(prepared.event);
    if (!who) continue;
    const key = personKey(account, who);
    const before = wanted.get(key);
    const aliases = [...new Set([...(who.aliases ?? []), ...(before?.who.aliases ?? [])])];
    wanted.set(key, {
      account,
      who: { ...who, ...before?.who, ...(aliases.length === 0 ? {} : { aliases }) },
      make: (index < arrivals.length && MEETS.has(prepared.event.kind)) || (before?.make ?? false),
      isLead: !OF_OURS.has(prepared.event.kind) || (before?.isLead ?? false),
    });
  }
  const people = new Map<string, Person | null>();
  for (const [key, { account, who, make, isLead }] of [...wanted].sort(([a], [b]) =>
    a < b ? -1 : 1,
  )) {
    const person = make
      ? await ensurePerson(tx, account, who, isLead ? 'lead' : null)
      : await recognisePerson(tx, account, who);
    people.set(key, person && sharedWith(people, person));
  }
  return people;
}

/**
 * The call may name one person by two ids: what one event changes in the conversation, the next one must see. An id that
 * made two contacts one makes what was read of either before out of date.
 */
function sharedWith(people: Map<string, Person | null>, person: Person): Person {
  const merged = person.mergedContactIds ?? [];
  for (const [key, other] of people) {
    if (!other) continue;
    if (merged.includes(other.contact.id)) people.set(key, person);
    else if (other.contact.id === person.contact.id) {
      Object.assign(other, { contact: person.contact, conversation: person.conversation });
      if (merged.length > 0) other.mergedContactIds = merged;
      return other;
    }
  }
  return person;
}

export function contactOf(event: InboundEvent): InboundContact | null {
  return 'contact' in event ? event.contact : null;
}

export function personKey(account: AccountRow, who: InboundContact | null): string {
  return who ? `${account.id} ${who.externalId}` : '';
}
