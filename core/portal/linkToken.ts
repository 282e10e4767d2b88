import type { Sealer } from '../store/sealing';
import { readClaims, signClaims } from '../store/signedClaims';
import { isLinkScope, type LinkScope } from './scopes';

/** What a link's token says of itself. */
export interface LinkClaims {
  linkId: string;
  tenantId: string;
  scope: LinkScope;
  /** Epoch ms, whole seconds. */
  expiresAt: number;
}

const KIND = { version: 'c1', purpose: 'connect-link' };

/** The same claims give the same token, so a link can be shown again and none needs to be stored. */
export function signLink(sealer: Sealer, claims: LinkClaims): string {
  const { linkId, tenantId, scope, expiresAt } = claims;
  return signClaims(sealer, KIND, [linkId, tenantId, scope, Math.floor(expiresAt / 1000)]);
}

/** What a token says, if its signature is ours; whether it is still good is another question. */
export function readLink(sealer: Sealer, token: string): LinkClaims | null {
  const [linkId, tenantId, scope, seconds] = readClaims(sealer, KIND, token) ?? [];
  if (typeof linkId !== 'string' || typeof tenantId !== 'string') return null;
  if (!isLinkScope(scope) || typeof seconds !== 'number') return null;
  return { linkId, tenantId, scope, expiresAt: seconds * 1000 };
}
