import {
  InvalidInputError,
  type Channel,
  type ContentType,
  type ProviderId,
  type SendReason,
} from '../../model';
import type { Recipient } from '../../providers/provider';
import { toAccount, type AccountRow } from '../../store/statements/accounts';
import { WINDOW_MARGIN_MS } from '../timing';
import type { MessagingContext } from '../context';
import { adoptIdentity, findRoutes, type Route } from './routes.unit';

/** A way to a person, with what is wrong with it beforehand. */
export interface Way {
  account: AccountRow;
  externalId: string;
  contactId: string | null;
  windowClosesAt: number | null;
  lastInboundAt: number | null;
  /** The account does not know the person yet: the ids under which it may. */
  forms?: string[];
  refusal?: { reason: SendReason; detail: string } | undefined;
}

export interface WaysQuery {
  tenantId: string;
  conversationId?: string | undefined;
  contactId?: string | undefined;
  phone?: string | undefined;
  channels?: readonly Channel[] | undefined;
  /** These first, where they let the message through. */
  prefer?: readonly Channel[] | undefined;
}

/**
 * Every way to a person: the accounts that know them, and those that reach anybody by number.
 * @throws NotFoundError, InvalidInputError
 */
export async function waysTo(
  ctx: MessagingContext,
  { tenantId, conversationId, contactId, phone, channels }: WaysQuery,
): Promise<{ ways: Way[]; name: string | null }> {
  const tenant = ctx.store.forTenant(tenantId);
  const number = phone?.trim() ? await readNumber(ctx, tenantId, phone) : undefined;
  const { contact, routes, others } = await tenant.run(findRoutes, {
    conversationId,
    contactId,
    ...number,
  });
  const known = routes.map((route) => wayOf(ctx, route, contact?.id ?? null));
  const reach = contact?.phone ?? phone?.trim();
  const byNumber: Way[] = [];
  for (const account of reach ? straightFirst(others) : []) {
    const read = readAt(ctx, account, reach ?? '');
    if (!read) continue;
    const { externalId, forms } = read;
    const route = { account, externalId, windowClosesAt: null, lastInboundAt: null };
    byNumber.push({ ...wayOf(ctx, route, contact?.id ?? null), forms });
  }
  const isWanted = ({ account }: Way) =>
    account.channel !== 'calendar' &&
    (!channels?.length || channels.includes(account.channel as Channel));
  return { ways: [...known, ...byNumber].filter(isWanted), name: contact?.name ?? null };
}

/** Who hands on to a channel's own provider: a template waits for approval there too, and what became of it comes later. */
const HUBS: readonly ProviderId[] = ['notificame'];

/** Where nobody has written yet, a number goes rather straight to its channel than through a hub. */
function straightFirst(accounts: readonly AccountRow[]): AccountRow[] {
  const isHub = ({ provider }: AccountRow) => HUBS.includes(provider as ProviderId);
  return accounts.toSorted((a, b) => Number(isHub(a)) - Number(isHub(b)));
}

/** The way that would be taken now. @throws InvalidInputError where there is none */
export async function bestWay(
  ctx: MessagingContext,
  query: WaysQuery,
  instead: ContentType | undefined,
): Promise<Way> {
  const { ways, name } = await waysTo(ctx, query);
  const [best] = orderRoutes(ctx, ways, instead, query.prefer);
  if (best) return best;
  throw noWay(name, query.channels);
}

export function noWay(
  name: string | null,
  channels: readonly Channel[] | undefined,
): InvalidInputError {
  const who = name === null ? 'This person' : `"${name}"`;
  const where = channels?.length ? `on ${channels.join(' or ')}` : 'on any connected account';
  return new InvalidInputError('Recipient', `${who} cannot be reached ${where}.`, {
    hint: 'Connect an account that knows them, or one of WhatsApp and give their phone number.',
  });
}

/** The rank of a way that only says why not. */
const HOPELESS = 3;

/**
 * The order of the contract: the channel last used if its window is open, others with an open window, those that take the
 * content for a closed window, and then the rest, which say why not. Preferred channels come before the others in each case
 * but the last.
 */
