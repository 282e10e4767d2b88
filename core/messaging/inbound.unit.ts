import type { EventItem } from '../model';
import { forgetOldRefusals, touchAccountReceived } from '../store/statements/accounts';
import { countUnknownCalls } from '../store/statements/doors';
import { claimInboundKeys } from '../store/statements/inboundKeys';
import { tenantUnit, type TenantTx } from '../store/unit';
import {
  recordActivity,
  recordHandover,
  recordPolicy,
  recordPublicPost,
  recordUnrecognised,
} from './inbound/around';
import { findAccounts, type Arrival } from './inbound/arrivals';
import { recordPreference } from './inbound/consent';
import {
  recordAccountLink,
  recordFeedback,
  recordMessage,
  recordOptin,
  recordPostback,
  recordReaction,
  recordReferral,
} from './inbound/customer';
import { recordStatus } from './inbound/delivery';
import { recordEcho } from './inbound/echo';
import {
  recordIdentity,
  recordQuality,
  recordTemplateCategory,
  recordTemplateStatus,
} from './inbound/news';
import { contactOf, meetPeople, personKey } from './inbound/meet';
import { createScope, type PreparedEvent, type Scope } from './inbound/scope';
import { recordDeletion, recordEdit, recordReceipt } from './inbound/statuses';

export interface RecordInboundArgs {
  doorId: string;
  events: PreparedEvent[];
  /** By account id: the app that speaks for it. */
  ownAppIds: Record<string, string>;
}

export interface RecordedInbound {
  /** Events stored by this call. */
  stored: number;
  /** Events stored before, or more than once in this call. */
  duplicates: number;
  /** External ids of accounts that this tenant does not have. */
  unknownAccounts: string[];
  /** Everything appended to the log, in order. */
  items: EventItem[];
}

/**
 * Stores a webhook call as one: all of its events or none, so that a call that is answered 200 has lost nothing and
 * one that is answered 500 has left nothing. Locks are taken in one order by everybody: keys, people, accounts.
 */
export const recordInboundCall = tenantUnit(
  __filename,
  'recordInboundCall',
  async (tx, args: RecordInboundArgs): Promise<RecordedInbound> => {
    const { arrivals, unknown } = await findAccounts(tx, args.events);
    const fresh = await dropDuplicates(tx, arrivals);
    const people = await meetPeople(tx, fresh);
    const items: EventItem[] = [];
    let stored = 0;
    for (const { prepared, account, siblings } of fresh) {
      const person = people.get(personKey(account, contactOf(prepared.event))) ?? null;
      const ownAppId = args.ownAppIds[account.id] ?? null;
      const scope = createScope({ tx, account, prepared, person, ownAppId, siblings }, items);
      await introduce(scope);
      if (await recordEvent(scope)) stored += 1;
      if (person) {
        person.contactIsNew = false;
        person.conversationIsNew = false;
        delete person.mergedContactIds;
      }
    }
    const last = unknown.at(-1);
    if (last !== undefined) await countUnknownCalls(tx, args.doorId, unknown.length, last);
    const reached = new Map(arrivals.map(({ account }) => [account.id, account]));
    for (const [id, account] of [...reached].sort(([a], [b]) => (a < b ? -1 : 1))) {
      await touchAccountReceived(tx, id);
      await forgetOldRefusals(tx, account);
    }
    return {
      stored,
      duplicates: arrivals.length - stored,
      unknownAccounts: [...new Set(unknown)],
      items,
    };
  },
);

async function dropDuplicates(tx: TenantTx, arrivals: Arrival[]): Promise<Arrival[]> {
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
  return arrivals.filter(({ account, prepared }) =>
    left.delete(keyOf(account.id, prepared.event.dedupeKey)),
  );
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
