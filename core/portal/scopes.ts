/** What a link lets its holder do; each one includes those before it. */
export const LINK_SCOPES = ['connect', 'operate', 'admin', 'instance'] as const;

/**
 * `connect`: connect accounts of one tenant, and see, check, renew and disconnect those that were connected by such
 * links. `operate`: the same for every account of the tenant. `admin`: also its links. `instance`: every tenant.
 */
export type LinkScope = (typeof LINK_SCOPES)[number];

export function isLinkScope(value: unknown): value is LinkScope {
  return LINK_SCOPES.some((scope) => scope === value);
}

/** Whether a link of this scope may do what needs another one. */
export function permits(held: LinkScope, needed: LinkScope): boolean {
  return LINK_SCOPES.indexOf(held) >= LINK_SCOPES.indexOf(needed);
}
