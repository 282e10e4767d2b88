import { listKnownTenants, type KnownTenant } from '../store/instance/portal';
import type { PortalContext } from './context';
import { PortalFailure } from './failures';
import { listConnectLinks, revokeConnectLink, type ConnectLink } from './links';
import { permits, type LinkScope } from './scopes';

/** A link as the page lists it; what opens it is not part of it. */
export interface LinkRow {
  id: string;
  scope: LinkScope;
  name: string;
  expiresAt: number;
  revokedAt: number | null;
  lastUsedAt: number | null;
  createdAt: number;
  /** The one that this page was opened with. */
  isThis: boolean;
}

/**
 * The links of a tenant that the holder of `link` may know of: none that opens more than their own.
 * @throws PortalFailure `scope_missing`
 */
export async function listLinks(
  ctx: PortalContext,
  link: ConnectLink,
  tenantId: string,
): Promise<{ links: LinkRow[] }> {
  mustPermit(link, 'admin');
  const links = await listConnectLinks(ctx, tenantId);
  return {
    links: links
      .filter(({ scope }) => permits(link.scope, scope))
      .map(({ id, scope, name, expiresAt, revokedAt, lastUsedAt, createdAt }) => ({
        id,
        scope,
        name,
        expiresAt,
        revokedAt,
        lastUsedAt,
        createdAt,
        isThis: id === link.id,
      })),
  };
}

/** @throws PortalFailure `scope_missing`, `not_found` */
export async function withdrawLink(
  ctx: PortalContext,
  link: ConnectLink,
  tenantId: string,
  linkId: string,
): Promise<{ links: LinkRow[] }> {
  const { links } = await listLinks(ctx, link, tenantId);
  if (!links.some(({ id }) => id === linkId)) throw new PortalFailure('not_found');
  await revokeConnectLink(ctx, tenantId, linkId);
  return await listLinks(ctx, link, tenantId);
}

/** @throws PortalFailure `scope_missing` */
export async function listTenants(
  ctx: PortalContext,
  link: ConnectLink,
): Promise<{ tenants: KnownTenant[] }> {
  mustPermit(link, 'instance');
  return { tenants: await ctx.store.run(listKnownTenants, null) };
}

/** @throws PortalFailure `scope_missing`, naming the scope */
export function mustPermit(link: ConnectLink, scope: LinkScope): void {
  if (!permits(link.scope, scope)) {
    throw new PortalFailure('scope_missing', { details: { scope } });
  }
}
