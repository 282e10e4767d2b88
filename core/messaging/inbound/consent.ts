import { saveConsent, type ConsentPurpose } from '../../store/statements/consents';
import type { Person } from '../people';
import type { EventOf, Scope } from './scope';

/** The person told the provider which messages they want no more, or again. */
export async function recordPreference(scope: Scope, event: EventOf<'preference'>): Promise<void> {
  const { person } = scope;
  const state = event.wants === 'stop' ? 'out' : 'in';
  const purpose = event.category.includes('marketing') ? 'marketing' : 'messages';
  if (!person) return;
  await noteConsent(scope, person, { state, purpose, note: event.detail, source: 'provider' });
}

interface Consent {
  state: 'in' | 'out';
  purpose: ConsentPurpose;
  /** The words it was said with. */
  note: string | null;
  /** `provider`: told by the channel. `reply`: written to us. */
  source: 'provider' | 'reply';
}

/** Notes it, with the event that says so where it is news. */
export async function noteConsent(
  scope: Scope,
  person: Person,
  { state, purpose, note, source }: Consent,
): Promise<void> {
  const { tx, account, prepared } = scope;
  const isNews = await saveConsent(tx, {
    contactId: person.contact.id,
    purpose,
    state,
    source,
    note,
    accountId: account.id,
    givenAt: prepared.event.occurredAt,
  });
  if (!isNews) return;
  await scope.append(state === 'out' ? 'contact.optedOut' : 'contact.optedIn', {
    data: { purpose, source, detail: note },
  });
}
