import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { core } from '../../nodes/shared/loadCore';
import { openApp } from '../../nodes/shared/openApp';
import { MetaMessaging } from '../../nodes/MetaMessaging/MetaMessaging.node';
import { MetaMessagingTrigger } from '../../nodes/MetaMessaging/MetaMessagingTrigger.node';
import { waitFor } from '../support/waitFor.ts';
import { hookContext, webhookContext } from './support/contexts.ts';
import { startInstance, type Instance } from './support/instance.ts';
import { probeNodes } from './support/probeNodes.ts';
import { PACKAGE, runWorkflow } from './support/workflow.ts';

const trigger = new MetaMessagingTrigger();
const PATH = '/webhook/webhook-id/meta';
const nodeTypes = { ...probeNodes, [`${PACKAGE}.metaMessaging`]: new MetaMessaging() };
let instance: Instance;

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
  for (const object of ['page', 'instagram']) {
    await instance.control('POST', '/subscriptions', {
      callbackUrl: instance.server.url + PATH,
      verifyToken: instance.credential.verifyToken,
      object,
      subscribePages: true,
    });
  }
  await instance.control('PATCH', '/settings', { enforceRates: true });
});
afterAll(() => instance.close());

/** A customer writes; the item that a trigger would emit for it. */
async function customerWrites(channel: 'instagram' | 'messenger', text: string) {
  const persona = instance.sandbox.seed.personas[channel][0];
  if (!persona) throw new Error('The sandbox has nobody there.');
  await instance.control('POST', '/inject', { channel, persona: persona.id, text });
  const item = await waitFor(
    async () => {
      const { items } = await core.events.listEvents(await app(), 'default', {
        filter: { types: ['message.received'] },
        limit: 500,
      });
      return items.find((one) => one.message?.text === text);
    },
    { what: `the event of "${text}"` },
  );
  const json = item as unknown as IDataObject;
  return { persona, item: { json } satisfies INodeExecutionData };
}

/** Runs one operation of the node behind items; its parameters are what the panel shows, so that defaults count. */
async function run(
  resource: string,
  operation: string,
  items: INodeExecutionData[],
  parameters: IDataObject = {},
) {
  const { error, output } = await runWorkflow(
    {
      nodes: [
        { name: 'Trigger', type: `${PACKAGE}.metaMessagingTrigger` },
        {
          name: 'Meta',
          type: `${PACKAGE}.metaMessaging`,
          credentials: { metaAccessTokenApi: { id: 'credential-1', name: 'Meta' } },
          parameters: { resource, operation, ...parameters } as never,
        },
      ],
      connections: [['Trigger', 'Meta']],
    },
    { nodeTypes, items, credentials: { metaAccessTokenApi: instance.credential } },
  );
  const found = output('Meta').flat();
  return { error, items: found, json: found.map((one) => one.json) };
}

const conversationOf = async (personaId: string) => {
  const { data } = await instance.control<{ data: IDataObject[] }>('GET', '/conversations');
  return data.find((one) => one.personaId === personaId);
};

