import type { EventItem, InboundEvent } from '../../model';
import { claimInboundKeys } from '../../store/statements/inboundKeys';
import type { TenantTx } from '../../store/unit';
import { nameAddressees } from './addressees';
import {
  recordActivity,
  recordHandover,
  recordPolicy,
  recordPublicPost,
  recordUnrecognised,
} from './around';
import type { Arrival } from './arrivals';
import { recordPreference } from './consent';
import {
  recordAccountLink,
  recordFeedback,
  recordMessage,
  recordOptin,
  recordPostback,
  recordReaction,
  recordReferral,
} from './customer';
import { recordStatus } from './delivery';
import { recordEcho } from './echo';
import {
  recordIdentity,
  recordQuality,
  recordTemplateCategory,
  recordTemplateStatus,
} from './news';
import { contactOf, meetPeople, personKey } from './meet';
import { createScope, type Scope } from './scope';
import { recordDeletion, recordEdit, recordReceipt } from './statuses';

export interface Recorded {
  /** The events that were new, in order. */
  stored: InboundEvent[];
  /** Everything appended to the log, in order. */
  items: EventItem[];
}

/**
 * Stores events in the order given, each at most once. Locks are taken in one order by everybody: keys, people.
 * @param ownAppIds by account id: the app that speaks for it
 */
export async function recordArrivals(
  tx: TenantTx,
  arrivals: Arrival[],
  ownAppIds: Record<string, string>,
): Promise<Recorded> {
  const { fresh: unnamed, repeated } = await dropDuplicates(tx, arrivals);
  const fresh = await nameAddressees(tx, unnamed);
  // What is told again may come under another id of its sender: that is news, and the only news of it.
  const telling = repeated.filter(({ prepared }) => contactOf(prepared.event)?.aliases?.length);
  const people = await meetPeople(tx, fresh, telling);
  const recorded: Recorded = { stored: [], items: [] };
  const scopeOf = ({ prepared, account, siblings }: Arrival): Scope => {
    const person = people.get(personKey(account, contactOf(prepared.event))) ?? null;
    const ownAppId = ownAppIds[account.id] ?? null;
    return createScope({ tx, account, prepared, person, ownAppId, siblings }, recorded.items);
  };
  for (const arrival of fresh) {
    const scope = scopeOf(arrival);
    await introduce(scope);
    if (await recordEvent(scope)) recorded.stored.push(arrival.prepared.event);
    noteTold(scope);
  }
  for (const arrival of telling) {
    const scope = scopeOf(arrival);
    await introduce(scope);
    noteTold(scope);
  }
  return recorded;
}

async function dropDuplicates(
  tx: TenantTx,
  arrivals: Arrival[],
): Promise<{ fresh: Arrival[]; repeated: Arrival[] }> {
  const keyOf = (accountId: string, key: string) => `${accountId} ${key}`;
  const claimed = await claimInboundKeys(
    tx,
    arrivals.map(({ account, prepared }) => ({
      accountId: account.id,
      key: prepared.event.dedupeKey,
    })),
  );
  const left = new Set(claimed.map(({ accountId, key }) => keyOf(accountId, key)));
  // Deleting takes the key: the second of two equal events in one call is a duplicate as well.
  const fresh: Arrival[] = [];
  const repeated: Arrival[] = [];
  for (const arrival of arrivals) {
    const isFresh = left.delete(keyOf(arrival.account.id, arrival.prepared.event.dedupeKey));
    (isFresh ? fresh : repeated).push(arrival);
  }
  return { fresh, repeated };
}

/** A new contact and a new conversation are told before what they did. */
async function introduce(scope: Scope): Promise<void> {
  const { person } = scope;
  if (person?.contactIsNew) await scope.append('contact.created', { raw: null });
  if (person?.conversationIsNew) await scope.append('conversation.created', { raw: null });
  for (const mergedContactId of person?.mergedContactIds ?? []) {
    const data = { changed: ['merged'], mergedContactId };
    await scope.append('contact.updated', { data, raw: null });
  }
}

/** From here on the person is nobody new. */
function noteTold({ person }: Scope): void {
  if (!person) return;
  person.contactIsNew = false;
  person.conversationIsNew = false;
  delete person.mergedContactIds;
}

/** @returns false when the event turned out to be stored already */
async function recordEvent(scope: Scope): Promise<boolean> {
  const { event } = scope.prepared;
  switch (event.kind) {
    case 'message':
      return recordMessage(scope, event);
    case 'postback':
      return recordPostback(scope, event);
    case 'echo':
      await recordEcho(scope, event);
      break;
    case 'delivery':
    case 'read':
      await recordReceipt(scope, event);
      break;
    case 'status':
      await recordStatus(scope, event);
      break;
    case 'identity':
      await recordIdentity(scope, event);
      break;
    case 'preference':
      await recordPreference(scope, event);
      break;
    case 'reaction':
      await recordReaction(scope, event);
      break;
    case 'edit':
      await recordEdit(scope, event);
      break;
    case 'delete':
      await recordDeletion(scope, event);
      break;
    case 'referral':
      await recordReferral(scope, event);
      break;
    case 'optin':
      await recordOptin(scope, event);
      break;
    case 'handover':
      await recordHandover(scope, event);
      break;
    case 'comment':
    case 'mention':
      await recordPublicPost(scope, event);
      break;
    case 'accountLink':
      await recordAccountLink(scope, event);
      break;
    case 'feedback':
      await recordFeedback(scope, event);
      break;
    case 'activity':
      await recordActivity(scope, event);
      break;
    case 'policy':
      await recordPolicy(scope, event);
      break;
    case 'templateStatus':
      await recordTemplateStatus(scope, event);
      break;
    case 'templateCategory':
      await recordTemplateCategory(scope, event);
      break;
    case 'quality':
      await recordQuality(scope, event);
      break;
    case 'unrecognised':
      await recordUnrecognised(scope, event);
      break;
  }
  return true;
}
