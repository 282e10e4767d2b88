import type { Contact } from '../model';
import { Batcher } from '../store/batcher';
import { unsettle, type Settled } from '../store/settled';
import type { Store } from '../store/store';
import type { ContactsContext } from './context';
import { readDraft, type ContactDraft, type ContactInput } from './draft';
import { upsertContactBatch, type UpsertOutcome } from './upsert.unit';

export type UpsertedContact = Contact & {
  /** Whether it was made by this call. */
  isNew: boolean;
} & Omit<UpsertOutcome, 'contact'>;

/** Contacts written by one unit: some milliseconds of the database's time. */
const MOST_AT_ONCE = 100;

interface Wanted {
  draft: ContactDraft;
  actor: string;
}

/** Calls that come together are written together. */
const batchers = new WeakMap<Store, Map<string, Batcher<Wanted, Settled<UpsertOutcome>>>>();

function batcherOf(store: Store, tenantId: string): Batcher<Wanted, Settled<UpsertOutcome>> {
  const ofStore = batchers.get(store) ?? new Map<string, Batcher<Wanted, Settled<UpsertOutcome>>>();
  batchers.set(store, ofStore);
  const present = ofStore.get(tenantId);
  if (present) return present;
  const batcher = new Batcher<Wanted, Settled<UpsertOutcome>>({
    most: MOST_AT_ONCE,
    run: async (wanted) =>
      store.forTenant(tenantId).run(upsertContactBatch, {
        drafts: wanted.map(({ draft }) => draft),
        actor: wanted[0]?.actor ?? 'workflow',
      }),
  });
  ofStore.set(tenantId, batcher);
  return batcher;
}

/**
 * Makes a contact or changes it, with the event that says so; the same again changes nothing and tells nothing. Whoever
 * is meant is found by id, by a channel's id, by phone and by e-mail, in this order.
 * @param actor who asks for it, for the audit log
 * @throws InvalidInputError naming the field; NotFoundError for an id that this tenant does not have
 */
export async function upsertContact(
  ctx: ContactsContext,
  input: ContactInput,
  actor = 'workflow',
): Promise<UpsertedContact> {
  const draft = readDraft(input);
  const settled = await batcherOf(ctx.store, input.tenantId).add({ draft, actor });
  const { contact, change, ...rest } = unsettle(settled);
  return { ...contact, isNew: change === 'created', change, ...rest };
}
