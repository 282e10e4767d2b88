import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { core } from '../../nodes/shared/loadCore';
import { openApp } from '../../nodes/shared/openApp';
import { MetaMessaging } from '../../nodes/MetaMessaging/MetaMessaging.node';
import { MetaMessagingTrigger } from '../../nodes/MetaMessaging/MetaMessagingTrigger.node';
import { Omnichannel } from '../../nodes/Omnichannel/Omnichannel.node';
import { waitFor } from '../support/waitFor.ts';
import { hookContext, webhookContext } from './support/contexts.ts';
import { startInstance, type Instance } from './support/instance.ts';
import { probeNodes } from './support/probeNodes.ts';
import { PACKAGE, runWorkflow, type TestNode } from './support/workflow.ts';

const trigger = new MetaMessagingTrigger();
const PATH = '/webhook/webhook-id/meta';
const nodeTypes = {
  ...probeNodes,
  [`${PACKAGE}.metaMessaging`]: new MetaMessaging(),
  [`${PACKAGE}.omnichannel`]: new Omnichannel(),
};
const TEN = Array.from({ length: 10 }, (_, index) => index);
const SEVENTH = 6;
let instance: Instance;
let batches = 0;

const app = () => openApp({ getCredentials: async () => ({}) as never }, undefined);

beforeAll(async () => {
  instance = await startInstance();
  const setup = {
    node: trigger,
    credentials: { metaAccessTokenApi: instance.credential },
    webhookUrl: instance.server.url + PATH,
  };
  instance.server.mount(PATH, (call) => trigger.webhook.call(webhookContext(setup, call)));
  await trigger.webhookMethods.default.create.call(hookContext(setup));
  await instance.control('POST', '/subscriptions', {
    callbackUrl: instance.server.url + PATH,
    verifyToken: instance.credential.verifyToken,
    object: 'page',
    subscribePages: true,
  });
  const [account] = await core.accounts.listAccounts(await app(), 'default', { provider: 'meta' });
  const limits = { perMinute: 10_000, perHour: 10_000, perDay: 10_000 };
  await core.limits.setLimits(await app(), 'default', account?.id ?? '', limits);
});
afterAll(() => instance.close());

/** Ten customers write; the items that a trigger would emit, in their order. */
async function tenCustomersWrite() {
  batches += 1;
  const personas: string[] = [];
  for (const index of TEN) {
    const { id } = await instance.control<{ id: string }>('POST', '/personas', {
      channel: 'messenger',
      firstName: `Cliente ${batches}-${index}`,
    });
    personas.push(id);
    await instance.control('POST', '/inject', { persona: id, text: `Oi ${batches}-${index}` });
  }
  const events = await waitFor(
    async () => {
      const { items } = await core.events.listEvents(await app(), 'default', {
        filter: { types: ['message.received'] },
        limit: 500,
      });
      const found = personas.map((id) => items.find(({ contact }) => contact?.externalId === id));
      return found.every(Boolean) ? found : null;
    },
    { what: 'the events of ten customers' },
  );
  const items = events.map((event) => ({ json: event as unknown as IDataObject }));
  return { personas, items };
}

interface SandboxMessage {
  text?: string;
  personaId: string;
}

async function sentTo(persona: string) {
  const query = `/messages?persona=${persona}&direction=out`;
  return (await instance.control<{ data: SandboxMessage[] }>('GET', query)).data;
}

async function countsOf(personas: string[]): Promise<number[]> {
  return await Promise.all(personas.map(async (persona) => (await sentTo(persona)).length));
}

const workflowOf = (send: Partial<TestNode>) => ({
  nodes: [
    { name: 'Trigger', type: `${PACKAGE}.metaMessagingTrigger` },
    {
      name: 'Send',
      type: `${PACKAGE}.metaMessaging`,
      credentials: { metaAccessTokenApi: { id: 'credential-1', name: 'Meta' } },
      parameters: { text: '=Olá, {{ $json.contact.externalId }}' },
      ...send,
    },
  ],
  connections: [['Trigger', 'Send'] as [string, string]],
});

const run = (items: INodeExecutionData[], send: Partial<TestNode> = {}) =>
  runWorkflow(workflowOf(send), {
    nodeTypes,
    items,
    credentials: { metaAccessTokenApi: instance.credential },
  });

/** The seventh of them cannot be written to, once. */
const refuseSeventh = (
  personas: string[],
  fault: object = { kind: 'failBefore', error: { code: 100 } },
) => instance.control('POST', '/faults', { ...fault, recipientId: personas[SEVENTH] });

