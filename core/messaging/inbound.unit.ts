import type { EventItem, InboundContact, InboundEvent } from '../model';
import {
  findAccountByAddress,
  forgetOldRefusals,
  touchAccountReceived,
  type AccountRow,
} from '../store/statements/accounts';
import { countUnknownCalls } from '../store/statements/doors';
import { claimInboundKeys } from '../store/statements/inboundKeys';
import { tenantUnit, type TenantTx } from '../store/unit';
import {
  recordActivity,
  recordHandover,
  recordPolicy,
  recordPublicPost,
  recordTemplateStatus,
  recordUnrecognised,
} from './inbound/around';
import {
  recordAccountLink,
  recordFeedback,
  recordMessage,
  recordOptin,
  recordPostback,
  recordReaction,
  recordReferral,
} from './inbound/customer';
import { recordEcho } from './inbound/echo';
import { createScope, type PreparedEvent, type Scope } from './inbound/scope';
import { recordDeletion, recordEdit, recordReceipt } from './inbound/statuses';
import { ensurePerson, findPerson, type Person } from './people';

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

interface Arrival {
  prepared: PreparedEvent;
  account: AccountRow;
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
    for (const { prepared, account } of fresh) {
      const person = people.get(personKey(account, contactOf(prepared.event))) ?? null;
      const ownAppId = args.ownAppIds[account.id] ?? null;
      const scope = createScope({ tx, account, prepared, person, ownAppId }, items);
      await introduce(scope);
      if (await recordEvent(scope)) stored += 1;
      if (person) {
        person.contactIsNew = false;
        person.conversationIsNew = false;
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

async function findAccounts(
  tx: TenantTx,
  events: PreparedEvent[],
): Promise<{ arrivals: Arrival[]; unknown: string[] }> {
  const found = new Map<string, AccountRow | undefined>();
  const arrivals: Arrival[] = [];
  const unknown: string[] = [];
  for (const prepared of events) {
    const { provider, channel, accountExternalId } = prepared.event;
    const address = `${provider} ${channel} ${accountExternalId}`;
    if (!found.has(address)) {
      const query = { provider, channel, externalId: accountExternalId };
      found.set(address, await findAccountByAddress(tx, query));
    }
    const account = found.get(address);
    if (account) arrivals.push({ prepared, account });
    else unknown.push(accountExternalId);
  }
  return { arrivals, unknown };
}

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

/**
 * Finds or makes everyone the call speaks of before its first event is recorded, in one order for all calls: two
 * calls that speak of the same people in different order wait for each other, but never in a circle.
 */
async function meetPeople(tx: TenantTx, arrivals: Arrival[]): Promise<Map<string, Person | null>> {
  const wanted = new Map<string, { account: AccountRow; who: InboundContact; make: boolean }>();
  for (const { account, prepared } of arrivals) {
    const who = contactOf(prepared.event);
    if (!who) continue;
    const key = personKey(account, who);
    const before = wanted.get(key);
    wanted.set(key, {
      account,
      who: { ...who, ...before?.who },
      make: MEETS.has(prepared.event.kind) || (before?.make ?? false),
    });
  }
  const people = new Map<string, Person | null>();
  for (const [key, { account, who, make }] of [...wanted].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const person = make
      ? await ensurePerson(tx, account, who)
      : await findPerson(tx, account, who.externalId);
    people.set(key, person);
  }
  return people;
}

/** A new contact and a new conversation are told before what they did. */
async function introduce(scope: Scope): Promise<void> {
  const { person } = scope;
  if (person?.contactIsNew) await scope.append('contact.created', { raw: null });
  if (person?.conversationIsNew) await scope.append('conversation.created', { raw: null });
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
    case 'unrecognised':
      await recordUnrecognised(scope, event);
      break;
  }
  return true;
}

function contactOf(event: InboundEvent): InboundContact | null {
  return 'contact' in event ? event.contact : null;
}

function personKey(account: AccountRow, who: InboundContact | null): string {
  return who ? `${account.id} ${who.externalId}` : '';
}
