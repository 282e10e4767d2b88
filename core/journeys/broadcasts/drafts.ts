import {
  InvalidInputError,
  NotFoundError,
  SendError,
  describeError,
  ulids,
  type ContentWithFiles,
  type SendSettings,
} from '../../model';
import { KEPT_FOR_MS, placeFiles } from '../../messaging/files';
import type { MessagingContext } from '../../messaging/context';
import { toAccount, type AccountRow } from '../../store/statements/accounts';
import type { NewBroadcastRecipient } from '../../store/statements/broadcastRecipients';
import {
  DEFAULT_SETTINGS,
  type BroadcastCategory,
  type BroadcastItem,
  type BroadcastSettings,
  type FrozenMessage,
} from './broadcast';
import { readBroadcast } from './broadcasts.unit';
import { addRecipients, beginDraft, finishDraft, identifyPeople } from './drafts.unit';

/** One person of a broadcast, and what is said to them. */
export interface BroadcastPerson {
  /** Whose fault it is, in the answer. */
  item: number;
  /** A phone number as people write it, or the id at the account. */
  recipient?: string | undefined;
  contactId?: string | undefined;
  /** Read when it is their turn, so that files are not all in memory. */
  message: () => Promise<PersonsMessage>;
}

export interface PersonsMessage {
  content: ContentWithFiles;
  whenWindowClosed?: ContentWithFiles | undefined;
  settings?: SendSettings | undefined;
}

export interface CreateBroadcastInput {
  tenantId: string;
  accountId: string;
  name: string;
  category: BroadcastCategory;
  settings?: Partial<BroadcastSettings> | undefined;
  /** The same again gives the same draft. */
  createKey: string;
  people: readonly BroadcastPerson[];
}

/** Somebody who is not in it, and why. */
export interface LeftOut {
  item: number;
  recipient: string;
  error: string;
}

export type CreatedBroadcast = BroadcastItem & {
  /** Named more than once: they are in it once, with the first message. */
  duplicates: number;
  leftOut: LeftOut[];
};

const AT_ONCE = 100;

/**
 * Makes a draft: people and messages are frozen as they are now. Nothing is sent. A call that was cut begins again with
 * the same key and adds who is missing.
 * @throws InvalidInputError, NotFoundError; StoreError
 */
export async function createBroadcast(
  ctx: MessagingContext,
  input: CreateBroadcastInput,
): Promise<CreatedBroadcast> {
  const name = input.name.trim();
  if (!name) {
    throw new InvalidInputError('Name', '"Name" is empty.', {
      hint: 'Give the broadcast a name that your colleagues recognise.',
    });
  }
  const settings = readSettings(input.settings);
  const tenant = ctx.store.forTenant(input.tenantId);
  const begun = await tenant.run(beginDraft, {
    account_id: input.accountId,
    name,
    category: input.category,
    settings: JSON.stringify(settings),
    create_key: input.createKey,
  });
  if (!begun) throw new NotFoundError('The account', input.accountId);
  const { broadcast, account } = begun;
  const leftOut: LeftOut[] = [];
  let duplicates = 0;
  if (broadcast.state === 'preparing') {
    for (let start = 0; start < input.people.length; start += AT_ONCE) {
      const chunk = input.people.slice(start, start + AT_ONCE);
      const ready = await freeze(ctx, input.tenantId, account, chunk, leftOut);
      const args = { broadcastId: broadcast.id, recipients: ready };
      duplicates += ready.length - (await tenant.run(addRecipients, args));
    }
    if (!(await tenant.run(finishDraft, { broadcastId: broadcast.id })))
      throw nobodyIn(input, leftOut);
  }
  const item = await tenant.run(readBroadcast, { broadcastId: broadcast.id });
  return { ...item, duplicates, leftOut };
}

