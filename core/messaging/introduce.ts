import type { EventType } from '../model';
import type { AccountRow } from '../store/statements/accounts';
import { appendEvent } from '../store/statements/events';
import type { TenantTx } from '../store/unit';
import { eventOf } from './item';
import type { Person } from './people';

/** Tells of a contact and a conversation that were made a moment ago, and of contacts that turned out to be this one. */
export async function introduce(tx: TenantTx, account: AccountRow, person: Person): Promise<void> {
  const append = (type: EventType, data?: Record<string, unknown>) => {
    const parts = { account, person, raw: null, occurredAt: tx.now, ...(data && { data }) };
    return appendEvent(tx, eventOf(type, tx.now, parts));
  };
  if (person.contactIsNew) await append('contact.created');
  if (person.conversationIsNew) await append('conversation.created');
  for (const mergedContactId of person.mergedContactIds ?? []) {
    await append('contact.updated', { changed: ['merged'], mergedContactId });
  }
  person.contactIsNew = false;
  person.conversationIsNew = false;
  delete person.mergedContactIds;
}
