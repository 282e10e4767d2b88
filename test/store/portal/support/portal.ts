import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import { createHttpClient } from '../../../../core/http';
import type { HttpClient } from '../../../../core/http';
import {
  createConnectLink,
  handlePortalCall,
  type ConnectLink,
  type CreateConnectLinkInput,
  type PortalContext,
  type PortalResponse,
  type PortalSetup,
} from '../../../../core/portal';
import { createProviderRegistry } from '../../../../core/providers/registry';
import type { TenantStore } from '../../../../core/store/store';
import type { Database } from '../../../../core/store/tables';
import { startSandbox, type Sandbox } from '../../../../sandbox/server.ts';
import { findFreePort } from '../../../../playground/ports.ts';
import type { StoreContext } from '../../../support/storeContext';
import { createTestFolder } from '../../../support/tempFolder';
import { readRows } from '../../messaging/support/messagingUnits.cjs';
import { passDialog, type DialogChoice } from '../../../sandbox/support/login';

export const PAGE_URL = 'https://n8n.example.com/webhook/page-1/connect';

/** The hosted pages over the suite's store, with a sandbox in place of Meta. */
export interface PortalWorld {
  ctx: PortalContext;
  sandbox: Sandbox;
  setup: PortalSetup;
  newLink(parts?: Partial<CreateConnectLinkInput>): Promise<TestLink>;
  call(request: TestCall): Promise<PortalResponse>;
  /** A call of the page with a token, and its answer's JSON. */
  get(what: string, token: string, more?: Partial<TestCall>): Promise<Answer>;
  post(what: string, token: string, body?: object, more?: Partial<TestCall>): Promise<Answer>;
  /** The sandbox's own endpoints, below `/_sandbox`. */
  control(method: string, path: string, body?: object): Promise<any>; // eslint-disable-line @typescript-eslint/no-explicit-any
  close(): Promise<void>;
}

export interface TestLink extends ConnectLink {
  url: string;
  token: string;
}

export interface TestCall {
  method?: 'GET' | 'POST';
  path: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: string;
  client?: string;
  setup?: PortalSetup;
}

export interface Answer {
  status: number;
  // What the page reads; its shapes are tested by what the page shows.
  body: any; // eslint-disable-line @typescript-eslint/no-explicit-any
}

