import type { IDataObject } from 'n8n-workflow';
import { Omnichannel } from '../../nodes/Omnichannel/Omnichannel.node';
import { core } from '../../nodes/shared/loadCore';
import { openApp } from '../../nodes/shared/openApp';
import { startInstance, type Instance } from './support/instance.ts';
import { probeNodes } from './support/probeNodes.ts';
import { PACKAGE, runWorkflow, type TestNode } from './support/workflow.ts';

const nodeTypes = { ...probeNodes, [`${PACKAGE}.omnichannel`]: new Omnichannel() };
let instance: Instance;

const app = () => openApp({ getCredentials: async () => ({}) as never }, undefined);

beforeAll(async () => {
  instance = await startInstance();
  const { seed } = instance.sandbox;
  await core.accounts.syncCredentialAccounts(await app(), {
    tenantId: 'default',
    provider: 'meta',
    credentialId: 'credential-1',
    discovered: [
      {
        channel: 'messenger',
        externalId: seed.page.id,
        parentExternalId: null,
        name: seed.page.name,
        secrets: {
          accessToken: seed.pageAccessToken,
          apiBaseUrl: instance.credential.graphBaseUrl,
        },
        expiresAt: null,
      },
      {
        channel: 'instagram',
        externalId: seed.instagramAccount.id,
        parentExternalId: seed.page.id,
        name: seed.instagramAccount.username,
        secrets: {
          accessToken: seed.pageAccessToken,
          apiBaseUrl: instance.credential.graphBaseUrl,
        },
        expiresAt: null,
      },
    ],
  });
});
afterAll(() => instance.close());

let count = 0;
/** Somebody writes; the item that a trigger emits. */
async function messageArrives(personId: string, parts: object = {}) {
  count += 1;
  const { items } = await core.messaging.recordInbound(await app(), {
    tenantId: 'default',
    doorId: 'door',
    events: [
      {
        kind: 'message',
        provider: 'meta',
        channel: 'messenger',
        accountExternalId: instance.sandbox.seed.page.id,
        dedupeKey: `m_${count}`,
        occurredAt: Date.now(),
        raw: {},
        contact: { externalId: personId },
        providerId: `m_${count}`,
        type: 'text',
        text: `mensagem ${count}`,
        attachments: [],
        buttonPayload: null,
        replyTo: null,
        referral: null,
        standby: false,
        ...parts,
      },
    ],
  });
  const item = items.find(({ event }) => event === 'message.received');
  if (!item) throw new Error('The message was not recorded.');
  return { json: item as unknown as IDataObject };
}

async function run(item: { json: IDataObject }, parameters: IDataObject) {
  const finished = await runWorkflow(
    {
      nodes: [
        { name: 'Trigger', type: `${PACKAGE}.omnichannelTrigger` },
        {
          name: 'Conversation',
          type: `${PACKAGE}.omnichannel`,
          parameters: { resource: 'conversation', ...parameters } as TestNode['parameters'],
        },
      ],
      connections: [['Trigger', 'Conversation']],
    },
    { nodeTypes, items: [item] },
  );
  const items = finished.output('Conversation').flat();
  return { error: finished.error, items: items.map(({ json }) => json) };
}

