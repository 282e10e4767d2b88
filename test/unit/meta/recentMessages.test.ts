import { systemClock } from '../../../core/model';
import { createMetaProvider } from '../../../core/providers/meta';
import type { Provider } from '../../../core/providers/provider';
import { rejectionOf } from '../http/support/clients';
import { sendJson } from '../http/support/localServer';
import {
  INSTAGRAM_ID,
  PAGE_ID,
  PROOF,
  instagramConnection,
  messengerConnection,
} from './support/accounts';
import { startGraphServer } from './support/graphServer';
import type { GraphServer } from './support/graphServer';

let graph: GraphServer;
let meta: Provider;

beforeAll(async () => {
  graph = await startGraphServer();
  meta = createMetaProvider({ http: graph.http, clock: systemClock });
});

afterAll(() => graph.close());

const person = { id: '7001', username: 'cliente' };
const page = { id: PAGE_ID, name: 'Clínica Sol' };
const at = (second: number) => `2026-11-18T06:26:${String(second).padStart(2, '0')}+0000`;
const epoch = (second: number) => Date.UTC(2026, 10, 18, 6, 26, second);

/** The two answers of the conversations API. */
function answerMessages(messages: unknown, conversations: unknown[] = [{ id: 't_1' }]) {
  graph.answerWith((request, response) =>
    sendJson(
      response,
      request.url.includes('/conversations') ? { data: conversations } : { messages },
    ),
  );
}
const read = (limit = 20) =>
  meta.recentMessages(messengerConnection(graph.server.url), '7001', limit);
const print = (text: string) => meta.contentFingerprint({ type: 'text', text });

describe('recentMessages', () => {
  it('asks for the conversation with this person and then for its messages', async () => {
    answerMessages({ data: [] });
    await meta.recentMessages(instagramConnection(graph.server.url), '7001', 20);
    const urls = graph.server.requests.map(({ url }) => new URL(url, 'http://x'));
    expect(urls.map(({ pathname }) => pathname)).toEqual([
      `/v25.0/${PAGE_ID}/conversations`,
      '/v25.0/t_1',
    ]);
    expect(urls.map(({ searchParams }) => Object.fromEntries(searchParams))).toEqual([
      {
        platform: 'instagram',
        user_id: '7001',
        fields: 'id,updated_time',
        appsecret_proof: PROOF,
      },
      {
        fields:
          'messages{id,created_time,from,to,message,attachments,shares,story,reactions,is_unsupported}',
        appsecret_proof: PROOF,
      },
    ]);
  });

  it('gives newest first, with side, time and fingerprint', async () => {
    answerMessages({
      data: [
        { id: 'm_1', created_time: at(1), from: person, message: 'oi' },
        { id: 'm_3', created_time: at(3), from: page, message: 'Temos horário' },
        { id: 'm_2', created_time: at(2), from: page, message: '' },
      ],
    });
    await expect(read()).resolves.toEqual({
      messages: [
        {
          providerId: 'm_3',
          direction: 'outbound',
          fingerprint: print('Temos horário'),
          createdAt: epoch(3),
        },
        { providerId: 'm_2', direction: 'outbound', fingerprint: null, createdAt: epoch(2) },
        { providerId: 'm_1', direction: 'inbound', fingerprint: print('oi'), createdAt: epoch(1) },
      ],
      reachesBeginning: true,
    });
  });

  it('takes every sender but the person for our own side, so that no message of ours is missed', async () => {
    const own = [
      { id: INSTAGRAM_ID, username: 'clinica.sol' },
      { username: 'clinica.sol' },
      undefined,
    ];
    answerMessages({
      data: own.map((from, index) => ({
        id: `m_${index}`,
        created_time: at(9),
        from,
        message: 'x',
      })),
    });
    const { messages } = await read();
    expect(messages.map(({ direction }) => direction)).toEqual([
      'outbound',
      'outbound',
      'outbound',
    ]);
  });

  it('takes no more than asked for, and then does not claim to have reached the beginning', async () => {
    const data = [3, 2, 1].map((n) => ({
      id: `m_${n}`,
      created_time: at(n),
      from: page,
      message: `${n}`,
    }));
    answerMessages({ data });
    const { messages, reachesBeginning } = await read(2);
    expect(messages.map(({ providerId }) => providerId)).toEqual(['m_3', 'm_2']);
    expect(reachesBeginning).toBe(false);
  });

  it('looks at the newest 20 only, since Meta shows no details of older ones', async () => {
    const data = Array.from({ length: 25 }, (_, index) => ({
      id: `m_${index}`,
      created_time: at(59 - index),
      ...(index < 20 ? { from: page, message: 'x' } : {}),
    }));
    answerMessages({ data });
    const { messages, reachesBeginning } = await read(50);
    expect(messages).toHaveLength(20);
    expect(reachesBeginning).toBe(false);
  });

  it.each([
    [19, true],
    [20, false],
  ])('of %i messages claims to have reached the beginning: %s', async (size, reachesBeginning) => {
    const data = Array.from({ length: size }, (_, index) => ({
      id: `m_${index}`,
      created_time: at(59 - index),
      from: page,
      message: 'x',
    }));
    answerMessages({ data });
    // At 20 it may be a longer conversation of which Meta shows no more.
    await expect(read()).resolves.toMatchObject({ reachesBeginning });
  });

  it('does not claim the beginning when there are further pages or entries that cannot be read', async () => {
    const one = { id: 'm_1', created_time: at(1), from: page, message: 'x' };
    answerMessages({ data: [one], paging: { next: 'https://graph.example/next' } });
    await expect(read()).resolves.toMatchObject({ reachesBeginning: false });
    answerMessages({ data: [one, { id: 'm_0', from: page, message: 'without a time' }, 'odd'] });
    await expect(read()).resolves.toMatchObject({
      messages: [{ providerId: 'm_1' }],
      reachesBeginning: false,
    });
  });

  it('proves nothing where no conversation is listed', async () => {
    answerMessages(null, []);
    await expect(read()).resolves.toEqual({ messages: [], reachesBeginning: false });
    expect(graph.server.requests).toHaveLength(1);
  });

  it('rejects with a SendError when Meta refuses', async () => {
    graph.answerError({ code: 190, error_subcode: 463 });
    expect(await rejectionOf(read())).toMatchObject({ reason: 'token_expired' });
  });
});
