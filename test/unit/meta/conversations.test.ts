import {
  findConversationWith,
  listConversations,
  listMessages,
} from '../../../core/providers/meta';
import { Pace } from '../../../core/providers/meta/pace';
import { rejectionOf } from '../http/support/clients';
import { sendJson } from '../http/support/localServer';
import {
  INSTAGRAM_ID,
  PAGE_ID,
  instagramConnection,
  messengerConnection,
} from './support/accounts';
import { startGraphServer } from './support/graphServer';
import type { GraphServer } from './support/graphServer';

let graph: GraphServer;
/** Each test reads for an account of its own: two calls a second are let through for each. */
let accounts = 0;

beforeAll(async () => {
  graph = await startGraphServer();
});
afterAll(() => graph.close());

const messenger = () => named(messengerConnection(graph.server.url));
const instagram = (login?: 'instagram') =>
  named(instagramConnection(graph.server.url, login ? { login } : {}));

function named(connection: ReturnType<typeof messengerConnection>) {
  accounts += 1;
  return { ...connection, account: { ...connection.account, id: `account-${accounts}` } };
}

const answer = (body: object) => graph.answerWith((_request, response) => sendJson(response, body));
const asked = () => graph.server.requests.map(({ url }) => new URL(url, graph.server.url));

const FIRST = { limit: 25, cursor: null };

describe('the conversations of an account', () => {
  it('are asked for with channel, participants and page, and name the other side', async () => {
    answer({
      data: [
        {
          id: 't_1',
          updated_time: '2026-11-18T06:26:40+0000',
          participants: {
            data: [
              { id: '7001', name: 'Ana' },
              { id: PAGE_ID, name: 'Clínica' },
            ],
          },
        },
        { id: 't_2' },
        { broken: true },
      ],
      paging: { cursors: { before: 'b', after: 'next-page' }, next: 'https://graph.example/…' },
    });
    const page = await listConversations(graph.http, messenger(), { limit: 10, cursor: 'here' });
    expect(page).toEqual({
      items: [
        {
          providerId: 't_1',
          updatedAt: '2026-11-18T06:26:40.000Z',
          contact: { externalId: '7001', name: 'Ana', username: null },
        },
        { providerId: 't_2', updatedAt: null, contact: null },
      ],
      nextCursor: 'next-page',
    });
    const [url] = asked();
    expect(url?.pathname).toBe(`/v25.0/${PAGE_ID}/conversations`);
    expect(Object.fromEntries(url?.searchParams ?? [])).toMatchObject({
      platform: 'messenger',
      fields: 'id,updated_time,participants',
      limit: '10',
      after: 'here',
    });
  });

  it('after Instagram Login are those of me, and our own side has two ids', async () => {
    const own = [
      { id: INSTAGRAM_ID, username: 'clinica' },
      { id: '7001', username: 'ana' },
    ];
    answer({ data: [{ id: 'aWd1', participants: { data: own } }] });
    const { items } = await listConversations(graph.http, instagram('instagram'), FIRST);
    expect(items[0]?.contact).toEqual({ externalId: '7001', name: null, username: 'ana' });
    expect(asked()[0]?.pathname).toBe('/v25.0/me/conversations');
    expect(asked()[0]?.searchParams.get('platform')).toBe('instagram');
  });

  it('end where Meta names no next page, although there are cursors', async () => {
    answer({ data: [{ id: 't_1' }], paging: { cursors: { after: 'x' } } });
    const { nextCursor } = await listConversations(graph.http, messenger(), FIRST);
    expect(nextCursor).toBeNull();
  });

  it('with one person are found by their id', async () => {
    answer({ data: [{ id: 't_9' }] });
    expect(await findConversationWith(graph.http, messenger(), '7001')).toMatchObject({
      providerId: 't_9',
    });
    expect(asked()[0]?.searchParams.get('user_id')).toBe('7001');
    answer({ data: [] });
    expect(await findConversationWith(graph.http, messenger(), '7002')).toBeNull();
  });

  it('are refused in Meta’s words', async () => {
    graph.answerError({ code: 230 });
    expect(await rejectionOf(listConversations(graph.http, messenger(), FIRST))).toMatchObject({
      retryClass: 'permission',
      message: expect.stringContaining('the conversations of "Clínica Sol"') as unknown,
    });
  });
});

