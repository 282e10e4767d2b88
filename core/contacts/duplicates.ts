import { plain } from '../model';
import { findKeyOwners } from '../store/statements/contactKeys';
import { findContact, findContactByIdentity, type ContactRow } from '../store/statements/contacts';
import type { TenantTx } from '../store/unit';
import type { ContactDraft } from './draft';
import { byAge, mergeInto } from './merge';

export interface Joined {
  /** Contacts that became the draft's. */
  mergedContactIds: string[];
  /** Contacts with the same number or address that may be somebody else: a child, a partner. */
  possibleDuplicates: string[];
}

/**
 * Where a draft's id, number and address lead to several contacts, whoever wrote it says that they are one person. They
 * are made one when nothing they are known by contradicts it.
 * @returns by the draft's place
 */
export async function joinCertain(
  tx: TenantTx,
  drafts: readonly ContactDraft[],
  actor: string,
): Promise<Record<number, Joined>> {
  const several = [...drafts.entries()].filter(([, draft]) => waysOf(draft) > 1);
  if (several.length === 0) return {};
  const joined: Record<number, Joined> = {};
  const keys = several.flatMap(([, draft]) => keysOf(draft));
  const owners = await findKeyOwners(tx, keys);
  for (const [index, draft] of several) {
    const owning = keysOf(draft).flatMap((key) => owners.get(key) ?? []);
    if (owning.length === 0) continue;
    joined[index] = await joinOne(tx, draft, owning, actor);
  }
  return joined;
}

function waysOf(draft: ContactDraft): number {
  return [draft.contactId, draft.identity, draft.phoneKeys[0], draft.emailKey].filter(Boolean)
    .length;
}

function keysOf({ phoneKeys, emailKey }: ContactDraft): string[] {
  return emailKey === null ? phoneKeys : [...phoneKeys, emailKey];
}

async function joinOne(
  tx: TenantTx,
  draft: ContactDraft,
  owning: readonly string[],
  actor: string,
): Promise<Joined> {
  const named = await namedContact(tx, draft);
  const people = new Map<string, ContactRow>();
  for (const id of owning) {
    // Read anew: what was found for an earlier draft may have been merged by it.
    const row = await findContact(tx, id);
    if (row) people.set(row.id, row);
  }
  if (named) people.delete(named.id);
  const rest = [...people.values()].sort(byAge);
  let keep = named ?? rest.shift();
  const mergedContactIds: string[] = [];
  const possibleDuplicates: string[] = [];
  for (const other of rest) {
    const by = draft.phoneKeys.length > 0 ? 'phone' : 'email';
    const merged =
      keep && isCertain(keep, other) ? await mergeInto(tx, keep.id, other.id, { actor, by }) : null;
    if (merged) {
      keep = merged;
      mergedContactIds.push(other.id);
    } else possibleDuplicates.push(other.id);
  }
  return { mergedContactIds, possibleDuplicates };
}

async function namedContact(
  tx: TenantTx,
  { contactId, identity }: ContactDraft,
): Promise<ContactRow | undefined> {
  if (contactId !== null) return findContact(tx, contactId);
  return identity ? findContactByIdentity(tx, identity.accountId, identity.externalId) : undefined;
}

/** Nothing of the one contradicts the other: names of which one is part of the other, and no two birthdays. */
export function isCertain(a: ContactRow, b: ContactRow): boolean {
  return isSameName(a.name, b.name) && isSameBirthday(a.birthday, b.birthday);
}

function isSameName(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return true;
  const [fewer = [], more = []] = [a, b]
    .map((name) =>
      plain(name)
        .split(/[^\p{L}\p{N}]+/u)
        .filter(Boolean),
    )
    .sort((x, y) => x.length - y.length);
  return fewer[0] === more[0] && fewer.every((word) => more.includes(word));
}

function isSameBirthday(a: string | null, b: string | null): boolean {
  if (a === null || b === null || a === b) return true;
  return a.slice(-5) === b.slice(-5) && (a.startsWith('--') || b.startsWith('--'));
}
