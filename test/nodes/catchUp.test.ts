/** What no webhook brought, fetched from a stand-in of Meta that keeps to its paging, its details and its 2 calls a second. */
import { createHmac } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import type { Account, EventItem } from '../../core/model';
import { core } from '../../nodes/shared/loadCore';
import { openApp } from '../../nodes/shared/openApp';
import { MetaMessagingTrigger } from '../../nodes/MetaMessaging/MetaMessagingTrigger.node';
import { Omnichannel } from '../../nodes/Omnichannel/Omnichannel.node';
import { newCustomer } from '../support/customers.ts';
import { createTestLogger } from '../support/testLogger.ts';
import { hookContext, webhookContext, type NodeSetup } from './support/contexts.ts';
import { startInstance, type Instance } from './support/instance.ts';
import { probeNodes } from './support/probeNodes.ts';
import { PACKAGE, runWorkflow } from './support/workflow.ts';

const PATH = '/webhook/webhook-id/meta';
const HOUR = 3_600_000;
const node = new MetaMessagingTrigger();
let instance: Instance;

const app = () => openApp({ getCredentials: async () => ({}) as never }, undefined);

beforeAll(async () => {
  instance = await startInstance();
  const setup: NodeSetup = {
    node,
    logger: createTestLogger(),
    credentials: { metaAccessTokenApi: instance.credential },
    webhookUrl: instance.server.url + PATH,
  };
  instance.server.mount(PATH, (call) => node.webhook.call(webhookContext(setup, call)));
  // The accounts are connected, and the app has no callback: nothing that happens at Meta arrives here.
  await node.webhookMethods.default.create.call(hookContext(setup));
});
afterAll(() => instance.close());

async function accountOf(channel: 'messenger' | 'instagram'): Promise<Account> {
  const accounts = await core.accounts.listAccounts(await app(), 'default', { provider: 'meta' });
  const account = accounts.find((each) => each.channel === channel);
  if (!account) throw new Error(`There is no account of ${channel}.`);
  return account;
}

async function fetchMissed(channel: 'messenger' | 'instagram') {
  const { id: accountId } = await accountOf(channel);
  const since = Date.now() - 24 * HOUR;
  const result = await core.messaging.fetchMissed(await app(), {
    tenantId: 'default',
    accountId,
    since,
  });
  expect(result.status).toBe('done');
  return result;
}

async function told(type: 'message.received' | 'message.echo'): Promise<EventItem[]> {
  const query = {
    filter: { types: [type], includePaused: true },
    order: 'asc' as const,
    limit: 500,
  };
  return (await core.events.listEvents(await app(), 'default', query)).items;
}

function happen(customer: { id: string }, body: object) {
  return instance.control<{ mid: string; notDelivered?: unknown }>('POST', '/inject', {
    persona: customer.id,
    ...body,
  });
}

describe.each(['instagram', 'messenger'] as const)('what was missed on %s', (channel) => {
  it('is fetched with words, files, story, person and time, and our own side as echoes', async () => {
    const customer = await newCustomer(instance.sandbox, channel);
    const before = (await told('message.received')).length;
    await happen(customer, { text: 'Oi, tem vaga? 😀' });
    await happen(customer, {
      attachments: [{ type: 'image', url: 'https://cdn.example/exame.jpg' }],
    });
    await happen(customer, { text: 'amei', story: { id: '1800', url: 'https://cdn.example/s' } });
    await happen(customer, { kind: 'postback', title: 'Confirmar', payload: 'CONFIRM' });
    await happen(customer, { kind: 'humanAnswer', text: 'Temos às 15h' });

    const result = await fetchMissed(channel);
    expect(result).toMatchObject({ status: 'done', messages: 4, sentFromElsewhere: 1 });
    const received = (await told('message.received')).slice(before);
    expect(received.map(({ message }) => [message?.type, message?.text])).toEqual([
      ['text', 'Oi, tem vaga? 😀'],
      ['image', null],
      ['text', 'amei'],
      ['text', 'Confirmar'],
    ]);
    expect(received[1]?.message?.attachments).toMatchObject([
      { type: 'image', url: expect.stringMatching(/^http/) },
    ]);
    expect(received[2]?.message?.replyTo).toEqual({ storyId: '1800' });
    for (const { contact, data, timestamp } of received) {
      expect(contact?.externalId).toBe(customer.id);
      expect(data).toEqual({ caughtUp: true });
      expect(Math.abs(Date.parse(timestamp) - Date.now())).toBeLessThan(60_000);
    }
    expect(JSON.stringify(received)).not.toContain('cdn.example/s"');
    expect((await told('message.echo')).at(-1)?.message).toMatchObject({
      text: 'Temos às 15h',
      sentBy: 'person',
    });
    expect(await fetchMissed(channel)).toMatchObject({ messages: 0, sentFromElsewhere: 0 });
  });

  it('is not told again when its webhook comes after all', async () => {
    const customer = await newCustomer(instance.sandbox, channel);
    const { mid } = await happen(customer, { text: 'uma vez' });
    await fetchMissed(channel);
    const account = await accountOf(channel);
    const body = JSON.stringify({
      object: channel === 'instagram' ? 'instagram' : 'page',
      entry: [
        {
          id: account.externalId,
          time: Date.now(),
          messaging: [
            {
              sender: { id: customer.id },
              recipient: { id: account.externalId },
              timestamp: Date.now(),
              message: { mid, text: 'uma vez' },
            },
          ],
        },
      ],
    });
    const signature = createHmac('sha256', instance.credential.appSecret).update(body);
    const response = await fetch(instance.server.url + PATH, {
      method: 'POST',
      body,
      headers: { 'x-hub-signature-256': `sha256=${signature.digest('hex')}` },
    });
    expect(response.status).toBe(200);
    const once = (await told('message.received')).filter(
      ({ message }) => message?.text === 'uma vez',
    );
    expect(once.filter(({ contact }) => contact?.externalId === customer.id)).toHaveLength(1);
  });
});