describe('Omnichannel: Conversation', () => {
  it('takes the conversation of the trigger’s item, and gives items in its shape', async () => {
    const item = await messageArrives('8001');
    const { items, error } = await run(item, { operation: 'get' });
    expect(error).toBeUndefined();
    const { conversation, contact, connection } = item.json as Record<string, IDataObject>;
    expect(items).toMatchObject([
      {
        channel: 'messenger',
        connection,
        contact: { id: contact?.id, externalId: '8001' },
        conversation: { id: conversation?.id, status: 'open', unanswered: true, assignee: null },
      },
    ]);
  });

  it('closes, opens and assigns, and says whether that changed anything', async () => {
    const item = await messageArrives('8002');
    const status = async (operation: string) => {
      const [json] = (await run(item, { operation })).items;
      return [(json?.conversation as IDataObject).status, json?.changed];
    };
    expect(await status('close')).toEqual(['closed', true]);
    expect(await status('close')).toEqual(['closed', false]);
    expect(await status('reopen')).toEqual(['open', true]);
    const { items } = await run(item, { operation: 'assign', assignee: 'Recepção' });
    expect(items).toMatchObject([{ conversation: { assignee: 'Recepção' }, changed: true }]);
  });

  it.each([
    ['as usual', { duration: 'usual' }, 60],
    ['for some minutes', { duration: 'minutes', minutes: 5 }, 5],
    ['until given back', { duration: 'open' }, null],
  ])('hands over %s, and gives back', async (_how, parameters, minutes) => {
    const item = await messageArrives('8003');
    const handedOver = await run(item, {
      operation: 'handOver',
      reason: 'complaint',
      ...parameters,
    });
    const { automation } = handedOver.items[0]?.conversation as { automation: IDataObject };
    expect(automation).toMatchObject({ paused: true, reason: 'complaint' });
    const left =
      automation.until === null ? null : Date.parse(automation.until as string) - Date.now();
    expect(left === null ? null : Math.round(left / 60_000)).toBe(minutes);
    const back = await run(item, { operation: 'resumeAutomation' });
    expect(back.items).toMatchObject([{ conversation: { automation: { paused: false } } }]);
  });

  it('hands over until a time, and names the field when that is not one', async () => {
    const item = await messageArrives('8004');
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const handOver = (value: string) =>
      run(item, { operation: 'handOver', duration: 'until', until: value });
    expect((await handOver(until)).items).toMatchObject([
      { conversation: { automation: { paused: true, reason: 'operation', until } } },
    ]);
    expect((await handOver('={{ $json.nothing }}')).error).toMatch(/"Until" is empty/);
    expect((await handOver('2020-01-01T00:00:00Z')).error).toMatch(/has passed already/);
    await run(item, { operation: 'resumeAutomation' });
  });

  it('lists by what is filled in, page by page', async () => {
    const ids: unknown[] = [];
    for (const person of ['8101', '8102', '8103']) {
      const item = await messageArrives(person);
      await run(item, { operation: 'assign', assignee: 'Helena' });
      ids.unshift((item.json.conversation as IDataObject).id);
    }
    const item = await messageArrives('8104');
    const list = async (filters: IDataObject, limit = 50, cursor = '') => {
      const parameters = { operation: 'getMany', returnAll: false, limit, filters };
      const { items } = await run(item, { ...parameters, options: { cursor } });
      return items;
    };
    const idsOf = (items: IDataObject[]) =>
      items.map(({ conversation }) => (conversation as IDataObject).id);
    expect(idsOf(await list({ assignee: 'Helena' }))).toEqual(ids);
    const first = await list({ assignee: 'Helena' }, 2);
    const second = await list({ assignee: 'Helena' }, 2, first[1]?.nextCursor as string);
    expect(idsOf([...first, ...second])).toEqual(ids);
    expect(idsOf(await list({ assignee: '' }))).not.toEqual(expect.arrayContaining([ids[0]]));
    expect(idsOf(await list({ automation: 'paused' }))).toEqual([]);
    expect(idsOf(await list({ unanswered: true, status: 'closed' }))).toEqual([]);
    const contactId = (item.json.contact as IDataObject).id;
    expect(idsOf(await list({ contactId, channels: ['messenger'] }))).toHaveLength(1);
  });

  it('reads what was written, with the files where they are wanted', async () => {
    await messageArrives('8201', { text: 'primeira' });
    const file = { type: 'image', url: `${instance.sandbox.url}/nowhere.jpg` };
    const item = await messageArrives('8201', { text: null, type: 'image', attachments: [file] });
    const read = async (options: IDataObject) =>
      (await run(item, { operation: 'getMessages', returnAll: true, options })).items;
    expect(await read({ order: 'asc' })).toMatchObject([
      { message: { text: 'primeira', direction: 'inbound' }, timestamp: expect.any(String) },
      { message: { type: 'image' }, conversation: item.json.conversation && expect.any(Object) },
    ]);
    const [newest] = await read({ downloadFiles: true });
    const [attachment] = (newest?.message as { attachments: IDataObject[] }).attachments;
    expect(attachment).toHaveProperty('downloadError');
  });

  it('goes on where the same person may be written to, and says why not where nobody may', async () => {
    const item = await messageArrives('8401');
    const goOn = (parameters: IDataObject) =>
      run(item, { operation: 'continueOn', text: 'Continuamos por aqui.', ...parameters });
    expect((await goOn({ channels: ['messenger'] })).error).toMatch(/is on messenger already/);
    expect((await goOn({})).error).toMatch(/cannot be reached on/);

    const { id } = await instance.control<{ id: string }>('POST', '/personas', {
      channel: 'instagram',
      firstName: 'Ana',
    });
    await instance.control('POST', '/inject', { persona: id, text: 'Oi' });
    const there = await messageArrives(id, {
      channel: 'instagram',
      accountExternalId: instance.sandbox.seed.instagramAccount.id,
    });
    const contactOf = ({ json }: { json: IDataObject }) => (json.contact as { id: string }).id;
    await core.contacts.mergeContacts(await app(), {
      tenantId: 'default',
      contact: contactOf(item),
      mergeWith: contactOf(there),
    });
    const { items, error } = await goOn({ closePrevious: true });
    expect(error).toBeUndefined();
    const { conversation } = item.json as { conversation: IDataObject };
    expect(items).toMatchObject([
      {
        status: 'sent',
        channel: 'instagram',
        contactId: contactOf(item),
        continuedFrom: { conversationId: conversation.id, channel: 'messenger' },
      },
    ]);
    expect((await run(item, { operation: 'get' })).items).toMatchObject([
      { conversation: { status: 'closed', continuedOn: items[0]?.conversationId } },
    ]);
  });

  it('names the field and the next step when there is no such conversation', async () => {
    const item = await messageArrives('8301');
    const get = (conversation: string) => run(item, { operation: 'get', conversation });
    expect((await get('01JD3Z8Q4T6W8Y0A2C4E6G8J0M')).error).toMatch(/does not exist here/);
    expect((await get('={{ $json.nothing }}')).error).toMatch(/"Conversation" is empty/);
  });
});