describe('what a person sees before an answer', () => {
  it('is shown to the person of the trigger item', async () => {
    const { persona, item } = await customerWrites('instagram', 'Alguém aí?');
    const { error, json } = await run('message', 'senderAction', [item]);
    expect(error).toBeUndefined();
    expect(json).toMatchObject([
      {
        success: true,
        action: 'typing_on',
        channel: 'instagram',
        connection: item.json.connection,
        contact: { externalId: persona.id },
      },
    ]);
    expect(await conversationOf(persona.id)).toMatchObject({ typing: true });
    await run('message', 'senderAction', [item], { senderAction: 'mark_seen' });
    expect(await conversationOf(persona.id)).toMatchObject({
      businessReadAt: expect.any(Number) as unknown,
    });
  });

  it('is a reaction, and can be taken back', async () => {
    const { persona, item } = await customerWrites('instagram', 'Amei!');
    const reactionsOfLast = async () => {
      const query = `/messages?persona=${persona.id}&direction=in`;
      const { data } = await instance.control<{ data: IDataObject[] }>('GET', query);
      return data.at(-1)?.reactions;
    };
    expect((await run('message', 'react', [item])).json).toMatchObject([{ reaction: 'love' }]);
    expect(await reactionsOfLast()).toMatchObject([{ by: 'business', reaction: 'love' }]);
    await run('message', 'react', [item], { reaction: 'none' });
    expect(await reactionsOfLast()).toEqual([]);
  });

  it('is no reaction on Messenger, and the sentence says so', async () => {
    const { item } = await customerWrites('messenger', 'Amei daqui');
    expect((await run('message', 'react', [item])).error).toMatch(/on Instagram only/);
  });

  it('is nothing in safe mode, but to whom it lists', async () => {
    const { persona, item } = await customerWrites('instagram', 'Quem vê isto?');
    const app = await openApp({ getCredentials: async () => ({}) as never }, undefined);
    const safeMode = (recipients: string[]) =>
      core.tenants.saveSettings(app, 'default', { safeMode: { on: true, recipients } });
    await safeMode([]);
    for (const operation of ['react', 'senderAction']) {
      const { error, json } = await run('message', operation, [item]);
      expect([error, json]).toEqual([expect.stringMatching(/^Safe mode is on/), []]);
    }
    await safeMode([persona.id]);
    expect((await run('message', 'react', [item])).json).toMatchObject([{ reaction: 'love' }]);
    await core.tenants.saveSettings(app, 'default', { safeMode: null });
  });
});

describe('conversations as Meta has them', () => {
  it('lead with their items to their messages and to an answer', async () => {
    const { persona, item } = await customerWrites('instagram', 'Lista de conversas');
    const list = await run('conversation', 'getMany', [item], { returnAll: true });
    expect(list.error).toBeUndefined();
    const mine = list.items.find(
      ({ json }) => (json.contact as IDataObject).externalId === persona.id,
    );
    expect(mine?.json).toMatchObject({
      channel: 'instagram',
      provider: 'meta',
      connection: item.json.connection,
      conversation: { providerId: expect.any(String) as unknown },
    });
    const messages = await run('conversation', 'getMessages', [mine as INodeExecutionData]);
    expect(messages.json[0]).toMatchObject({
      contact: { externalId: persona.id },
      message: { direction: 'inbound', text: 'Lista de conversas', type: 'text' },
      detailsAvailable: true,
    });
    const answer = await run('message', 'send', [messages.items[0] as INodeExecutionData], {
      text: 'Respondido',
    });
    expect(answer.json).toMatchObject([{ status: 'sent', channel: 'instagram' }]);
    const byId = await run('conversation', 'getMessages', [mine as INodeExecutionData], {
      conversationBy: 'id',
      limit: 1,
    });
    expect(byId.json).toMatchObject([{ message: { direction: 'outbound', text: 'Respondido' } }]);
  });

  it('of a person who never wrote are none, which is no error', async () => {
    const { item } = await customerWrites('messenger', 'Quem mais?');
    const stranger = { json: { ...item.json, contact: { externalId: '999' } } };
    const { error, json } = await run('conversation', 'getMessages', [stranger]);
    expect([error, json]).toEqual([undefined, []]);
  });
});

