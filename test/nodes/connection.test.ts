import { NodeHelpers, type IDataObject, type INodeProperties } from 'n8n-workflow';
import { core } from '../../nodes/shared/loadCore';
import { openApp } from '../../nodes/shared/openApp';
import { Omnichannel } from '../../nodes/Omnichannel/Omnichannel.node';
import { hookContext } from './support/contexts.ts';
import { startInstance, type Instance } from './support/instance.ts';
import { probeNodes } from './support/probeNodes.ts';
import { PACKAGE, runWorkflow } from './support/workflow.ts';

let instance: Instance;
const node = new Omnichannel();
const app = () => openApp({ getCredentials: async () => ({}) as never }, undefined);

beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance.close());

/** Somebody has logged in: the accounts of the person's Pages are connected. */
async function connect(tenantId = 'default') {
  const { seed } = instance.sandbox;
  return core.accounts.connectLogin(await app(), {
    tenantId,
    provider: 'meta',
    source: { kind: 'credential', id: 'credential-1' },
    fingerprint: 'values',
    secrets: {
      login: 'facebook',
      accessToken: seed.userAccessToken,
      appId: seed.app.id,
      appSecret: seed.app.secret,
      apiBaseUrl: seed.graphBaseUrl,
      apiVersion: 'v25.0',
    },
    isFresh: false,
  });
}

async function run(operation: string, parameters: IDataObject = {}, type = 'omnichannel') {
  const { output, error } = await runWorkflow(
    {
      nodes: [
        { name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
        {
          name: 'Connection',
          type: `${PACKAGE}.${type}`,
          parameters: { resource: 'connection', operation, ...parameters } as never,
        },
      ],
      connections: [['Start', 'Connection']],
    },
    {
      nodeTypes: { ...probeNodes, [`${PACKAGE}.${type}`]: node },
      items: [{ json: {} }],
    },
  );
  return { items: (output('Connection')[0] ?? []).map(({ json }) => json), error };
}

const byId = (value: string) => ({ account: { __rl: true, mode: 'id', value } });

describe('Omnichannel: Connection', () => {
  let accountId: string;

  beforeAll(async () => {
    const [page] = await connect();
    accountId = page?.id ?? '';
    await connect('another-tenant');
  });

  it('gets many, by channel and status, with a cursor for the next page', async () => {
    const all = await run('getMany', { returnAll: true });
    expect(all.error).toBeUndefined();
    expect(all.items.map(({ channel }) => channel)).toEqual(['messenger', 'instagram']);
    const first = await run('getMany', { limit: 1 });
    expect(first.items).toHaveLength(1);
    const cursor = first.items[0]?.nextCursor;
    const rest = await run('getMany', { options: { cursor } });
    expect(rest.items.map(({ id }) => id)).toEqual([all.items[1]?.id]);
    const none = await run('getMany', { filters: { statuses: ['expired'], provider: 'meta' } });
    expect(none).toEqual({ items: [], error: undefined });
  });

  it('gets one with dates, permissions and Page, and without a secret', async () => {
    const { items } = await run('get', byId(accountId));
    expect(items).toEqual([
      expect.objectContaining({
        id: accountId,
        channel: 'messenger',
        status: 'active',
        page: { id: instance.sandbox.seed.page.id, name: 'Clínica Sorriso' },
        expiresAt: expect.stringMatching(/^\d{4}-.*Z$/) as unknown,
        permissions: expect.arrayContaining(['pages_messaging']) as unknown,
        missingPermissions: expect.any(Array) as unknown,
      }),
    ]);
    expect(JSON.stringify(items)).not.toMatch(/EAAG|secret/i);
  });

  it('checks with a real call, and says what is wrong and what to do', async () => {
    const { calls } = instance.sandbox.context;
    const before = calls.list().at(-1)?.id ?? 0;
    const { items } = await run('check', byId(accountId));
    expect(calls.list(before).length).toBeGreaterThan(1);
    expect(items[0]).toMatchObject({
      ok: false,
      summary: expect.stringContaining('Publish') as unknown,
    });
  });

  it('renews now', async () => {
    await instance.control('POST', '/clock', { advanceMs: 86_400_000 });
    const { items, error } = await run('renew', byId(accountId));
    expect(error).toBeUndefined();
    expect(items[0]).toMatchObject({ renewed: true, detail: expect.any(String) as unknown });
    await instance.control('POST', '/clock', { reset: true });
  });

  it('says that an account is missing, or of another tenant', async () => {
    expect((await run('get', byId('={{ "" }}'))).error).toBe('"Account" is empty.');
    const [theirs] = await core.accounts.listAccounts(await app(), 'another-tenant');
    for (const operation of ['get', 'check', 'renew', 'disconnect']) {
      const { error } = await run(operation, byId(theirs?.id ?? ''));
      expect(error).toBe(`The account "${theirs?.id}" does not exist here.`);
    }
  });

  it('disconnects, which an agent’s tool does not', async () => {
    const refused = await run('disconnect', byId(accountId), 'omnichannelTool');
    expect(refused.error).toBe('"Disconnect" is not offered to AI agents.');
    const { items } = await run('disconnect', byId(accountId));
    expect(items[0]).toMatchObject({ status: 'disconnected', expiresAt: null });
    const { items: events } = await core.events.listEvents(await app(), 'default', { limit: 50 });
    expect(events[0]).toMatchObject({ event: 'connection.disconnected' });
  });

  it('lists every account to look after, also what cannot send', async () => {
    const context = { ...hookContext({ node }), getCurrentNodeParameter: () => ({}) } as never;
    const { results } = await node.methods.listSearch.searchAllAccounts.call(context);
    expect(results.map(({ name }) => name)).toEqual([
      expect.stringContaining('Instagram'),
      expect.stringContaining('disconnected'),
    ]);
  });
});

describe('the tool that n8n makes of it', () => {
  const operationsOf = (name: string) => {
    const description = { ...node.description, name };
    const values = { resource: 'connection' };
    const shown = description.properties.filter(
      (property: INodeProperties) =>
        property.name === 'operation' &&
        NodeHelpers.displayParameter(values, property, null, description),
    );
    expect(shown).toHaveLength(1);
    return (shown[0]?.options ?? []).map((option) => ('value' in option ? option.value : ''));
  };

  it('offers everything but Disconnect and the links of customers', () => {
    const forPeople = operationsOf('omnichannel');
    const forPeopleAlone = ['createConnectLink', 'disconnect', 'revokeConnectLink'];
    const forBoth = ['check', 'get', 'getMany', 'renew'];
    expect(forPeople).toEqual([...forBoth, ...forPeopleAlone].sort());
    expect(operationsOf('omnichannelTool')).toEqual(forBoth);
  });
});
