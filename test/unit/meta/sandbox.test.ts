/** The provider against the stand-in for Meta, which refuses whatever the documentation does not allow. */
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { once } from 'node:events';
import type { Channel, InboundEvent, OutboundContent } from '../../../core/model';
import { createHttpClient } from '../../../core/http';
import type { HttpClient } from '../../../core/http';
import { OutcomeUnknownError, TokenExpiredError, systemClock } from '../../../core/model';
import {
  PAGE_WEBHOOK_FIELDS,
  answerHandshake,
  createMetaProvider,
  discoverMetaAccounts,
  fetchPersonProfile,
  getPageSubscription,
  parseMetaWebhook,
  subscribePage,
  unsubscribePage,
  verifyMetaSignature,
} from '../../../core/providers/meta';
import type { MetaCredential } from '../../../core/providers/meta';
import type { Provider, ProviderConnection } from '../../../core/providers/provider';
import { startSandbox } from '../../../sandbox/server.ts';
import { waitFor } from '../../support/waitFor';
import { rejectionOf, silentLogger } from '../http/support/clients';
import { messengerConnection } from './support/accounts';

/** What the control endpoints answer, as far as these tests look. */
interface Answer {
  mid: string;
  data: Array<{ mid: string; metadata?: string }>;
}

type Sandbox = Awaited<ReturnType<typeof startSandbox>>;

let sandbox: Sandbox;
let http: HttpClient;
let meta: Provider;
let credential: MetaCredential;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 });
  http = createHttpClient({ userAgent: 'test', logger: silentLogger, env: {} });
  meta = createMetaProvider({ http, clock: systemClock });
});

afterAll(async () => {
  await http.close();
  await sandbox.close();
});

beforeEach(async () => {
  await control('POST', '/reset', {});
  // Two reads a second is the vendor's limit, and not what these tests are about.
  await control('PATCH', '/settings', { enforceRates: false });
  const { app, pageAccessToken, page, verifyToken, graphVersion } = sandbox.seed;
  credential = {
    accessToken: pageAccessToken,
    appId: app.id,
    appSecret: app.secret,
    pageId: page.id,
    verifyToken,
    graphVersion,
    graphBaseUrl: sandbox.url,
  };
});