describe('files that a person sent', () => {
  const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

  async function sendsFiles(text: string) {
    const { persona, item } = await customerWrites('instagram', text);
    const stored = await fetch(`${instance.sandbox.url}/_sandbox/media`, {
      method: 'POST',
      body: PNG,
      headers: { 'content-type': 'image/png' },
    });
    const { mediaId } = (await stored.json()) as { mediaId: string };
    await instance.control('POST', '/inject', {
      channel: 'instagram',
      persona: persona.id,
      attachments: [
        { type: 'image', mediaId, url: 'https://cdn.example/photo' },
        { type: 'file', url: `${instance.sandbox.url}/_sandbox/media/gone` },
        { type: 'file', url: 'http://127.0.0.1:9/inside.pdf' },
      ],
    });
    return { item };
  }

  it('come as binary data, and one that cannot be had leaves its reason and the item', async () => {
    const { item } = await sendsFiles('Segue a foto');
    const options = { downloadAttachments: true };
    const { error, items } = await run('conversation', 'getMessages', [item], {
      returnAll: false,
      limit: 2,
      options,
    });
    expect(error).toBeUndefined();
    expect(items).toHaveLength(2);
    const [files, words] = items;
    expect(words?.json).toMatchObject({ message: { text: 'Segue a foto', attachments: [] } });
    expect(words?.binary).toBeUndefined();
    expect(files?.pairedItem).toMatchObject({ item: 0 });
    expect(Object.keys(files?.binary ?? {})).toEqual(['attachment_0']);
    const picture = files?.binary?.attachment_0;
    expect(picture).toMatchObject({ mimeType: 'image/png', fileName: 'attachment_0.png' });
    expect(Buffer.from(picture?.data ?? '', 'base64')).toEqual(PNG);
    expect((files?.json.message as IDataObject).attachments).toMatchObject([
      { type: 'image', binaryField: 'attachment_0' },
      { downloadError: expect.stringMatching(/HTTP 404/) as unknown },
      { downloadError: expect.stringMatching(/not an address of the public internet/) as unknown },
    ]);
  });

  it('stay where they are unless they are asked for', async () => {
    const { item } = await sendsFiles('Só olhando');
    const { items } = await run('conversation', 'getMessages', [item], { limit: 1 });
    expect(items[0]?.binary).toBeUndefined();
    expect(JSON.stringify(items[0]?.json)).not.toMatch(/binaryField|downloadError/);
  });
});

describe('a comment', () => {
  it('is answered by a message to whoever wrote it, once', async () => {
    const persona = instance.sandbox.seed.personas.instagram[1]?.id;
    await instance.control('POST', '/inject', { kind: 'comment', persona, text: 'Quanto custa?' });
    const item = await waitFor(
      async () => {
        const filter = { types: ['comment.received' as const] };
        const query = { filter, limit: 50 };
        const { items } = await core.events.listEvents(await app(), 'default', query);
        return items.find(({ data }) => data?.text === 'Quanto custa?');
      },
      { what: 'the comment' },
    );
    const comment = { json: item as unknown as IDataObject };
    const replyText = 'Mandamos os preços por aqui!';
    const first = await run('message', 'privateReply', [comment], { replyText });
    expect(first.error).toBeUndefined();
    expect(first.json).toMatchObject([{ status: 'sent', channel: 'instagram' }]);
    const again = await run('message', 'privateReply', [comment], { replyText });
    expect(again.json).toMatchObject([{ status: 'sent', duplicate: true }]);
    const query = `/messages?persona=${persona}&direction=out`;
    const { data } = await instance.control<{ data: IDataObject[] }>('GET', query);
    expect(data.filter(({ text }) => text === replyText)).toHaveLength(1);
  });
});

describe('a profile', () => {
  it('says who wrote', async () => {
    const { persona, item } = await customerWrites('instagram', 'Quem sou eu?');
    expect((await run('profile', 'get', [item])).json).toMatchObject([
      {
        contact: { externalId: persona.id, username: persona.username },
        profile: { isVerified: expect.any(Boolean) as unknown },
      },
    ]);
  });
});

describe('the Pages of the credential', () => {
  it('come with their Instagram account, and with the accounts that lead on', async () => {
    const { seed } = instance.sandbox;
    const { error, items, json } = await run('page', 'getMany', [{ json: {} }]);
    expect(error).toBeUndefined();
    expect(json).toMatchObject([
      {
        channel: 'messenger',
        page: { id: seed.page.id, name: seed.page.name },
        instagram: { id: seed.instagramAccount.id },
        connection: { externalId: seed.page.id, status: 'active' },
        instagramConnection: { externalId: seed.instagramAccount.id },
      },
    ]);
    const { json: subscription } = await run('webhook', 'get', items);
    expect(subscription).toMatchObject([{ level: 'account', subscribed: true }]);
  });
});

