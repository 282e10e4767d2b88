import { connectLogin } from '../accounts/connectLogin';
import { listAccounts } from '../accounts/accounts';
import type { Account } from '../model';
import { choiceOf } from '../providers/choice';
import type { PortalContext } from './context';
import { readLogins } from './cards.unit';
import { asFailure, type FoundLogin } from './metaLogin';

/** An account as it stands after it was connected. */
export interface Connected {
  account: Account;
  /** Why it does not work although it is connected. */
  warning: string | null;
}

/**
 * Connects the accounts that a person chose, subscribes each to its webhooks, and keeps the login. What the same person
 * connected here before stays connected, now by this login.
 * @throws PortalFailure when Meta refuses; StoreError
 */
export async function connectFound(
  ctx: PortalContext,
  tenantId: string,
  { secrets, subjectId, accounts }: FoundLogin,
): Promise<Connected[]> {
  const source = { kind: 'link', id: [secrets.login, secrets.appId, subjectId].join(':') } as const;
  const chosen = accounts.map(choiceOf);
  const before = await connectedBefore(ctx, tenantId, source.id);
  const onlyAccounts = [...new Set([...before, ...chosen])].sort();
  try {
    const connected = await connectLogin(ctx, {
      tenantId,
      provider: 'meta',
      source,
      fingerprint: ctx.store.sealer.fingerprint(JSON.stringify(onlyAccounts)),
      secrets: { ...secrets, onlyAccounts },
      isFresh: true,
      subscribes: true,
      // A second try has the token of the first.
      reconnects: chosen,
    });
    const ids = connected
      .filter((account) => chosen.includes(choiceOf(account)))
      .map(({ id }) => id);
    // Read again: the subscription may have left a warning.
    const present = await listAccounts(ctx, tenantId, { provider: 'meta' });
    return present
      .filter(({ id }) => ids.includes(id))
      .map((account) => ({ account, warning: account.statusReason }));
  } catch (error) {
    throw asFailure(ctx, error);
  }
}

async function connectedBefore(
  ctx: PortalContext,
  tenantId: string,
  sourceId: string,
): Promise<string[]> {
  const logins = await ctx.store.forTenant(tenantId).run(readLogins, null);
  const login = logins.find(({ source }) => source.kind === 'link' && source.id === sourceId);
  if (!login) return [];
  const accounts = await listAccounts(ctx, tenantId, { provider: 'meta' });
  return accounts
    .filter(({ loginId, status }) => loginId === login.id && status !== 'disconnected')
    .map(choiceOf);
}