/** Those that can be written to, each with the sealed message; the others are noted. */
async function freeze(
  ctx: MessagingContext,
  tenantId: string,
  account: AccountRow,
  people: readonly BroadcastPerson[],
  leftOut: LeftOut[],
): Promise<NewBroadcastRecipient[]> {
  const named = people.flatMap((person) => {
    try {
      return [{ person, ...nameOf(ctx, account, person) }];
    } catch (error) {
      leftOut.push(outFor(person, error));
      return [];
    }
  });
  const known = await ctx.store.forTenant(tenantId).run(identifyPeople, {
    accountId: account.id,
    people: named.map(({ contactId, forms }) => ({ contactId, forms })),
  });
  const ready: NewBroadcastRecipient[] = [];
  for (const [index, { person, contactId: wanted, externalId }] of named.entries()) {
    const who = known[index] ?? null;
    try {
      if (wanted !== null && !who) throw notKnownThere(wanted, account);
      const id = ulids.next(ctx.clock.now());
      const owner = who?.contactId ?? externalId;
      const message = await frozen(ctx, account, await person.message(), owner);
      ready.push({
        id,
        personKey: who ? `contact/${who.contactId}` : `id/${externalId}`,
        contactId: who?.contactId ?? null,
        recipient: person.recipient?.trim() || (who?.externalId ?? externalId),
        request: ctx.store.sealer.seal(JSON.stringify(message), id),
      });
    } catch (error) {
      if (!(error instanceof InvalidInputError || error instanceof SendError)) throw error;
      leftOut.push(outFor(person, error));
    }
  }
  return ready;
}

function nameOf(ctx: MessagingContext, account: AccountRow, person: BroadcastPerson) {
  const contactId = person.contactId?.trim() || null;
  const text = person.recipient?.trim() ?? '';
  if (contactId !== null) return { contactId, forms: [], externalId: '' };
  if (!text) {
    throw new InvalidInputError('Recipient', 'The item names no recipient.', {
      hint: 'Give a phone number, the id at the account, or a contact.',
    });
  }
  const provider = ctx.providers.get(toAccount(account).provider);
  const read = provider?.readRecipient?.(text, toAccount(account));
  return {
    contactId: null,
    forms: [...new Set([...(read?.forms ?? []), text])],
    externalId: read?.externalId ?? text,
  };
}

async function frozen(
  ctx: MessagingContext,
  account: AccountRow,
  { content, whenWindowClosed, settings }: PersonsMessage,
  owner: string,
): Promise<FrozenMessage> {
  const provider = ctx.providers.get(toAccount(account).provider);
  const place = async (asked: ContentWithFiles) =>
    (await placeFiles(ctx, account, asked, { owner, forMs: KEPT_FOR_MS.now })).content;
  const placed = await place(content);
  const instead = whenWindowClosed && (await place(whenWindowClosed));
  for (const one of [placed, instead]) {
    if (one) provider?.checkContent(toAccount(account).channel, one, settings ?? {});
  }
  return { content: placed, whenWindowClosed: instead, settings };
}

function outFor({ item, recipient, contactId }: BroadcastPerson, error: unknown): LeftOut {
  return { item, recipient: recipient?.trim() || (contactId ?? ''), error: describeError(error) };
}

function notKnownThere(contactId: string, { name }: AccountRow): InvalidInputError {
  return new InvalidInputError(
    'Contact',
    `The contact "${contactId}" is not known at the account "${name}".`,
    { hint: 'Give the phone number, or the id that the person has there.' },
  );
}

function readSettings(given: Partial<BroadcastSettings> = {}): BroadcastSettings {
  const settings = {
    share: given.share ?? DEFAULT_SETTINGS.share,
    stopAtFailed: given.stopAtFailed ?? DEFAULT_SETTINGS.stopAtFailed,
  };
  const isPercent = (value: number, least: number) =>
    Number.isInteger(value) && value >= least && value <= 100;
  if (!isPercent(settings.share, 1)) throw noPercent('Share of the Limits', 1);
  if (!isPercent(settings.stopAtFailed, 0)) throw noPercent('Stop When Failed', 0);
  return settings;
}

function nobodyIn(
  { people }: CreateBroadcastInput,
  leftOut: readonly LeftOut[],
): InvalidInputError {
  const [first] = leftOut;
  return new InvalidInputError(
    'Recipient',
    `Nobody of the ${people.length} items can be written to.${first ? ` Item ${first.item}: ${first.error}` : ''}`,
    { hint: 'Look at what "Recipient" and the content make of the first item.' },
  );
}

function noPercent(field: string, least: number): InvalidInputError {
  return new InvalidInputError(field, `"${field}" must be a whole number from ${least} to 100.`);
}
