import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { core } from '../../nodes/shared/loadCore';
import { HUB_SEED } from '../../sandbox/notificame/seed.ts';
import { waitFor } from '../support/waitFor.ts';
import { Hub, SECRET } from './support/notificaMe.ts';

let hub: Hub;
/** What Ana wrote on WhatsApp: with it her window is open. */
let fromAna: INodeExecutionData;

beforeAll(async () => {
  hub = await Hub.start();
});
afterAll(() => hub.close());

const post = (body: string, address = hub.address()) =>
  fetch(address, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
const ownPosts = async () => (await hub.state()).posts.filter(({ url }) => url.includes(SECRET));

describe('publishing the NotificaMe Trigger', () => {
  it('connects every channel and has each call the door at an address with the secret', async () => {
    await hub.publish();
    const accounts = await hub.accounts();
    expect(accounts.map(({ channel }) => channel).sort()).toEqual([
      'email',
      'instagram',
      'messenger',
      'telegram',
      'whatsapp',
    ]);
    const { subscriptions } = await hub.state();
    expect(subscriptions).toHaveLength(10);
    for (const { webhook, criteria, status } of subscriptions) {
      expect(webhook.url.startsWith(`${hub.address()}?channel=${criteria.channel}&on=`)).toBe(true);
      expect(status).toBe('ACTIVE');
    }
  });

  it('once more changes nothing at the hub', async () => {
    const before = (await hub.state()).subscriptions;
    await hub.publish();
    expect((await hub.state()).subscriptions).toEqual(before);
  });

  it('wakes what fell asleep, and leaves what other systems made', async () => {
    const theirs = {
      webhook: { url: 'https://other.example/hook' },
      criteria: { channel: HUB_SEED.whatsAppChannelId },
    };
    await fetch(`${hub.instance.notificaMe.baseUrl}/v1/subscriptions`, {
      method: 'POST',
      headers: { 'x-api-token': HUB_SEED.token },
      body: JSON.stringify(theirs),
    });
    const { notificaMe } = hub.instance.sandbox.context.store.state;
    const own = notificaMe.subscriptions[0];
    if (own) own.status = 'INACTIVE';
    await hub.publish();
    const { subscriptions } = await hub.state();
    expect(subscriptions.map(({ status }) => status)).toEqual(Array(11).fill('ACTIVE'));
    expect(subscriptions.at(-1)?.webhook).toEqual(theirs.webhook);
    notificaMe.subscriptions.pop();
  });

  it('makes a secret of 256 bits where the credential has none', async () => {
    await hub.publish({
      credentials: { notificaMeApi: { ...hub.credential, webhookSecret: '' } },
    });
    const made = (await hub.state()).subscriptions.map(({ webhook }) =>
      new URL(webhook.url).pathname.split('/').at(-1),
    );
    expect(new Set(made).size).toBe(1);
    expect(made[0]).toMatch(/^[\w-]{43}$/);
    await hub.publish();
    const again = (await hub.state()).subscriptions;
    expect(again).toHaveLength(10);
    expect(again.every(({ webhook }) => webhook.url.includes(SECRET))).toBe(true);
  });

  it.each([
    ['a wrong token', { apiToken: 'invented' }, /API Token: .*AUTHENTICATION_ERROR/],
    ['no token', { apiToken: ' ' }, /no API token/],
    ['a short secret', { webhookSecret: 'short' }, /webhook secret is too short/],
    ['a zone that does not exist', { timezone: 'Brazil/Sampa' }, /no time zone/],
  ])('says what is wrong with %s', async (_name, over, sentence) => {
    const credentials = { notificaMeApi: { ...hub.credential, ...over } };
    await expect(hub.publish({ credentials })).rejects.toThrow(sentence);
  });
});

describe('what the hub posts', () => {
  it('lets a customer’s words in, on every channel', async () => {
    fromAna = await hub.customerWrites('Quero agendar');
    expect(fromAna.json).toMatchObject({
      channel: 'whatsapp',
      provider: 'notificame',
      contact: { name: 'Ana Teste', phone: '+5511988887777' },
      message: { type: 'text', text: 'Quero agendar', direction: 'inbound' },
    });
    const fromInstagram = await hub.customerWrites('Oi pelo Instagram', {
      channelId: HUB_SEED.instagramChannelId,
      personId: HUB_SEED.instagramPersonId,
    });
    expect(fromInstagram.json).toMatchObject({
      channel: 'instagram',
      contact: { name: 'Bruno Lima' },
    });
    const fromTelegram = await hub.customerWrites('Oi pelo Telegram', {
      channelId: HUB_SEED.telegramChannelId,
      personId: HUB_SEED.telegramPersonId,
    });
    expect(fromTelegram.json).toMatchObject({
      channel: 'telegram',
      conversation: { windowClosesAt: null },
    });
  });

  it('is stored once, however often it comes', async () => {
    const [first] = await ownPosts();
    const before = (await hub.events('message.received')).length;
    const answers = await Promise.all([1, 2, 3].map(() => post(first?.body ?? '', first?.url)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await hub.events('message.received')).toHaveLength(before);
  });

  it('is refused at an address with another secret, which leaves nothing but a count', async () => {
    const before = (await hub.events()).length;
    const [first] = await ownPosts();
    const answer = await post(first?.body.replaceAll('Quero', 'Forja') ?? '', hub.address('wrong'));
    expect([answer.status, await answer.text()]).toEqual([401, 'The address was not accepted.']);
    expect(await hub.events()).toHaveLength(before);
    const [door] = await core.accounts.listDoors(await hub.app(), 'default');
    expect(door?.refusedCalls).toBe(1);
    expect(door?.url).not.toContain(SECRET);
  });

  it.each([
    ['no JSON', '<html>busy</html>'],
    ['an event of no known kind', '{"type":"FLOW_RESPONSE","data":{"a":1}}'],
    ['a list in place of an object', '[[1]]'],
  ])('is kept raw when it is %s', async (_name, body) => {
    const { posts } = await hub.state();
    const url = posts.find((one) => one.url.includes(HUB_SEED.whatsAppChannelId))?.url;
    const before = (await hub.events('provider.unrecognised')).length;
    expect((await post(body, url)).status).toBe(200);
    expect(await hub.events('provider.unrecognised')).toHaveLength(before + 1);
  });

  it('pauses automation when somebody answers in the hub’s own inbox', async () => {
    await hub.instance.control('POST', '/notificame/messages', {
      channelId: HUB_SEED.messengerChannelId,
      personId: HUB_SEED.messengerPersonId,
      text: 'Oi, sou a Carla',
    });
    const url = `${hub.address()}?channel=${HUB_SEED.messengerChannelId}&on=messenger`;
    const out = {
      id: 'event-out',
      type: 'MESSAGE',
      channel: 'facebook',
      message: {
        id: 'hub-out',
        direction: 'OUT',
        from: HUB_SEED.messengerChannelId,
        to: HUB_SEED.messengerPersonId,
        contents: [{ type: 'text', text: 'Aqui é a recepção' }],
      },
    };
    expect((await post(JSON.stringify(out), url)).status).toBe(200);
    const [echo] = await hub.events('message.echo');
    expect(echo?.message).toMatchObject({ text: 'Aqui é a recepção', sentBy: 'person' });
  });
});

describe('NotificaMe: Message', () => {
  it('answers on the channel and to the person of the item, and hears by either id what became of it', async () => {
    const { json, last } = await hub.send(fromAna, { text: 'Olá, Ana!' });
    expect(json).toMatchObject([
      {
        status: 'sent',
        provider: 'notificame',
        channel: 'whatsapp',
        providerMessageId: last?.id,
        conversationId: (fromAna.json.conversation as IDataObject).id,
      },
    ]);
    expect(last).toMatchObject({
      channelId: HUB_SEED.whatsAppChannelId,
      personId: HUB_SEED.whatsAppPersonId,
      contents: [{ type: 'text', text: 'Olá, Ana!' }],
    });
    const told = await waitFor(
      async () =>
        (await hub.events('message.delivered')).find(
          ({ message }) => message?.id === json[0]?.messageId,
        ),
      { what: 'the delivery' },
    );
    expect(told).toMatchObject({
      contact: { name: 'Ana Teste' },
      message: { status: 'delivered' },
    });
    // The provider's own id was learned from the status: a later one may name that alone.
    const { events } = core.notificaMe.parseNotificaMeWebhook(
      {
        type: 'MESSAGE_STATUS',
        messageStatus: { code: 'READ' },
        providerMessageId: last?.providerMessageId,
      },
      {
        receivedAt: Date.now(),
        timezone: 'UTC',
        accountId: HUB_SEED.whatsAppChannelId,
        channel: 'whatsapp',
      },
    );
    await core.messaging.recordInbound(await hub.app(), {
      tenantId: 'default',
      doorId: 'x',
      events,
    });
    const [read] = await hub.events('message.read');
    expect(read?.message).toMatchObject({ id: json[0]?.messageId, status: 'read' });
  });

  it.each<[string, string, IDataObject, object]>([
    [
      'send',
      'buttons',
      {
        contentType: 'buttons',
        text: 'Confirma?',
        buttons: { button: [{ type: 'postback', title: 'Sim', payload: 'CONFIRM:1' }] },
      },
      { type: 'interactive' },
    ],
    [
      'send',
      'a template',
      {
        contentType: 'template',
        templateName: 'lembrete_consulta_24h',
        templateVariables: { variable: [{ value: 'Ana' }, { value: '14h' }] },
      },
      {
        type: 'template',
        template: { name: 'lembrete_consulta_24h', language: { code: 'pt_BR' } },
      },
    ],
    [
      'send',
      'a place',
      { contentType: 'location', latitude: -23.5, longitude: -46.6, placeName: 'Clínica' },
      { type: 'location', latitude: -23.5, longitude: -46.6, name: 'Clínica' },
    ],
    [
      'send',
      'a contact',
      {
        contentType: 'contacts',
        contacts: { contact: [{ name: 'Dra. Ana', phone: '+55 11 98888-7777' }] },
      },
      { type: 'contacts' },
    ],
    [
      'send',
      'a reaction',
      { contentType: 'reaction', emoji: '👍' },
      { type: 'reaction', reaction: { emoji: '👍' } },
    ],
    [
      'sendMedia',
      'a picture',
      { contentType: 'image', url: 'https://a.example/x.png', caption: 'A sala' },
      {
        type: 'file',
        fileUrl: 'https://a.example/x.png',
        fileMimeType: 'image',
        fileCaption: 'A sala',
      },
    ],
    [
      'sendMedia',
      'a document',
      { contentType: 'file', url: 'https://a.example/x.pdf', fileName: 'guia.pdf' },
      { type: 'file', fileMimeType: 'document', fileName: 'guia.pdf' },
    ],
  ])('%s: %s', async (operation, _name, parameters, expected) => {
    const { json, last, error } = await hub.send(fromAna, parameters, operation);
    expect(error).toBeUndefined();
    expect(json).toMatchObject([{ status: 'sent' }]);
    expect(last?.contents).toMatchObject([expected]);
  });

  it('quotes the message of the item', async () => {
    const { providerId } = fromAna.json.message as { providerId: string };
    const { last } = await hub.send(fromAna, { text: 'Sim', options: { replyTo: providerId } });
    expect(last?.quoted).toBe(providerId);
  });

  it('does not write to whoever has not written, where the channel below forbids it', async () => {
    const account = await hub.account(HUB_SEED.instagramChannelId);
    const { json } = await hub.send(fromAna, {
      account: { __rl: true, mode: 'id', value: account.id },
      recipient: '900100200300999',
      text: 'Olá',
    });
    expect(json).toMatchObject([{ status: 'skipped', reason: 'window_closed' }]);
  });

  it.each<[string, string, RegExp]>([
    ['error200', 'failed', /refused the message .*Something went wrong/],
    ['limit', 'failed', /channel limit exceeded/],
    ['busy', 'failed', /Too many requests/],
  ])(
    'a hub that answers with "%s" is a failure with its own sentence',
    async (kind, _status, sentence) => {
      await hub.instance.control('POST', '/notificame/faults', { kind });
      const { error } = await hub.send(fromAna, { text: `with ${kind}` });
      expect(error).toMatch(sentence);
    },
  );

  it.each<[string, RegExp]>([
    ['text', /plain text instead of JSON \(HTTP 200\): "service is starting"/],
    ['nothing', /nothing at all \(HTTP 200\)/],
    ['cutAfter', /broke before its answer/],
  ])(
    'a hub that answers with "%s" leaves it unknown, and it is not sent again',
    async (kind, sentence) => {
      await hub.instance.control('POST', '/notificame/faults', { kind });
      const before = (await hub.state()).messages.length;
      const { json, error } = await hub.send(fromAna, { text: `with ${kind}` });
      expect(error).toBeUndefined();
      expect(json).toMatchObject([{ status: 'unknown', reason: 'outcome_unknown' }]);
      expect(json[0]?.detail).toMatch(sentence);
      expect((await hub.state()).messages.length - before).toBeLessThanOrEqual(1);
    },
  );

  it('continues behind a failure where the admin chose so, paired with its item', async () => {
    await hub.instance.control('POST', '/notificame/faults', { kind: 'error200' });
    const { error, items } = await hub.send(fromAna, { text: 'go on' }, 'send', {
      onError: 'continueRegularOutput',
    });
    expect(error).toBeUndefined();
    expect(items).toMatchObject([{ json: { status: 'failed' }, pairedItem: { item: 0 } }]);
  });
});
