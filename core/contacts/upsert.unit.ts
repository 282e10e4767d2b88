import { InvalidInputError, NotFoundError, type Contact } from '../model';
import { claimKeys, findKeyOwners, releaseKeys } from '../store/statements/contactKeys';
import {
  findContact,
  findContactsByIdentities,
  lockContacts,
  type ContactRow,
} from '../store/statements/contacts';
import { findAccount } from '../store/statements/accounts';
import { listTags } from '../store/statements/contactParts';
import { settle, type Settled } from '../store/settled';
import { tenantUnit, type TenantTx } from '../store/unit';
import type { ContactDraft } from './draft';
import { joinCertain } from './duplicates';
import { applyDraft, newState, stateOf, type ContactState, type DraftOutcome } from './state';
import { writeStates } from './write';

export interface UpsertOutcome {
  contact: Contact;
  change: 'created' | 'updated' | 'unchanged';
  /** Which fields differ, by their names in the contact. */
  changed: string[];
  /** Contacts that turned out to be this one. */
  mergedContactIds: string[];
  /** Other contacts that answer to the phone or e-mail given, and may be somebody else. */
  possibleDuplicates: string[];
}

/** Another transaction changes the same people; each has committed when its rows are read again. */
const MOST_ROUNDS = 10;

/**
 * Makes or changes the contacts of many drafts, in their order, with one event for each real change: both or neither.
 * Two that bring the same new person at the same moment make one contact: whoever claims the number first.
 * @returns one result for each draft
 */
export const upsertContactBatch = tenantUnit(
  __filename,
  'upsertContactBatch',
  async (
    tx,
    { drafts, actor }: { drafts: ContactDraft[]; actor: string },
  ): Promise<Settled<UpsertOutcome>[]> => {
    const merged = await joinCertain(tx, drafts, actor);
    const { targets, states } = await resolve(tx, drafts);
    const outcomes: (DraftOutcome | null)[] = [];
    for (const [index, target] of targets.entries()) {
      const state = target.ok ? states.get(target.value) : undefined;
      const draft = drafts[index];
      outcomes.push(state && draft ? applyDraft(state, draft) : null);
    }
    const contacts = await writeStates(tx, [...states.values()]);
    return targets.map((target, index) => {
      const outcome = outcomes[index];
      const contact = target.ok ? contacts.get(target.value) : undefined;
      if (!target.ok) return target;
      if (!outcome || !contact) throw new Error('A contact vanished while it was being written.');
      const { mergedContactIds = [], possibleDuplicates = [] } = merged[index] ?? {};
      return {
        ok: true,
        value: {
          contact,
          change: outcome.change,
          changed: outcome.changed,
          mergedContactIds,
          possibleDuplicates: possibleDuplicates.filter((id) => id !== contact.id),
        },
      };
    });
  },
);

interface Resolved {
  /** The contact of each draft. */
  targets: Settled<string>[];
  states: Map<string, ContactState>;
}

/** Finds whom each draft means, and holds them; who is not known yet is new, and answers to the draft's keys. */
async function resolve(tx: TenantTx, drafts: readonly ContactDraft[]): Promise<Resolved> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const owners = await findKeyOwners(tx, drafts.flatMap(keysOf));
    const taken = new Set(owners.keys());
    const known = await identityOwners(tx, drafts);
    const targets: Settled<string>[] = [];
    const fresh = new Set<string>();
    for (const draft of drafts) {
      const target = await settle(async () => targetOf(tx, draft, owners, known));
      const id = target.ok ? (target.value ?? tx.newId()) : null;
      if (id === null || !target.ok) {
        targets.push(target as Settled<string>);
        continue;
      }
      if (target.value === null) fresh.add(id);
      targets.push({ ok: true, value: id });
      for (const key of claimedKeysOf(draft)) if (!owners.has(key)) owners.set(key, id);
      if (draft.identity) known.set(identityKey(draft.identity), id);
    }
    const wanted = [...new Set(drafts.flatMap(claimedKeysOf))].flatMap((key) => {
      const contactId = owners.get(key);
      return contactId === undefined || taken.has(key) ? [] : [{ key, contactId }];
    });
    const granted = await claimKeys(tx, wanted);
    const rows = await lockContacts(
      tx,
      distinctIds(targets).filter((id) => !fresh.has(id)),
    );
    if (granted.length === wanted.length && areLiving(rows, targets, fresh)) {
      return { targets, states: await loadStates(tx, rows, targets, fresh) };
    }
    // Somebody else was first with one of the keys, or has merged or erased one of the contacts.
    await releaseKeys(tx, granted);
  }
  throw new Error('The same contacts are being changed from too many sides at once.');
}