describe('a conversation of more messages than Meta shows', () => {
  it('has the newest twenty fetched, and the others told', async () => {
    const customer = await newCustomer(instance.sandbox, 'instagram');
    for (let number = 1; number <= 25; number += 1) {
      await happen(customer, { text: `mensagem ${number}` });
    }
    const { messages, unreadable } = await fetchMissed('instagram');
    expect(messages).toBe(20);
    expect(unreadable).toMatchObject([
      { from: { externalId: customer.id }, messages: 5, atLeast: false },
    ]);
  });
});

describe('by hand, the node Omnichannel with Connection: Check', () => {
  const run = async (options: IDataObject) => {
    const { id } = await accountOf('instagram');
    const { output, error } = await runWorkflow(
      {
        nodes: [
          { name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
          {
            name: 'Check',
            type: `${PACKAGE}.omnichannel`,
            parameters: {
              resource: 'connection',
              operation: 'check',
              account: { __rl: true, mode: 'id', value: id },
              options,
            } as never,
          },
        ],
        connections: [['Start', 'Check']],
      },
      {
        nodeTypes: { ...probeNodes, [`${PACKAGE}.omnichannel`]: new Omnichannel() },
        items: [{ json: {} }],
      },
    );
    return { item: output('Check')[0]?.[0]?.json, error };
  };

  it('fetches what was missed, and shows it beside the account', async () => {
    const customer = await newCustomer(instance.sandbox, 'instagram');
    await happen(customer, { text: 'alguém aí?' });
    const { item, error } = await run({ fetchMissedHours: 2 });
    expect(error).toBeUndefined();
    expect(item).toMatchObject({
      channel: 'instagram',
      missed: { reason: 'manual', status: 'done', messages: 1 },
    });
  });

  it('keeps when a silence of the account is worth an alarm', async () => {
    const options = { silentForHours: 5, quietHours: '22:00-07:00', quietDays: [0] };
    const { item } = await run(options);
    const expected = {
      enabled: true,
      minimumMs: 5 * HOUR,
      quietHours: { from: '22:00', to: '07:00' },
      quietDays: [0],
      timeZone: expect.any(String),
    };
    expect(item?.silence).toEqual(expected);
    expect((await run({ silenceAlarm: false })).item?.silence).toEqual({
      ...expected,
      enabled: false,
    });
    expect((await run({})).item).not.toHaveProperty('silence');
    expect((await run({ quietHours: 'at night' })).error).toContain('Quiet hours');
  });
});

describe('the calls', () => {
  it('keep to two a second: one too many, that met others on the way, is made again', async () => {
    const { data } = await instance.control<{ data: { status: number; code?: number }[] }>(
      'GET',
      '/calls',
    );
    expect(data.length).toBeGreaterThan(10);
    const refused = data.filter(({ status }) => status !== 200);
    expect(refused.length).toBeLessThan(data.length / 5);
    expect(refused.filter(({ code }) => code !== 613)).toEqual([]);
  });
});