export async function createPortalWorld(context: StoreContext): Promise<PortalWorld> {
  const folder = createTestFolder('omnichannel-portal-');
  const sandbox = await startSandbox({ port: await findFreePort(), stateDir: folder.path });
  const http: HttpClient = createHttpClient({ userAgent: 'tests', logger: context.logger });
  const { store, clock, logger } = context;
  const ctx: PortalContext = {
    store,
    clock,
    logger,
    http,
    providers: createProviderRegistry({ http, clock }),
    processId: 'portal-tests',
  };
  const { seed, url } = sandbox;
  const shared = {
    graphVersion: 'v25.0',
    graphBaseUrl: url,
    dialogBaseUrl: url,
    instagramGraphBaseUrl: `${url}/instagram`,
    instagramTokenBaseUrl: `${url}/instagram`,
    instagramDialogBaseUrl: `${url}/instagram`,
  };
  const setup: PortalSetup = {
    pageId: 'workflow-1:node-1',
    tenantId: 'default',
    served: 'every',
    credentialId: 'credential-1',
    callbackUrl: 'http://127.0.0.1:5678/webhook/page-1/callback',
    pageUrl: PAGE_URL,
    apps: {
      facebook: { ...shared, login: 'facebook', appId: seed.app.id, appSecret: seed.app.secret },
      instagram: {
        ...shared,
        login: 'instagram',
        appId: seed.instagramLogin.appId,
        appSecret: seed.instagramLogin.appSecret,
      },
    },
    appSecrets: [seed.app.secret, seed.instagramLogin.appSecret],
  };
  const call: PortalWorld['call'] = async (request) =>
    handlePortalCall(ctx, request.setup ?? setup, {
      method: request.method ?? 'GET',
      path: request.path,
      query: request.query ?? {},
      headers: request.headers ?? {},
      rawBody: Buffer.from(request.body ?? ''),
      client: request.client ?? `client-${randomUUID()}`,
    });
  const answered = (response: PortalResponse): Answer => ({
    status: response.status,
    body: JSON.parse(String(response.body)),
  });
  return {
    ctx,
    sandbox,
    setup,
    call,
    async newLink(parts = {}) {
      const input = { scope: 'connect', lifetimeMs: 3_600_000, pageUrl: PAGE_URL } as const;
      const { tenantId = context.newTenant().tenantId, ...rest } = parts;
      const link = await createConnectLink(ctx, { ...input, tenantId, ...rest });
      return { ...link, token: link.url.slice(link.url.indexOf('#') + 1) };
    },
    get: async (what, token, more = {}) => {
      const headers = { 'x-connect-token': token, ...more.headers };
      return answered(await call({ path: `api/${what}`, ...more, headers }));
    },
    post: async (what, token, body = {}, more = {}) => {
      const headers = { 'x-connect-token': token, ...more.headers };
      const sent = { method: 'POST', path: `api/${what}`, body: JSON.stringify(body) } as const;
      return answered(await call({ ...sent, ...more, headers }));
    },
    async control(method, path, body) {
      const response = await fetch(`${url}/_sandbox${path}`, {
        method,
        ...(body ? { headers: { 'content-type': 'application/json' } } : {}),
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return text === '' ? null : JSON.parse(text);
    },
    async close() {
      await http.close();
      await sandbox.close();
      folder.remove();
    },
  };
}

/** Where an answer sends the browser. */
export function locationOf(response: PortalResponse): string {
  return response.headers.location ?? '';
}

export interface WalkOptions extends DialogChoice {
  login?: 'facebook' | 'instagram';
  accountId?: string;
  setup?: PortalSetup;
}

/** From the page to the provider: the address of its dialog. */
export async function leave(
  world: PortalWorld,
  token: string,
  { login = 'facebook', accountId, setup }: WalkOptions = {},
): Promise<{ attemptId: string; dialog: URL; ticketPath: string }> {
  const started = await world.post('start', token, { login, ...(accountId ? { accountId } : {}) });
  if (started.status !== 200) throw new Error(JSON.stringify(started.body));
  const ticketPath = String(started.body.path);
  const response = await world.call({ path: ticketPath, ...(setup ? { setup } : {}) });
  const dialog = new URL(locationOf(response));
  return { attemptId: String(started.body.attemptId), dialog, ticketPath };
}

/** Through the provider's dialog: where it sends the browser. */
export async function passThrough(dialog: URL, choice: DialogChoice = {}): Promise<URL> {
  const { origin, pathname, searchParams } = dialog;
  return await passDialog(`${origin}${pathname}`, Object.fromEntries(searchParams), choice);
}

/** The whole walk: out, through the dialog, and back. @returns the claim that the window then holds */
export async function walk(
  world: PortalWorld,
  token: string,
  options: WalkOptions = {},
): Promise<{ attemptId: string; claim: string; back: URL }> {
  const { attemptId, dialog } = await leave(world, token, options);
  const back = await passThrough(dialog, options);
  const query = Object.fromEntries(back.searchParams);
  const response = await world.call({ path: 'callback', query });
  const claim = /^connect#w\.(.+)$/.exec(locationOf(response))?.[1];
  if (claim === undefined) throw new Error(`came back to ${locationOf(response)}`);
  return { attemptId, claim, back };
}

/** The tenant's rows of a table. */
export async function rowsOf<T extends keyof Database>(
  tenant: TenantStore,
  table: T,
): Promise<Selectable<Database[T]>[]> {
  return (await tenant.run(readRows, table)) as unknown as Selectable<Database[T]>[];
}