describe('a batch of ten', () => {
  it('is sent side by side, and its results leave in the order of the items', async () => {
    const { personas, items } = await tenCustomersWrite();
    await instance.control('POST', '/faults', { kind: 'delayBefore', delayMs: 1_000, times: 10 });
    const started = performance.now();
    const { error, output } = await run(items);
    const took = performance.now() - started;
    expect(error).toBeUndefined();
    const results = output('Send').flat();
    expect(results.map(({ pairedItem }) => pairedItem)).toEqual(TEN.map((item) => ({ item })));
    const contacts = items.map(({ json }) => (json.contact as IDataObject).id);
    expect(results.map(({ json }) => json.contactId)).toEqual(contacts);
    expect(await countsOf(personas)).toEqual(TEN.map(() => 1));
    // What they would take one after another.
    expect(took).toBeLessThan(10 * 1_000);
  });

  it('of which the seventh failed is finished by n8n’s own retry, and nobody gets it twice', async () => {
    const { personas, items } = await tenCustomersWrite();
    await refuseSeventh(personas);
    const { error, output } = await run(items, { retryOnFail: true });
    expect(error).toBeUndefined();
    const results = output('Send').flat();
    expect(results).toHaveLength(10);
    expect(results[SEVENTH]?.json).toMatchObject({ status: 'sent' });
    expect(results[SEVENTH]?.json).not.toHaveProperty('duplicate');
    expect(results[0]?.json).toMatchObject({ status: 'sent', duplicate: true });
    expect(await countsOf(personas)).toEqual(TEN.map(() => 1));
  });

  it('of which the seventh failed is finished when a person retries the execution', async () => {
    const { personas, items } = await tenCustomersWrite();
    await refuseSeventh(personas);
    expect((await run(items)).error).toEqual(expect.any(String));
    const { error, output } = await run(items);
    expect(error).toBeUndefined();
    expect(output('Send').flat()).toHaveLength(10);
    expect(await countsOf(personas)).toEqual(TEN.map(() => 1));
  });

  it('names the item that failed', async () => {
    const { personas, items } = await tenCustomersWrite();
    await refuseSeventh(personas);
    const { run: finished } = await run(items);
    expect(finished.data.resultData.error).toMatchObject({ context: { itemIndex: SEVENTH } });
  });

  it('goes on around the seventh where the admin chose to', async () => {
    const { personas, items } = await tenCustomersWrite();
    await refuseSeventh(personas);
    const { error, output } = await run(items, { onError: 'continueRegularOutput' });
    expect(error).toBeUndefined();
    const results = output('Send').flat();
    expect(results.map(({ json }) => json.status)).toEqual(
      TEN.map((index) => (index === SEVENTH ? 'failed' : 'sent')),
    );
    expect(results[SEVENTH]).toMatchObject({
      json: { error: expect.any(String) as unknown },
      pairedItem: { item: SEVENTH },
    });
    const counts = await countsOf(personas);
    expect(counts).toEqual(TEN.map((index) => (index === SEVENTH ? 0 : 1)));
  });

  it('of which the seventh was sent and its confirmation lost never reaches that customer twice', async () => {
    const { personas, items } = await tenCustomersWrite();
    await refuseSeventh(personas, { kind: 'cutAfter', echo: false });
    const { error, output } = await run(items, { retryOnFail: true });
    expect(error).toBeUndefined();
    expect(output('Send').flat()[SEVENTH]?.json).toMatchObject({
      status: 'unknown',
      reason: 'outcome_unknown',
      retryable: false,
    });
    for (let again = 0; again < 2; again += 1) {
      const retried = await run(items);
      expect(retried.output('Send').flat()[SEVENTH]?.json).toMatchObject({ status: 'unknown' });
    }
    expect(await countsOf(personas)).toEqual(TEN.map(() => 1));
  });

  it('of which the seventh was sent and its confirmation lost is settled by the echo', async () => {
    const { personas, items } = await tenCustomersWrite();
    await refuseSeventh(personas, { kind: 'cutAfter' });
    await run(items);
    const settled = await waitFor(
      async () => {
        const { output } = await run(items);
        const result = output('Send').flat()[SEVENTH]?.json;
        return result?.status === 'sent' ? result : null;
      },
      { what: 'the result that the echo brings' },
    );
    expect(settled).toMatchObject({ status: 'sent', duplicate: true });
    expect(await countsOf(personas)).toEqual(TEN.map(() => 1));
  });

  it('for one customer goes in the order of the items, and nothing goes behind one that failed', async () => {
    const { personas, items } = await tenCustomersWrite();
    const [first] = items;
    const persona = personas[0] ?? '';
    const toOne = TEN.map((index) => ({
      json: { ...first?.json, id: items[index]?.json.id, number: index },
      pairedItem: { item: index },
    }));
    const parameters = { text: '=Parte {{ $json.number }}' };
    await instance.control('POST', '/faults', {
      kind: 'delayBefore',
      delayMs: 20,
      times: 3,
      recipientId: persona,
    });
    expect((await run(toOne, { parameters })).error).toBeUndefined();
    expect((await sentTo(persona)).map(({ text }) => text)).toEqual(
      TEN.map((index) => `Parte ${index}`),
    );

    await instance.control('POST', '/faults', {
      kind: 'failBefore',
      error: { code: 100 },
      recipientId: persona,
    });
    const options = { sendAgain: 'everyRun' };
    const failed = await run(toOne, { parameters: { ...parameters, options } });
    expect(failed.error).toEqual(expect.any(String));
    expect(await sentTo(persona)).toHaveLength(10);
  });

  it('is sent in the same way by conversation, through the node Omnichannel', async () => {
    const { personas, items } = await tenCustomersWrite();
    const send = { type: `${PACKAGE}.omnichannel`, credentials: {}, parameters: { text: 'Oi!' } };
    await refuseSeventh(personas);
    expect((await run(items, send)).error).toEqual(expect.any(String));
    expect((await run(items, send)).error).toBeUndefined();
    expect(await countsOf(personas)).toEqual(TEN.map(() => 1));
  });
});