export function orderRoutes(
  ctx: MessagingContext,
  ways: readonly Way[],
  instead: ContentType | undefined,
  prefer: readonly Channel[] = [],
): Way[] {
  const ease = (way: Way): number => {
    if (way.refusal) return HOPELESS;
    const abilities = abilitiesOf(ctx, way.account);
    if (!abilities) return HOPELESS;
    const now = ctx.clock.now();
    const isOpen =
      abilities.windowMs === null
        ? way.lastInboundAt !== null
        : way.windowClosesAt !== null && now < way.windowClosesAt - WINDOW_MARGIN_MS;
    if (isOpen) return 0;
    // Without a window, but nobody has written there yet: only after those where they have.
    if (abilities.windowMs === null) return 1;
    return instead && abilities.windowFreeTypes?.includes(instead) ? 2 : HOPELESS;
  };
  return ways
    .map((way) => {
      const rank = ease(way);
      const isFirst = rank < HOPELESS && prefer.includes(way.account.channel as Channel);
      return { way, rank: isFirst ? rank - HOPELESS : rank };
    })
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ way }) => way);
}

function wayOf(ctx: MessagingContext, route: Route, contactId: string | null): Way {
  const { account } = route;
  return { ...route, contactId, refusal: refusalOf(ctx, account) };
}

const CONNECTED = ['active', 'expiring'];

function refusalOf(ctx: MessagingContext, account: AccountRow): Way['refusal'] {
  if (!abilitiesOf(ctx, account)) {
    return {
      reason: 'not_permitted_on_channel',
      detail: `Nothing can be sent on ${account.channel} through ${account.provider}.`,
    };
  }
  if (CONNECTED.includes(account.status)) return undefined;
  const why = account.status_reason ? `: ${account.status_reason}` : '';
  return {
    reason: account.status === 'expired' ? 'token_expired' : 'no_connection',
    detail: `The account is not connected (${account.status})${why}. Connect it again.`,
  };
}

function abilitiesOf(ctx: MessagingContext, account: AccountRow) {
  return ctx.providers.get(account.provider as ProviderId)?.abilities(account.channel as Channel);
}

/** What a number may be called at each account that takes numbers. @throws InvalidInputError for what is none */
async function readNumber(ctx: MessagingContext, tenantId: string, phone: string) {
  const { others } = await ctx.store
    .forTenant(tenantId)
    .run(findRoutes, { phones: ['a number of nobody'] });
  const forms: { accountId: string; forms: string[] }[] = [];
  const phones = new Set<string>([phone.trim()]);
  for (const row of others) {
    const provider = ctx.providers.get(row.provider as ProviderId);
    if (!provider?.readRecipient) continue;
    const recipient = provider.readRecipient(phone.trim(), toAccount(row));
    forms.push({ accountId: row.id, forms: recipient.forms });
    for (const form of recipient.forms) phones.add(form).add(`+${form}`);
    if (recipient.phone !== null) phones.add(recipient.phone);
  }
  return { forms, phones: [...phones] };
}

/** What an account that takes numbers would call a person whom it does not know; null: it takes none, or not this one. */
function readAt(ctx: MessagingContext, row: AccountRow, phone: string): Recipient | null {
  try {
    const provider = ctx.providers.get(row.provider as ProviderId);
    const recipient = provider?.readRecipient?.(phone, toAccount(row));
    // What takes any text for an id (Telegram, e-mail) does not know people by their number.
    return recipient && recipient.phone !== null ? recipient : null;
  } catch (error) {
    if (error instanceof InvalidInputError) return null;
    throw error;
  }
}

/**
 * Lets the account of a way know the contact by their number, so that they stay one person.
 * @returns false where somebody else has this number there
 */
export async function adopt(
  { store }: MessagingContext,
  { account, externalId, contactId, forms }: Way,
): Promise<boolean> {
  if (!forms || contactId === null) return true;
  const identity = { accountId: account.id, contactId, externalId, forms };
  return await store.forTenant(account.tenant_id).run(adoptIdentity, identity);
}