describe('webhooks', () => {
  const pageItem = async () => (await run('page', 'getMany', [{ json: {} }])).items;

  it('of an account are taken away and given back', async () => {
    const page = await pageItem();
    expect((await run('webhook', 'unsubscribe', page)).json).toMatchObject([
      { success: true, level: 'account', channel: 'messenger' },
    ]);
    expect((await run('webhook', 'get', page)).json).toMatchObject([
      { subscribed: false, fields: [] },
    ]);
    const options = { fields: 'messages, message_reads' };
    expect((await run('webhook', 'subscribe', page, { options })).json).toMatchObject([
      { fields: ['messages', 'message_reads'] },
    ]);
    const { json } = await run('webhook', 'subscribe', page);
    expect(json[0]?.fields).toEqual(expect.arrayContaining(['messages', 'feed', 'standby']));
  });

  it('of the app go to the published trigger, and are told apart from those of an account', async () => {
    const page = await pageItem();
    const level = { level: 'app' };
    await run('webhook', 'unsubscribe', page, { ...level, object: 'page' });
    const before = await run('webhook', 'get', page, level);
    expect(before.json.map(({ object }) => object)).toEqual(['instagram']);
    const { json } = await run('webhook', 'subscribe', page, { ...level, object: 'page' });
    expect(json).toMatchObject([
      { success: true, level: 'app', object: 'page', callbackUrl: instance.server.url + PATH },
    ]);
    const after = await run('webhook', 'get', page, level);
    expect(after.json).toHaveLength(2);
    expect(after.json).toContainEqual(
      expect.objectContaining({
        level: 'app',
        object: 'page',
        callbackUrl: instance.server.url + PATH,
        active: true,
      }),
    );
  });

  it('of the app are refused by Meta where nobody answers with the verify token', async () => {
    const parameters = { level: 'app', callbackUrl: `${instance.server.url}/nothing` };
    expect((await run('webhook', 'subscribe', await pageItem(), parameters)).error).toEqual(
      expect.any(String),
    );
  });
});

describe('what a chat offers before anybody writes', () => {
  it('is set, read back and taken away, on Instagram and on Messenger', async () => {
    const question = { question: 'Horário?', payload: 'HOURS' };
    const iceBreakers = { question: [question] };
    for (const channel of ['instagram', 'messenger'] as const) {
      const { item } = await customerWrites(channel, `Perfil ${channel}`);
      const parts = {
        iceBreakers,
        persistentMenu: { item: [{ title: 'Agendar', payload: 'BOOK' }] },
        ...(channel === 'messenger' && {
          getStarted: 'START',
          greeting: { text: [{ text: 'Olá!' }] },
        }),
      };
      const set = await run('messengerProfile', 'set', [item], { parts });
      expect([channel, set.error]).toEqual([channel, undefined]);
      const { json } = await run('messengerProfile', 'get', [item]);
      expect(json[0]?.profile).toMatchObject({
        iceBreakers: [{ ...question, locale: 'default' }],
        persistentMenu: [{ type: 'postback', title: 'Agendar', payload: 'BOOK' }],
        ...(channel === 'messenger' && { getStarted: 'START', greeting: [{ text: 'Olá!' }] }),
      });
      await run('messengerProfile', 'delete', [item], { deletedParts: ['iceBreakers'] });
      const after = await run('messengerProfile', 'get', [item]);
      expect(after.json[0]?.profile).not.toHaveProperty('iceBreakers');
    }
  });
});

describe('an account', () => {
  it('of another tenant is out of reach of every operation', async () => {
    const { item } = await customerWrites('instagram', 'De outro inquilino');
    const options = { tenant: 'someone-else' };
    for (const [resource, operation] of [
      ['conversation', 'getMany'],
      ['conversation', 'getMessages'],
      ['message', 'react'],
      ['message', 'senderAction'],
      ['profile', 'get'],
      ['webhook', 'get'],
      ['webhook', 'subscribe'],
      ['webhook', 'unsubscribe'],
      ['messengerProfile', 'get'],
      ['messengerProfile', 'set'],
      ['messengerProfile', 'delete'],
    ] as const) {
      const parameters = { options, deletedParts: ['iceBreakers'] };
      const { error } = await run(resource, operation, [item], parameters);
      expect([resource, operation, error]).toEqual([
        resource,
        operation,
        expect.stringMatching(/does not exist/),
      ]);
    }
  });

  it('that is missing is named as the field to fill in', async () => {
    const { error } = await run('profile', 'get', [{ json: { contact: { externalId: '1' } } }]);
    expect(error).toBe('"Account" is empty.');
  });
});