async function control(method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${sandbox.url}/_sandbox${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const answer = (await response.json()) as Answer;
  if (!response.ok) throw new Error(JSON.stringify(answer));
  return answer;
}

async function connect(channel: Channel): Promise<ProviderConnection> {
  const found = (await discoverMetaAccounts(http, credential)).find(
    (item) => item.channel === channel,
  );
  if (found === undefined) throw new Error(`no ${channel} account`);
  const { account } = messengerConnection('');
  const { externalId, parentExternalId, name, secrets } = found;
  return { account: { ...account, channel, externalId, parentExternalId, name }, secrets };
}

/** Somebody who has just written, so that the window is open. */
async function openWindow(channel: Channel): Promise<string> {
  const persona = sandbox.seed.personas[channel as 'instagram' | 'messenger'][0];
  await control('POST', '/inject', { persona: persona?.id, text: 'Oi' });
  return persona?.id ?? '';
}

const OF_BOTH: OutboundContent[] = [
  { type: 'text', text: 'Olá, tudo bem? 😀' },
  { type: 'image', media: { url: 'https://clinica.example/mapa.png' } },
  {
    type: 'buttons',
    text: 'Confirma a consulta?',
    buttons: [
      { type: 'postback', title: 'Sim', payload: 'YES' },
      { type: 'url', title: 'Mapa', url: 'https://clinica.example/mapa' },
    ],
  },
  {
    type: 'quickReplies',
    text: 'Qual período?',
    quickReplies: [
      { title: 'Manhã', payload: 'AM' },
      { title: 'Tarde', payload: 'PM', imageUrl: 'https://clinica.example/sol.png' },
      { kind: 'phone' },
    ],
  },
  { type: 'video', media: { url: 'https://clinica.example/tour.mp4' } },
  { type: 'audio', media: { url: 'https://clinica.example/recado.m4a' } },
  { type: 'file', media: { url: 'https://clinica.example/tabela.pdf' } },
  {
    type: 'images',
    images: [{ url: 'https://clinica.example/1.png' }, { url: 'https://clinica.example/2.png' }],
  },
  {
    type: 'genericTemplate',
    elements: [
      {
        title: 'Clareamento',
        subtitle: 'A partir de R$ 300',
        imageUrl: 'https://clinica.example/clareamento.jpg',
        url: 'https://clinica.example/clareamento',
        buttons: [{ type: 'postback', title: 'Agendar', payload: 'BOOK' }],
      },
      { title: 'Limpeza', subtitle: 'R$ 120', buttons: [] },
    ],
  },
  { type: 'productTemplate', productIds: ['6045246247433'] },
];
const POST_ID = '17895695668004550';
const CONTENTS: Record<'instagram' | 'messenger', OutboundContent[]> = {
  instagram: [
    ...OF_BOTH,
    { type: 'sticker', sticker: 'heart' },
    { type: 'sharePost', postId: POST_ID },
  ],
  messenger: [
    ...OF_BOTH,
    {
      type: 'mediaTemplate',
      mediaKind: 'video',
      media: { url: 'https://www.facebook.com/clinica/videos/1' },
      buttons: [{ type: 'url', title: 'Site', url: 'https://clinica.example' }],
    },
  ],
};
const CHANNELS = ['messenger', 'instagram'] as const;

describe.each(CHANNELS)('on %s', (channel) => {
  beforeEach(async () => {
    const { id } = sandbox.seed.instagramAccount;
    await control('PATCH', `/accounts/${id}`, { mediaIds: [POST_ID] });
  });

  it('there is an example of every content that it can send', () => {
    const types = CONTENTS[channel].map(({ type }) => type);
    expect(new Set(types)).toEqual(new Set(meta.abilities(channel)?.contentTypes));
  });

  it.each(CONTENTS[channel])(
    'a message of type $type is accepted and held by the conversation',
    async (content) => {
      const connection = await connect(channel);
      const recipientExternalId = await openWindow(channel);
      const messageId = randomUUID();
      const { providerMessageId } = await meta.send(connection, {
        recipientExternalId,
        content,
        messageId,
      });
      const { data } = await control(
        'GET',
        `/messages?persona=${recipientExternalId}&direction=out`,
      );
      expect(data).toHaveLength(1);
      expect(data[0]?.mid).toBe(providerMessageId);
      expect(data[0]?.metadata).toBe(channel === 'messenger' ? messageId : undefined);
    },
  );

  it('the largest content that the limits allow is accepted', async () => {
    const connection = await connect(channel);
    const recipientExternalId = await openWindow(channel);
    const can = meta.abilities(channel);
    const button = { type: 'postback', title: 'é'.repeat(20), payload: 'x'.repeat(1000) } as const;
    const reply = { title: 'é'.repeat(20), payload: 'x'.repeat(1000) };
    const largest: OutboundContent[] = [
      { type: 'text', text: 'x'.repeat(can?.textLimit.max ?? 0) },
      { type: 'buttons', text: 'é'.repeat(640), buttons: [button, button, button] },
      { type: 'quickReplies', text: 'x', quickReplies: Array.from({ length: 13 }, () => reply) },
      {
        type: 'images',
        images: Array.from({ length: 10 }, () => ({ url: 'https://clinica.example/1.png' })),
      },
      {
        type: 'genericTemplate',
        elements: Array.from({ length: 10 }, () => ({
          title: 'é'.repeat(80),
          subtitle: 'é'.repeat(80),
          buttons: [button, button, button],
        })),
      },
      { type: 'productTemplate', productIds: Array.from({ length: 10 }, (_, id) => `1${id}`) },
    ];
    for (const content of largest) {
      const sending = meta.send(connection, {
        recipientExternalId,
        content,
        messageId: randomUUID(),
      });
      await expect(sending).resolves.toEqual({ providerMessageId: expect.any(String) });
    }
  });

  it('what was sent is found again by its fingerprint, or is said to be unreadable', async () => {
    const connection = await connect(channel);
    const recipientExternalId = await openWindow(channel);
    const sent = new Map<string, string>();
    for (const content of CONTENTS[channel]) {
      const { providerMessageId } = await meta.send(connection, {
        recipientExternalId,
        content,
        messageId: randomUUID(),
      });
      sent.set(providerMessageId, meta.contentFingerprint(content));
    }
    const { messages, reachesBeginning } = await meta.recentMessages(
      connection,
      recipientExternalId,
      20,
    );
    expect(reachesBeginning).toBe(true);
    const outgoing = messages.filter(({ direction }) => direction === 'outbound');
    expect(new Set(outgoing.map(({ providerId }) => providerId))).toEqual(new Set(sent.keys()));
    for (const { providerId, fingerprint } of outgoing) {
      expect([sent.get(providerId), null]).toContain(fingerprint);
    }
    // Templates, stickers and shared posts are shown without their content, or in part.
    const shown = outgoing.filter(({ fingerprint }) => fingerprint !== null);
    expect(shown.length).toBeGreaterThanOrEqual(6);
    expect(messages.filter(({ direction }) => direction === 'inbound')).toMatchObject([
      { fingerprint: meta.contentFingerprint({ type: 'text', text: 'Oi' }) },
    ]);
  });

  it('an answer that a person wrote goes for 7 days, quotes a message, and is tagged', async () => {
    const connection = await connect(channel);
    const recipientExternalId = await openWindow(channel);
    const { data: inbound } = await control('GET', `/messages?persona=${recipientExternalId}`);
    await control('POST', '/clock', { advanceMs: 6 * 24 * 60 * 60 * 1000 });
    const { providerMessageId } = await meta.send(connection, {
      recipientExternalId,
      content: { type: 'text', text: 'Desculpe a demora!' },
      settings: { humanAgent: true, replyTo: inbound[0]?.mid ?? '' },
      messageId: randomUUID(),
    });
    await control('POST', '/clock', { reset: true });
    const query = `/messages?persona=${recipientExternalId}&direction=out`;
    expect((await control('GET', query)).data).toMatchObject([
      { mid: providerMessageId, tag: 'HUMAN_AGENT', replyTo: { mid: inbound[0]?.mid } },
    ]);
  });

  it('after 24 hours the window is closed', async () => {
    const connection = await connect(channel);
    const recipientExternalId = await openWindow(channel);
    await control('POST', '/clock', { advanceMs: 24 * 60 * 60 * 1000 + 1000 });
    const sending = meta.send(connection, {
      recipientExternalId,
      content: { type: 'text', text: 'tarde' },
      messageId: randomUUID(),
    });
    expect(await rejectionOf(sending)).toMatchObject({
      reason: 'window_closed',
      retryClass: 'window',
    });
    await control('POST', '/clock', { reset: true });
  });

  it('somebody who never wrote is not known', async () => {
    const connection = await connect(channel);
    const sending = meta.send(connection, {
      recipientExternalId: sandbox.seed.personas[channel as 'instagram'][1]?.id ?? '',
      content: { type: 'text', text: 'oi' },
      messageId: randomUUID(),
    });
    expect(await rejectionOf(sending)).toMatchObject({ reason: 'invalid_recipient' });
  });

  it('a person has a name once they wrote', async () => {
    const connection = await connect(channel);
    const stranger = sandbox.seed.personas[channel as 'instagram'][2];
    await expect(fetchPersonProfile(http, connection, stranger?.id ?? '')).resolves.toBeNull();
    const known = await openWindow(channel);
    const persona = sandbox.seed.personas[channel as 'instagram'][0];
    await expect(fetchPersonProfile(http, connection, known)).resolves.toMatchObject({
      name: persona?.name,
      username: channel === 'instagram' ? persona?.username : null,
    });
  });

  describe('when the outcome is not known', () => {
    const faults = [
      { kind: 'failAfter', error: { code: 2 } },
      { kind: 'failAfter', error: { code: 1, status: 500 }, html: true },
      { kind: 'cutAfter' },
    ];
    const before = [{ kind: 'cutBefore' }, { kind: 'failBefore', error: { code: 1 } }];

    it.each([
      ...faults.map((fault) => [fault, 1] as const),
      ...before.map((fault) => [fault, 0] as const),
    ])('after %j the message is held %s times, and never twice', async (fault, held) => {
      const connection = await connect(channel);
      const recipientExternalId = await openWindow(channel);
      await control('POST', '/faults', { ...fault, route: 'send' });
      const sending = meta.send(connection, {
        recipientExternalId,
        content: { type: 'text', text: 'Bem-vinda' },
        messageId: randomUUID(),
      });
      expect(await rejectionOf(sending)).toBeInstanceOf(OutcomeUnknownError);
      const { data } = await control(
        'GET',
        `/messages?persona=${recipientExternalId}&direction=out`,
      );
      expect(data).toHaveLength(held);
    });
  });
});

describe('a credential', () => {
  it("finds both accounts with the Page's token, with a user's token, and without a Page ID", async () => {
    const { page, instagramAccount, userAccessToken, pageAccessToken } = sandbox.seed;
    const expected = [
      { channel: 'messenger', externalId: page.id, name: page.name },
      { channel: 'instagram', externalId: instagramAccount.id, parentExternalId: page.id },
    ].map((account) => ({ ...account, secrets: { accessToken: pageAccessToken } }));
    for (const accessToken of [pageAccessToken, userAccessToken]) {
      for (const pageId of [page.id, '']) {
        const found = await discoverMetaAccounts(http, { ...credential, accessToken, pageId });
        expect(found).toMatchObject(expected);
      }
    }
  });

  it('works where the app demands its secret, and says so when it is wrong or missing', async () => {
    await control('PATCH', `/apps/${sandbox.seed.app.id}`, { requireAppSecret: true });
    await expect(discoverMetaAccounts(http, credential)).resolves.toHaveLength(2);
    for (const appSecret of ['wrong', '']) {
      expect(
        await rejectionOf(discoverMetaAccounts(http, { ...credential, appSecret })),
      ).toMatchObject({
        field: 'App Secret',
      });
    }
  });

  it('with a wrong Page ID, token or version says which', async () => {
    const problem = async (change: Partial<MetaCredential>) =>
      rejectionOf(discoverMetaAccounts(http, { ...credential, ...change }));
    expect(await problem({ pageId: '404404' })).toMatchObject({ field: 'Page ID' });
    expect(await problem({ accessToken: 'EAAGwrong' })).toBeInstanceOf(TokenExpiredError);
    expect(await problem({ graphVersion: 'v1.0' })).toMatchObject({
      providerCode: 2635,
      hint: expect.stringContaining('Graph Version'),
    });
  });

  it('whose token was revoked says why', async () => {
    const connection = await connect('messenger');
    const recipientExternalId = await openWindow('messenger');
    await control('PATCH', `/tokens/${credential.accessToken}`, {
      invalid: { code: 190, subcode: 460 },
    });
    const sending = meta.send(connection, {
      recipientExternalId,
      content: { type: 'text', text: 'oi' },
      messageId: randomUUID(),
    });
    expect(await rejectionOf(sending)).toMatchObject({
      reason: 'token_expired',
      message: expect.stringContaining('changed their password'),
    });
  });
});

describe('a throttle', () => {
  it('waits as long as the headers say', async () => {
    const connection = await connect('instagram');
    const recipientExternalId = await openWindow('instagram');
    await control('POST', '/faults', { kind: 'throttle', error: { code: 80002 }, minutes: 12 });
    const sending = meta.send(connection, {
      recipientExternalId,
      content: { type: 'text', text: 'oi' },
      messageId: randomUUID(),
    });
    expect(await rejectionOf(sending)).toMatchObject({
      reason: 'rate_limited',
      retryAfterMs: 12 * 60_000,
    });
  });
});

describe('webhooks', () => {
  let door: Server;
  let received: InboundEvent[];
  let refused: number;

  beforeEach(async () => {
    received = [];
    refused = 0;
    door = createServer((request, response) => {
      const url = new URL(request.url ?? '', 'http://x');
      if (request.method === 'GET') {
        const answer = answerHandshake(
          Object.fromEntries(url.searchParams),
          credential.verifyToken,
        );
        response.writeHead(answer.status, answer.headers).end(answer.body);
        return;
      }
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const rawBody = Buffer.concat(chunks);
        const header = request.headers['x-hub-signature-256'] as string | undefined;
        const isSigned = verifyMetaSignature(rawBody, header, [credential.appSecret]);
        if (isSigned)
          received.push(...parseMetaWebhook(JSON.parse(rawBody.toString('utf8'))).events);
        else refused += 1;
        response.writeHead(isSigned ? 200 : 401).end();
      });
    });
    door.listen(0, '127.0.0.1');
    await once(door, 'listening');
    const { port } = door.address() as AddressInfo;
    const callbackUrl = `http://127.0.0.1:${port}/door`;
    await control('POST', '/subscriptions', { callbackUrl, verifyToken: credential.verifyToken });
    await subscribePage(http, await connect('messenger'));
  });

  afterEach(async () => {
    door.closeAllConnections();
    door.close();
    await once(door, 'close');
  });

  it('are subscribed to with every field, twice without harm, and ended', async () => {
    const connection = await connect('messenger');
    await expect(subscribePage(http, connection)).resolves.toEqual(PAGE_WEBHOOK_FIELDS);
    await expect(getPageSubscription(http, connection)).resolves.toEqual(PAGE_WEBHOOK_FIELDS);
    await unsubscribePage(http, connection);
    await expect(getPageSubscription(http, connection)).resolves.toEqual([]);
  });

  it.each(CHANNELS)(
    'of %s bring a message, and the echo of the answer with what finds it',
    async (channel) => {
      const connection = await connect(channel);
      const recipientExternalId = await openWindow(channel);
      const seen = (kind: string) => received.find((event) => event.kind === kind);
      expect(await waitFor(() => seen('message'), { what: 'the message' })).toMatchObject({
        channel,
        accountExternalId: connection.account.externalId,
        contact: { externalId: recipientExternalId },
        text: 'Oi',
      });
      const { providerMessageId } = await meta.send(connection, {
        recipientExternalId,
        content: { type: 'text', text: 'Olá, João! 😀' },
        messageId: 'our-id',
      });
      expect(await waitFor(() => seen('echo'), { what: 'the echo' })).toMatchObject({
        channel,
        providerId: providerMessageId,
        contact: { externalId: recipientExternalId },
        text: 'Olá, João! 😀',
        metadata: channel === 'messenger' ? 'our-id' : null,
      });
    },
  );

  it('of every kind are understood', async () => {
    const persona = sandbox.seed.personas.messenger[0]?.id;
    const mid = (await control('POST', '/inject', { persona, text: 'Oi' })).mid;
    const pass = { previous_owner_app_id: '1', new_owner_app_id: '2', metadata: 'm' };
    const injections: Array<[object, string]> = [
      [{ kind: 'postback', title: 'Sim', payload: 'YES' }, 'postback'],
      [{ kind: 'reaction', mid }, 'reaction'],
      [{ kind: 'edit', mid, text: 'Olá' }, 'edit'],
      [{ kind: 'humanAnswer', text: 'Bom dia' }, 'echo'],
      [{ kind: 'comment', text: 'Quanto?' }, 'comment'],
      [
        { kind: 'referral', referral: { ref: 'qr', source: 'SHORTLINK', type: 'OPEN_THREAD' } },
        'referral',
      ],
      [{ kind: 'passThreadControl', control: pass }, 'handover'],
      [{ kind: 'policyEnforcement', action: 'block', reason: 'r' }, 'policy'],
    ];
    for (const [injection, kind] of injections) {
      await control('POST', '/inject', { persona, ...injection });
      await waitFor(() => received.some((event) => event.kind === kind), { what: `a ${kind}` });
    }
    await control('POST', `/personas/${persona}/view`, {});
    await waitFor(() => received.some(({ kind }) => kind === 'read'), { what: 'the read event' });
    expect(received.filter(({ kind }) => kind === 'unrecognised')).toEqual([]);
  });

  it('that come twice have the same key, and forged ones are refused', async () => {
    const persona = sandbox.seed.personas.instagram[0]?.id;
    await control('POST', '/inject', {
      persona,
      text: 'duas vezes',
      duplicate: 2,
      simultaneous: true,
    });
    const twins = () => received.filter((event) => 'text' in event && event.text === 'duas vezes');
    await waitFor(() => twins().length >= 2, { what: 'both copies' });
    expect(new Set(twins().map(({ dedupeKey }) => dedupeKey)).size).toBe(1);
    await control('POST', '/inject', { persona, text: 'forjada', badSignature: true });
    await waitFor(() => refused > 0, { what: 'the forged call' });
    expect(received.some((event) => 'text' in event && event.text === 'forjada')).toBe(false);
  });
});
