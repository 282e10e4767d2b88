import { recentAttempts } from './attempts';
import type { Card } from './card';
import { shownAccounts, toCard } from './cards';
import { readTenantName } from './cards.unit';
import type { PortalContext } from './context';
import type { ConnectLink } from './links';
import { lookAtHub } from './hubLogin';
import { isHubLogin, offeredLogins, type PortalSetup } from './setup';

/** Everything that the page shows, in one piece: what changed is sent whole again. */
export interface PageState {
  link: Pick<ConnectLink, 'scope' | 'name' | 'language' | 'expiresAt'> & {
    tenantId: string;
    tenantName: string | null;
  };
  logins: string[];
  accounts: Card[];
  attempts: Array<{
    id: string;
    login: string;
    accountId: string | null;
    stage: string;
    error: string | null;
    permissions: string[];
    accountIds: string[];
  }>;
}

export async function readPageState(
  ctx: PortalContext,
  setup: PortalSetup,
  link: ConnectLink,
  tenantId: string,
): Promise<PageState> {
  const now = ctx.clock.now();
  const attempts = await recentAttempts(ctx, link);
  if (attempts.some(({ login, stage }) => stage === 'started' && isHubLogin(login))) {
    lookAtHub(ctx, link);
  }
  const shown = await shownAccounts(ctx, setup, link, tenantId);
  const { scope, name, language, expiresAt } = link;
  return {
    link: {
      scope,
      name,
      language,
      expiresAt,
      tenantId,
      tenantName: await ctx.store.forTenant(tenantId).run(readTenantName, null),
    },
    // A login belongs to the link's own tenant: who looks at another one connects nothing there.
    logins: tenantId === link.tenantId ? offeredLogins(setup, link) : [],
    accounts: shown.map((one) => toCard(one, link, setup, now)),
    attempts: attempts.map((attempt) => ({
      id: attempt.id,
      login: attempt.login,
      accountId: attempt.accountId,
      stage: attempt.stage,
      error: attempt.error,
      permissions: attempt.missing,
      accountIds: attempt.accountIds,
    })),
  };
}
