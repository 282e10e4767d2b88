import type { Contact } from '../model';
import { releaseKeys } from '../store/statements/contactKeys';
import { addTags, indexContacts, indexFields, removeTags } from '../store/statements/contactParts';
import {
  insertContacts,
  insertIdentity,
  lockContacts,
  updateContacts,
} from '../store/statements/contacts';
import { appendEvents, type NewEvent } from '../store/statements/events';
import { insertStageChanges } from '../store/statements/sendOutcomes';
import type { TenantTx } from '../store/unit';
import { contactEvent, contactsOf } from './item';
import { emailKey, phoneKeys } from './reach';
import type { ContactState } from './state';

/** Writes what is new or different, with the events that tell it. @returns all of them as they are now, by id */
export async function writeStates(
  tx: TenantTx,
  states: readonly ContactState[],
): Promise<Map<string, Contact>> {
  const created = states.filter(({ before }) => before === null);
  const updated = states.filter(({ before, changed }) => before !== null && changed.size > 0);
  const touched = [...created, ...updated];
  await insertContacts(
    tx,
    created.map(({ row }) => row),
  );
  await updateContacts(
    tx,
    updated.map(({ row }) => row),
  );
  await writeParts(tx, touched);
  for (const { row, identities } of states) {
    for (const { accountId, externalId } of identities) {
      await insertIdentity(tx, { accountId, externalId, contactId: row.id, username: null });
    }
  }
  const rows = await lockContacts(
    tx,
    states.map(({ row }) => row.id),
  );
  const contacts = new Map((await contactsOf(tx, rows)).map((contact) => [contact.id, contact]));
  await appendEvents(
    tx,
    touched.flatMap((state) => eventsOf(state, contacts.get(state.row.id), tx.now)),
  );
  await insertStageChanges(
    tx,
    touched.flatMap((state) => stepsOf(state, contacts.get(state.row.id), tx.now)),
  );
  return contacts;
}

/** A stage given for the first time says where somebody is; a change of it is a step. */
function stepsOf({ before }: ContactState, contact: Contact | undefined, at: number) {
  const fromStage = before?.stage ?? null;
  const toStage = contact?.stage ?? null;
  if (!contact || fromStage === null || toStage === null || fromStage === toStage) return [];
  const [first] = contact.channels;
  const { id: contactId, source } = contact;
  const place = { channel: first?.channel ?? null, accountId: first?.connectionId ?? null };
  return [{ contactId, fromStage, toStage, source, ...place, at }];
}

async function writeParts(tx: TenantTx, states: readonly ContactState[]): Promise<void> {
  const has = ({ before, changed }: ContactState, ...names: string[]) =>
    before === null || names.some((name) => changed.has(name));
  await indexContacts(
    tx,
    states.filter((state) => has(state, 'name', 'phone', 'email')).map(({ row }) => row),
  );
  await indexFields(
    tx,
    states
      .filter(({ before, changed, customFields }) =>
        before === null ? Object.keys(customFields).length > 0 : changed.has('customFields'),
      )
      .map(({ row, customFields }) => ({ id: row.id, customFields })),
  );
  await addTags(
    tx,
    states.flatMap(({ row, tags, tagsBefore }) =>
      [...tags]
        .filter(([tag]) => !tagsBefore.has(tag))
        .map(([, label]) => ({ contactId: row.id, label })),
    ),
  );
  await removeTags(
    tx,
    states.flatMap(({ row, tags, tagsBefore }) =>
      [...tagsBefore].filter((tag) => !tags.has(tag)).map((tag) => ({ contactId: row.id, tag })),
    ),
  );
  await releaseKeys(tx, states.flatMap(replacedKeys));
}

/** Somebody else may have the number or the address that was this contact's. */
function replacedKeys({ row, before }: ContactState): { key: string; contactId: string }[] {
  const contactId = row.id;
  const old = [
    ...(before?.phone && before.phone !== row.phone ? phoneKeys(before.phone) : []),
    ...(before?.email && before.email !== row.email ? [emailKey(before.email)] : []),
  ];
  return old.map((key) => ({ key, contactId }));
}

function eventsOf(state: ContactState, contact: Contact | undefined, at: number): NewEvent[] {
  if (!contact) return [];
  const { before, changed } = state;
  if (before === null) {
    return [contactEvent('contact.created', contact, { isNew: true, data: factsOf(contact), at })];
  }
  const events = [
    contactEvent('contact.updated', contact, {
      data: { changed: [...changed], ...factsOf(contact) },
      at,
    }),
  ];
  for (const { fromStage, toStage } of stepsOf(state, contact, at)) {
    events.push(contactEvent('lead.qualified', contact, { data: { fromStage, toStage }, at }));
  }
  return events;
}

/** What the log tells of a contact beside the part that every event has. */
function factsOf(contact: Contact): Record<string, unknown> {
  const { email, birthday, language, timeZone, source, tags, customFields } = contact;
  return { email, birthday, language, timeZone, source, tags, customFields };
}
