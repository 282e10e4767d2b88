import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  getDoor,
  markDoorUnwanted,
  markDoorWanted,
  registerDoor,
  syncCredentialAccounts,
} from '../../../core/accounts';
import { createHttpClient, type HttpClient } from '../../../core/http/client';
import { createProviderRegistry } from '../../../core/providers/registry';
import { closeUnwantedDoors } from '../../../core/runtime';
import { describeOnBothDatabases } from '../../support/storeContext';

const DONE = { status: 200, body: { success: true } };
const AWAY = { status: 503, body: { error: { message: 'Service unavailable', code: 2 } } };

describeOnBothDatabases('doors nobody wants any more', (context) => {
  let server: Server;
  let http: HttpClient;
  let calls: string[];
  let answer: { status: number; body: unknown };
  /** What happens while the next call is under way. */
  let meanwhile: (() => Promise<unknown>) | null;
  let pageId = 1_000;

  beforeEach(async () => {
    calls = [];
    // Tenants of other tests hold other Pages.
    pageId += 1;
    answer = DONE;
    meanwhile = null;
    server = createServer((request, response) => {
      calls.push(`${request.method} ${new URL(request.url ?? '/', 'http://x').pathname}`);
      const { status, body } = answer;
      const happens = meanwhile;
      meanwhile = null;
      void Promise.resolve(happens?.()).then(() => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    http = createHttpClient({ userAgent: 'test', logger: context.logger, env: {} });
  });

  afterEach(async () => {
    await http.close();
    await new Promise((resolve) => server.close(resolve));
  });

  const contextOf = () => {
    const { store, clock, logger } = context;
    const providers = createProviderRegistry({ http, clock });
    return { store, clock, logger, http, providers, processId: 'process-1' };
  };

  /** A Page and its Instagram account, connected by one credential. */
  async function connect(tenantId: string, id = pageId) {
    const { port } = server.address() as AddressInfo;
    const secrets = {
      accessToken: 'token',
      apiBaseUrl: `http://127.0.0.1:${port}`,
      apiVersion: 'v25.0',
    };
    const page = { parentExternalId: null, name: 'Clínica', secrets, expiresAt: null };
    await syncCredentialAccounts(contextOf(), {
      tenantId,
      provider: 'meta',
      credentialId: 'credential-1',
      discovered: [
        { ...page, channel: 'messenger', externalId: String(id) },
        {
          ...page,
          channel: 'instagram',
          externalId: `ig-${id}`,
          parentExternalId: String(id),
        },
      ],
    });
  }

  const register = (tenantId: string, doorId: string) =>
    registerDoor(contextOf(), {
      tenantId,
      doorId,
      provider: 'meta',
      credentialId: 'credential-1',
      url: 'https://n8n.example/webhook/1/meta',
    });

  async function setUp() {
    const { tenantId } = context.newTenant();
    await connect(tenantId);
    await register(tenantId, 'workflow-1:node-1');
    await markDoorUnwanted(contextOf(), tenantId, 'workflow-1:node-1');
    const door = () => getDoor(contextOf(), tenantId, 'workflow-1:node-1');
    return { tenantId, door };
  }

  it('are unsubscribed once at the provider and forgotten, after a minute', async () => {
    const { door } = await setUp();
    context.clock.advance(59_000);
    expect(await closeUnwantedDoors(contextOf())).toBe(0);
    context.clock.advance(2_000);
    expect(await closeUnwantedDoors(contextOf())).toBe(1);
    expect(calls).toEqual([`DELETE /v25.0/${pageId}/subscribed_apps`]);
    expect(await door()).toBeUndefined();
  });

  it('stay when they are wanted again within that minute', async () => {
    const { tenantId, door } = await setUp();
    await markDoorWanted(contextOf(), tenantId, 'workflow-1:node-1');
    context.clock.advance(61_000);
    expect(await closeUnwantedDoors(contextOf())).toBe(0);
    expect(calls).toEqual([]);
    expect(await door()).toBeDefined();
  });

  it('keep the subscription while another trigger uses the same credential', async () => {
    const { tenantId, door } = await setUp();
    await register(tenantId, 'workflow-2:node-1');
    context.clock.advance(61_000);
    expect(await closeUnwantedDoors(contextOf())).toBe(1);
    expect(calls).toEqual([]);
    expect(await door()).toBeUndefined();
  });

  it('keep the subscription while a trigger of another tenant uses the same account', async () => {
    const { door } = await setUp();
    const other = context.newTenant();
    await connect(other.tenantId);
    await register(other.tenantId, 'workflow-2:node-1');
    context.clock.advance(61_000);
    expect(await closeUnwantedDoors(contextOf())).toBe(1);
    expect(calls).toEqual([]);
    expect(await door()).toBeUndefined();
  });

  it('are tried again later when the provider is away', async () => {
    const { door } = await setUp();
    context.clock.advance(61_000);
    answer = AWAY;
    expect(await closeUnwantedDoors(contextOf())).toBe(0);
    expect(await door()).toBeDefined();
    answer = DONE;
    expect(await closeUnwantedDoors(contextOf())).toBe(1);
    expect(await door()).toBeUndefined();
  });

  describe('that are published again while they are being closed', () => {
    async function setUpTwoPages() {
      const { tenantId, door } = await setUp();
      const second = pageId * 10;
      await connect(tenantId, second);
      context.clock.advance(61_000);
      const publish = () => register(tenantId, 'workflow-1:node-1');
      const [one, two] = [pageId, second].map((id) => `/v25.0/${id}/subscribed_apps`);
      return { tenantId, door, publish, one, two };
    }
    /** Without the looks that go before and after. */
    const changes = () => calls.filter((call) => !call.startsWith('GET '));
    const isWanted = expect.objectContaining({ unwantedSince: null });

    it('get back what was just ended, and keep the rest', async () => {
      const { door, publish, one } = await setUpTwoPages();
      meanwhile = publish;
      expect(await closeUnwantedDoors(contextOf())).toBe(0);
      expect(changes()).toEqual([`DELETE ${one}`, `POST ${one}`]);
      expect(await door()).toEqual(isWanted);
    });

    it('get back also the last of it, and stay', async () => {
      const { door, publish, one, two } = await setUpTwoPages();
      meanwhile = async () => {
        meanwhile = publish;
      };
      expect(await closeUnwantedDoors(contextOf())).toBe(0);
      expect(changes()).toEqual([`DELETE ${one}`, `DELETE ${two}`, `POST ${two}`]);
      expect(await door()).toEqual(isWanted);
    });

    it('get it back also where nobody knows whether it was ended', async () => {
      const { door, publish, one } = await setUpTwoPages();
      answer = AWAY;
      meanwhile = async () => {
        await publish();
        answer = DONE;
      };
      expect(await closeUnwantedDoors(contextOf())).toBe(0);
      expect(changes()).toEqual([`DELETE ${one}`, `POST ${one}`]);
      expect(await door()).toEqual(isWanted);
    });

    it('and unpublished once more begin their minute anew', async () => {
      const { tenantId, publish, one } = await setUpTwoPages();
      meanwhile = async () => {
        await publish();
        await markDoorUnwanted(contextOf(), tenantId, 'workflow-1:node-1');
      };
      expect(await closeUnwantedDoors(contextOf())).toBe(0);
      expect(calls).toEqual([`DELETE ${one}`]);
      context.clock.advance(61_000);
      expect(await closeUnwantedDoors(contextOf())).toBe(1);
    });

    it('leave everything to a trigger that came meanwhile', async () => {
      const { tenantId, door, one } = await setUpTwoPages();
      meanwhile = () => register(tenantId, 'workflow-2:node-1');
      expect(await closeUnwantedDoors(contextOf())).toBe(1);
      expect(changes()).toEqual([`DELETE ${one}`, `POST ${one}`]);
      expect(await door()).toBeUndefined();
    });
  });

  it('are forgotten when the token no longer permits to unsubscribe', async () => {
    const { door } = await setUp();
    context.clock.advance(61_000);
    answer = {
      status: 400,
      body: {
        error: { message: 'Error validating access token', type: 'OAuthException', code: 190 },
      },
    };
    expect(await closeUnwantedDoors(contextOf())).toBe(1);
    expect(await door()).toBeUndefined();
    expect(context.logger.entries).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        message: expect.stringContaining('could not be switched off'),
      }),
    );
  });
});