describe('the messages of a conversation', () => {
  const page = { id: PAGE_ID, name: 'Clínica' };
  const person = { id: '7001', name: 'Ana' };
  const read = async (...data: object[]) => {
    answer({ messages: { data } });
    const query = { ...FIRST, conversationId: 't_1' };
    return (await listMessages(graph.http, messenger(), query)).items;
  };

  it('are told with side, time and words', async () => {
    const time = '2026-11-18T06:26:40+0000';
    const [ours, theirs] = await read(
      { id: 'm_2', created_time: time, from: page, message: 'Temos sim!' },
      {
        id: 'm_1',
        created_time: time,
        from: person,
        message: 'Tem horário?',
        reactions: { data: [{ reaction: 'love', users: [{ id: PAGE_ID }] }] },
      },
    );
    expect(ours).toEqual({
      providerId: 'm_2',
      createdAt: '2026-11-18T06:26:40.000Z',
      direction: 'outbound',
      type: 'text',
      text: 'Temos sim!',
      attachments: [],
      replyTo: null,
      reactions: [],
      from: { externalId: PAGE_ID, name: 'Clínica', username: null },
      detailsAvailable: true,
    });
    expect(theirs).toMatchObject({
      direction: 'inbound',
      reactions: [{ reaction: 'love', by: PAGE_ID }],
    });
    expect(asked()[0]?.searchParams.get('fields')).toBe(
      'messages.limit(25){id,created_time,from,to,message,attachments,shares,story,reactions,is_unsupported}',
    );
  });

  it('of which Meta shows only id and time say that they have no details', async () => {
    const [old] = await read({ id: 'm_0', created_time: '2026-11-18T06:26:40+0000' });
    expect(old).toMatchObject({ direction: null, type: 'unsupported', detailsAvailable: false });
  });

  it.each([
    ['image', { image_data: { url: 'https://cdn/i' }, mime_type: 'image/png', name: 'i.png' }],
    ['video', { video_data: { url: 'https://cdn/v' } }],
    ['audio', { file_url: 'https://cdn/a', mime_type: 'audio/mp4' }],
    ['file', { file_url: 'https://cdn/f', mime_type: 'application/pdf' }],
    ['template', { generic_template: { title: 'Clareamento' } }],
    ['unsupported', { id: '1' }],
  ])('can hold a file of type %s', async (type, file) => {
    const [message] = await read({
      id: 'm_1',
      from: person,
      message: '',
      attachments: { data: [file] },
    });
    expect(message).toMatchObject({ type, text: null, attachments: [{ type }] });
  });

  it('keep no address of a story', async () => {
    const story = { mention: { link: 'https://lookaside/secret', id: '17' } };
    const [mention, answerToStory] = await read(
      { id: 'm_1', from: person, message: '', story },
      {
        id: 'm_2',
        from: person,
        message: 'Uau',
        story: { reply_to: { link: 'https://l', id: '18' } },
      },
    );
    expect(mention?.attachments).toEqual([{ type: 'story', providerMediaId: '17' }]);
    expect(answerToStory).toMatchObject({ replyTo: { storyId: '18' }, text: 'Uau' });
  });

  it('go on at the edge of the conversation', async () => {
    answer({ data: [{ id: 'm_9' }], paging: { cursors: { after: 'c' }, next: 'https://…' } });
    const query = { limit: 30, cursor: 'here', conversationId: 't_1' };
    expect(await listMessages(graph.http, messenger(), query)).toMatchObject({
      items: [{ providerId: 'm_9' }],
      nextCursor: 'c',
    });
    const [url] = asked();
    expect(url?.pathname).toBe('/v25.0/t_1/messages');
    expect(url?.searchParams.get('after')).toBe('here');
    expect(url?.searchParams.get('limit')).toBe('30');
  });
});

describe('the pace of an account', () => {
  it('lets a second’s worth through at once, and never more in any second', async () => {
    const pace = new Pace(3);
    const started = performance.now();
    const took: number[] = [];
    await Promise.all(
      Array.from({ length: 7 }, async () => {
        await pace.turn('a');
        took.push(performance.now() - started);
      }),
    );
    expect(took[2]).toBeLessThan(500);
    expect(took[3]).toBeGreaterThan(1_000);
    expect(took[5]).toBeLessThan(1_500);
    expect(took[6]).toBeGreaterThan(2_000);
  });

  it('does not count one account against another', async () => {
    const pace = new Pace(1);
    const started = performance.now();
    await Promise.all(['a', 'b', 'c'].map((account) => pace.turn(account)));
    expect(performance.now() - started).toBeLessThan(100);
  });
});
