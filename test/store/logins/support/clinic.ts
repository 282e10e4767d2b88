import {
  connectLogin,
  listAccounts,
  openConnection,
  tendDueLogins,
  type LoginsContext,
} from '../../../../core/accounts';
import type { Account, EventItem, LoginSource, ProviderId } from '../../../../core/model';
import type { Provider } from '../../../../core/providers/provider';
import type { Store, TenantStore } from '../../../../core/store/store';
import type { StoreContext } from '../../../support/storeContext';
import { FakeProvider } from '../../messaging/support/fakeProvider';
import { readRows } from '../../messaging/support/messagingUnits.cjs';
import { FakeKeeper } from './fakeKeeper';
import { readLogins } from './loginUnits.cjs';

/** One tenant whose accounts come from logins at a provider in memory, and the verbs of the tests. */
export interface Clinic {
  tenant: TenantStore;
  tenantId: string;
  keeper: FakeKeeper;
  ctx: LoginsContext;
  /** The same, as another process sees it. */
  beside(store: Store): LoginsContext;
  /** An admin has just logged in with n8n's button: the accounts are read with this short token. */
  connect(
    token: string,
    more?: { fingerprint?: string; credentialId?: string },
  ): Promise<Account[]>;
  /** A customer has just logged in on the connect page. */
  connectOnPage(token: string): Promise<Account[]>;
  /** An admin pastes a token. */
  paste(token: string): Promise<Account[]>;
  accounts(): Promise<Account[]>;
  /** The token that whoever sends for the first account would use now. */
  tokenInUse(): Promise<string | undefined>;
  login(): Promise<Awaited<ReturnType<typeof readOneLogin>>>;
  /** Lets time pass, and the background work look at everything that is due by then. */
  later(ms: number): Promise<number>;
  events(): Promise<EventItem[]>;
  /** `type of account` of every event, in order. */
  news(): Promise<string[]>;
}

async function readOneLogin(tenant: TenantStore) {
  const [login, ...more] = await tenant.run(readLogins, null);
  if (!login || more.length > 0) throw new Error('There should be one login.');
  return login;
}

export function createClinic(context: StoreContext): Clinic {
  const tenant = context.newTenant();
  const { tenantId } = tenant;
  const keeper = new FakeKeeper(context.clock);
  const provider: Provider = Object.assign(new FakeProvider(), { keeper });
  const ctx: LoginsContext = {
    store: context.store,
    clock: context.clock,
    logger: context.logger,
    providers: new Map<ProviderId, Provider>([['meta', provider]]),
    processId: 'process-1',
  };
  const events = async () => {
    const rows = (await tenant.run(readRows, 'events')) as Array<{ seq: number; payload: string }>;
    return rows
      .toSorted((a, b) => a.seq - b.seq)
      .map(({ payload }) => JSON.parse(payload) as EventItem);
  };
  const connectWith = (
    accessToken: string,
    {
      isFresh,
      fingerprint = accessToken,
      credentialId = 'credential-1',
      source = { kind: 'credential', id: credentialId },
      subscribes,
    }: {
      isFresh: boolean;
      fingerprint?: string | undefined;
      credentialId?: string | undefined;
      source?: LoginSource;
      subscribes?: boolean;
    },
  ) =>
    connectLogin(ctx, {
      tenantId,
      provider: 'meta',
      source,
      fingerprint,
      secrets: {
        login: 'facebook',
        accessToken,
        appId: '555',
        appSecret: 'app-secret',
        apiBaseUrl: 'https://graph.example',
        apiVersion: 'v25.0',
      },
      isFresh,
      ...(subscribes === undefined ? {} : { subscribes }),
    });
  return {
    tenant,
    tenantId,
    keeper,
    ctx,
    beside: (store) => ({ ...ctx, store, processId: 'process-2' }),
    connect: (token, more = {}) => connectWith(token, { isFresh: true, ...more }),
    connectOnPage: (token) =>
      connectWith(token, {
        isFresh: true,
        source: { kind: 'link', id: 'facebook:555:user-1' },
        subscribes: true,
      }),
    paste: (token) => connectWith(token, { isFresh: false }),
    accounts: () => listAccounts(ctx, tenantId),
    async tokenInUse() {
      const [first] = await listAccounts(ctx, tenantId);
      return (await openConnection(ctx, tenantId, first?.id ?? '')).secrets.accessToken;
    },
    login: () => readOneLogin(tenant),
    later: async (ms) => {
      context.clock.advance(ms);
      return tendDueLogins(ctx);
    },
    events,
    news: async () =>
      (await events()).map(({ event, connection }) => `${event} of ${connection?.name}`),
  };
}
