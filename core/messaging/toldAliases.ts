import { findAccount } from '../store/statements/accounts';
import { findContactsByIdentities } from '../store/statements/contacts';
import type { TenantTx } from '../store/unit';
import { introduce } from './introduce';
import { recognisePerson } from './people';

/** What the answer to a send told of its recipient. */
export interface ToldAliases {
  accountId: string;
  recipientExternalId: string | null;
  /** Further ids of the same person; absent: it told none. */
  recipientAliases?: readonly string[];
}

/** Whose those ids are already: nearly always, nothing is new about them. */
export async function ownersOfAliases(
  tx: TenantTx,
  sends: readonly ToldAliases[],
): Promise<ReadonlyMap<string, string>> {
  const told = new Map<string, Set<string>>();
  for (const { accountId, recipientAliases = [] } of sends) {
    if (recipientAliases.length === 0) continue;
    told.set(accountId, new Set([...(told.get(accountId) ?? []), ...recipientAliases]));
  }
  const owners = new Map<string, string>();
  for (const [accountId, ids] of told) {
    for (const { external_id, id } of await findContactsByIdentities(tx, accountId, [...ids])) {
      owners.set(keyOf(accountId, external_id), id);
    }
  }
  return owners;
}

/** Whether all that was told leads to this contact already. */
export function knowsAliases(
  owners: ReadonlyMap<string, string>,
  { accountId, recipientAliases = [] }: ToldAliases,
  contactId: string,
): boolean {
  return recipientAliases.every((alias) => owners.get(keyOf(accountId, alias)) === contactId);
}

/**
 * From now on those ids lead to the same contact, and a contact that was met by one of them alone becomes one with it.
 * To be done before anything else is read, because it may move the rest.
 */
export async function learnAliases(
  tx: TenantTx,
  { accountId, recipientExternalId, recipientAliases = [] }: ToldAliases,
): Promise<void> {
  if (recipientAliases.length === 0 || recipientExternalId === null) return;
  const account = await findAccount(tx, accountId);
  if (!account) return;
  const who = { externalId: recipientExternalId, aliases: [...recipientAliases] };
  const person = await recognisePerson(tx, account, who);
  if (person?.mergedContactIds) await introduce(tx, account, person);
}

function keyOf(accountId: string, externalId: string): string {
  return `${accountId} ${externalId}`;
}