describe('a long text', () => {
  it('goes in several messages, in order, and is one result', async () => {
    const { personas, items } = await tenCustomersWrite();
    const words = Array.from({ length: 900 }, (_, index) => `palavra${index}`).join(' ');
    const { error, output } = await run(items.slice(0, 1), { parameters: { text: words } });
    expect(error).toBeUndefined();
    const [result] = output('Send').flat();
    const sent = await sentTo(personas[0] ?? '');
    expect(sent.length).toBeGreaterThan(3);
    expect(result?.json).toMatchObject({ status: 'sent', partsTotal: sent.length });
    expect(sent.map(({ text }) => text).join(' ')).toBe(words);
  });

  it('is refused where the admin switched that off', async () => {
    const { items } = await tenCustomersWrite();
    const parameters = { text: 'x'.repeat(2_000), options: { splitLongText: false } };
    const { error } = await run(items.slice(0, 1), { parameters });
    expect(error).toMatch(/2,000 characters; Messenger allows 1,999.*Split Long Text/);
  });
});

describe('files of the items', () => {
  const PNG = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  const withPicture = (item: INodeExecutionData): INodeExecutionData => ({
    ...item,
    binary: {
      data: { data: PNG.toString('base64'), mimeType: 'image/png', fileName: 'Ação.png' },
    },
  });
  const uploads = async () => {
    const query = '/calls?path=message_attachments';
    return (await instance.control<{ data: unknown[] }>('GET', query)).data.length;
  };

  it('are uploaded once for ten customers, and a retry uploads nothing', async () => {
    const { personas, items } = await tenCustomersWrite();
    const before = await uploads();
    const parameters = { contentType: 'image', source: 'binary', caption: 'Como chegar' };
    const pictures = items.map(withPicture);
    const { error, output } = await run(pictures, { parameters });
    expect(error).toBeUndefined();
    expect(output('Send').flat()[0]?.json).toMatchObject({ status: 'sent', partsTotal: 2 });
    expect(await countsOf(personas)).toEqual(TEN.map(() => 2));
    expect(await uploads()).toBe(before + 1);
    const again = await run(pictures, { parameters });
    expect(
      again
        .output('Send')
        .flat()
        .every(({ json }) => json.duplicate),
    ).toBe(true);
    expect(await uploads()).toBe(before + 1);
  });

  it('that are not there are named', async () => {
    const { items } = await tenCustomersWrite();
    const parameters = { contentType: 'image', source: 'binary', binaryField: 'foto' };
    const { error } = await run(items.slice(0, 1).map(withPicture), { parameters });
    expect(error).toBe('The item has no file in the field "foto".');
  });
});
