import { missingPermission } from './errors.ts';
import type { GraphCall } from './call.ts';
import type { Channel, Page } from '../model.ts';

/** On whose behalf a call acts: a Page with its linked account, or an account that logged in itself. */
export interface Actor {
  login: 'facebook' | 'instagram';
  /** Page id, or the account's id under Instagram Login: to whom uploads belong. */
  ownerId: string;
  pageId?: string;
  instagramAccountId?: string;
}

/** The actor of a Page and its token. */
export function actorOfPage(page: Page): Actor {
  const { id, instagramAccountId } = page;
  return {
    login: 'facebook',
    ownerId: id,
    pageId: id,
    ...(instagramAccountId === undefined ? {} : { instagramAccountId }),
  };
}

/** The actor of an account under Instagram Login. */
export function actorOfAccount(accountId: string): Actor {
  return { login: 'instagram', ownerId: accountId, instagramAccountId: accountId };
}

/** True for the Page itself and for its account. */
export function actsFor(actor: Actor, accountId: string): boolean {
  return accountId === actor.pageId || accountId === actor.instagramAccountId;
}

/** The account of a channel that the actor acts for, if it has one. */
export function accountOn(actor: Actor, channel: Channel): string | undefined {
  return channel === 'messenger' ? actor.pageId : actor.instagramAccountId;
}

/** Permission for reading and writing messages of a channel. Source: section A.3. */
export function messagingScope(actor: Actor, channel: Channel): string {
  if (actor.login === 'instagram') return 'instagram_business_manage_messages';
  return channel === 'messenger' ? 'pages_messaging' : 'instagram_manage_messages';
}

/** Permissions for a private reply to a comment. Source: sections A.3, B.4. */
export function commentScopes(actor: Actor, channel: Channel): string[] {
  if (actor.login === 'instagram') return ['instagram_business_manage_comments'];
  return channel === 'messenger'
    ? ['pages_messaging']
    : ['instagram_manage_comments', 'pages_messaging'];
}

/** Refuses a token without the permission to read a channel's messages. */
export function checkMayRead(call: GraphCall, actor: Actor, channel: Channel): void {
  const scope = messagingScope(actor, channel);
  if (!call.scopes.includes(scope)) throw missingPermission(scope);
}