function keysOf(draft: ContactDraft): string[] {
  return draft.emailKey === null ? draft.phoneKeys : [...draft.phoneKeys, draft.emailKey];
}

function claimedKeysOf({ phoneKeys: [phone], emailKey }: ContactDraft): string[] {
  return [phone, emailKey].filter((key) => key !== undefined && key !== null);
}

function identityKey({ accountId, externalId }: { accountId: string; externalId: string }): string {
  return `${accountId} ${externalId}`;
}

async function identityOwners(
  tx: TenantTx,
  drafts: readonly ContactDraft[],
): Promise<Map<string, string>> {
  const byAccount = new Map<string, Set<string>>();
  for (const { identity } of drafts) {
    if (!identity) continue;
    const ids = byAccount.get(identity.accountId) ?? new Set();
    byAccount.set(identity.accountId, ids.add(identity.externalId));
  }
  const owners = new Map<string, string>();
  for (const [accountId, ids] of byAccount) {
    const rows = await findContactsByIdentities(tx, accountId, [...ids]);
    for (const row of rows) {
      owners.set(identityKey({ accountId, externalId: row.external_id }), row.id);
    }
    if (!(await findAccount(tx, accountId))) owners.set(accountId, '');
  }
  return owners;
}

/** @returns null for somebody new. @throws NotFoundError */
async function targetOf(
  tx: TenantTx,
  draft: ContactDraft,
  owners: ReadonlyMap<string, string>,
  known: ReadonlyMap<string, string>,
): Promise<string | null> {
  const { contactId, identity } = draft;
  if (identity && known.get(identity.accountId) === '') {
    throw new NotFoundError('The account', identity.accountId);
  }
  const byIdentity = identity ? known.get(identityKey(identity)) : undefined;
  if (contactId !== null) {
    const contact = await findContact(tx, contactId);
    if (!contact) throw new NotFoundError('The contact', contactId);
    if (byIdentity !== undefined && byIdentity !== contact.id) {
      throw new InvalidInputError(
        'Channel ID',
        `The channel ID belongs to another contact, "${byIdentity}".`,
        { hint: 'Merge the two contacts, if they are the same person.' },
      );
    }
    return contact.id;
  }
  const answering = keysOf(draft).map((key) => owners.get(key));
  return byIdentity ?? answering.find((id) => id !== undefined) ?? null;
}

function distinctIds(targets: readonly Settled<string>[]): string[] {
  return [...new Set(targets.flatMap((target) => (target.ok ? [target.value] : [])))];
}

function areLiving(
  rows: readonly ContactRow[],
  targets: readonly Settled<string>[],
  fresh: ReadonlySet<string>,
): boolean {
  const living = new Set(
    rows.filter((row) => row.merged_into === null && row.erased_at === null).map(({ id }) => id),
  );
  return distinctIds(targets).every((id) => fresh.has(id) || living.has(id));
}

async function loadStates(
  tx: TenantTx,
  rows: readonly ContactRow[],
  targets: readonly Settled<string>[],
  fresh: ReadonlySet<string>,
): Promise<Map<string, ContactState>> {
  const ids = rows.map(({ id }) => id);
  const tags = ids.length === 0 ? [] : await listTags(tx, ids);
  const present = new Map(rows.map((row) => [row.id, row]));
  return new Map(
    distinctIds(targets).map((id) => {
      const row = present.get(id);
      const state =
        row === undefined || fresh.has(id)
          ? newState(id)
          : stateOf(
              row,
              tags.filter((tag) => tag.contact_id === id),
            );
      return [id, state] as const;
    }),
  );
}
