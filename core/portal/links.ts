import { InvalidInputError, NotFoundError, ulids } from '../model';
import type { ConnectLinkRow } from '../store/statements/connectLinks';
import type { PortalContext } from './context';
import { PortalFailure } from './failures';
import { dropLink, readLinkRow, readLinks, saveLink, useLink } from './links.unit';
import { readLink, signLink } from './linkToken';
import { isLinkScope, type LinkScope } from './scopes';

export const PAGE_LANGUAGES = ['pt-BR', 'en'] as const;
export type PageLanguage = (typeof PAGE_LANGUAGES)[number];

const MINUTE_MS = 60_000;
const YEAR_MS = 366 * 24 * 60 * MINUTE_MS;
const MAX_NAME_LENGTH = 200;

/** A link to the hosted page, without what opens it. */
export interface ConnectLink {
  id: string;
  tenantId: string;
  scope: LinkScope;
  name: string;
  language: PageLanguage | null;
  expiresAt: number;
  revokedAt: number | null;
  lastUsedAt: number | null;
  createdAt: number;
}

export interface CreateConnectLinkInput {
  tenantId: string;
  scope: LinkScope;
  /** Milliseconds from now; a minute to a year. */
  lifetimeMs: number;
  /** For whom it is, for the admin's lists. */
  name?: string;
  /** Absent: the browser's. */
  language?: PageLanguage | undefined;
  /** Address of the page, as its door has it or as a proxy shows it to the world. */
  pageUrl: string;
}

type LinksContext = Pick<PortalContext, 'store' | 'clock'>;

/**
 * Makes a link that opens the hosted page. What opens it stands behind `#`: browsers never send that part, so it is in
 * no log and no Referer.
 * @throws InvalidInputError naming the field; StoreError
 */
export async function createConnectLink(
  ctx: LinksContext,
  input: CreateConnectLinkInput,
): Promise<ConnectLink & { url: string }> {
  const { tenantId, scope, lifetimeMs, name = '', language } = input;
  if (!isLinkScope(scope)) {
    throw new InvalidInputError('Scope', `"${String(scope)}" is no scope of a link.`, {
      hint: 'Choose connect, operate, admin or instance.',
    });
  }
  if (!(lifetimeMs >= MINUTE_MS && lifetimeMs <= YEAR_MS)) {
    throw new InvalidInputError('Expires After', 'A link works for a minute to a year.', {
      hint: 'Give a time between one minute and 366 days.',
    });
  }
  const page = pageAddress(input.pageUrl);
  const now = ctx.clock.now();
  const row = await ctx.store.forTenant(tenantId).run(saveLink, {
    id: ulids.next(now),
    scope,
    name: name.trim().slice(0, MAX_NAME_LENGTH),
    language: language ?? null,
    // The token carries whole seconds.
    expires_at: Math.floor((now + lifetimeMs) / 1000) * 1000,
  });
  const link = toLink(row);
  return { ...link, url: urlOf(ctx, link, page) };
}

/** The same address again, for whoever lost it. */
export function linkUrl(ctx: LinksContext, link: ConnectLink, pageUrl: string): string {
  return urlOf(ctx, link, pageAddress(pageUrl));
}

function urlOf(ctx: LinksContext, link: ConnectLink, page: string): string {
  const token = signLink(ctx.store.sealer, {
    linkId: link.id,
    tenantId: link.tenantId,
    scope: link.scope,
    expiresAt: link.expiresAt,
  });
  return `${page}#${token}`;
}

function pageAddress(pageUrl: string): string {
  const url = URL.parse(pageUrl.trim());
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new InvalidInputError('Page Address', `"${pageUrl}" is no address of a page.`, {
      hint: 'It starts with https:// and ends with /connect; the Customer Connect Page node shows it.',
    });
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** The tenant's links, the newest first. */
export async function listConnectLinks(
  ctx: LinksContext,
  tenantId: string,
  limit = 100,
): Promise<ConnectLink[]> {
  return (await ctx.store.forTenant(tenantId).run(readLinks, { limit })).map(toLink);
}

/**
 * Withdraws a link: what it opened is closed with the next call. Twice is once.
 * @param idOrUrl the link's id, its whole address, or its token
 * @throws NotFoundError when this tenant has no such link
 */
export async function revokeConnectLink(
  ctx: LinksContext,
  tenantId: string,
  idOrUrl: string,
): Promise<ConnectLink> {
  const text = idOrUrl.trim();
  const claims = readLink(ctx.store.sealer, text.slice(text.indexOf('#') + 1));
  const isOther = claims !== null && claims.tenantId !== tenantId;
  const id = claims?.linkId ?? text;
  const row = isOther
    ? undefined
    : await ctx.store.forTenant(tenantId).run(dropLink, { linkId: id });
  if (!row) {
    throw new NotFoundError('The link', claims === null ? 'given' : id, {
      hint: 'Give the ID or the address of a link of this tenant.',
    });
  }
  return toLink(row);
}

/** For whom a page works: the tenant it was published for, or whichever tenant a link is of. */
export type ServedTenants = { only: string } | 'every';

/**
 * The link that a token is of. Forged, unknown and another tenant's look alike; an expired or withdrawn one may be
 * named, for its holder was given it.
 * @throws PortalFailure `link_invalid`, `link_expired`, `link_revoked`
 */
export async function openLink(
  ctx: LinksContext,
  token: string | undefined,
  served: ServedTenants,
): Promise<ConnectLink> {
  const claims = token === undefined ? null : readLink(ctx.store.sealer, token);
  if (!claims || !isServed(claims.tenantId, claims.scope, served)) {
    throw new PortalFailure('link_invalid');
  }
  const row = await ctx.store
    .forTenant(claims.tenantId)
    .run(useLink, { linkId: claims.linkId, scope: claims.scope });
  if (!row) throw new PortalFailure('link_invalid');
  const link = toLink(row);
  if (link.revokedAt !== null) throw new PortalFailure('link_revoked');
  // The signed moment counts as much as the stored one.
  if (Math.min(link.expiresAt, claims.expiresAt) <= ctx.clock.now()) {
    throw new PortalFailure('link_expired');
  }
  return link;
}

/**
 * The link that something was begun with, if it is still good: withdrawing it ends what is under way.
 * @throws PortalFailure `link_revoked`, `link_invalid`
 */
export async function mustBeOpen(
  ctx: LinksContext,
  { tenantId, linkId }: { tenantId: string; linkId: string },
): Promise<ConnectLink> {
  const row = await ctx.store.forTenant(tenantId).run(readLinkRow, { linkId });
  if (!row) throw new PortalFailure('link_invalid');
  if (row.revoked_at !== null) throw new PortalFailure('link_revoked');
  return toLink(row);
}

function isServed(tenantId: string, scope: LinkScope, served: ServedTenants): boolean {
  return served === 'every' || served.only === tenantId || scope === 'instance';
}

function toLink(row: ConnectLinkRow): ConnectLink {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    scope: row.scope as LinkScope,
    name: row.name,
    language: row.language as PageLanguage | null,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
    createdAt: row.created_at,
  };
}
