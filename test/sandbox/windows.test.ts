import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Harness } from './support/harness.ts';

const HOUR = 3_600_000;

describe('what time does to a send', () => {
  let harness: Harness;
  let messenger: string;
  let instagram: string;
  beforeAll(async () => {
    harness = await Harness.start();
  });
  afterAll(() => harness.close());
  beforeEach(async () => {
    await harness.control('POST', '/reset');
    [messenger, instagram] = [harness.person('messenger'), harness.person('instagram')];
    await harness.inject({ persona: messenger, text: 'Oi' });
    await harness.inject({ persona: instagram, text: 'Oi' });
  });

  describe('a private reply', () => {
    const reply = (comment_id: string) =>
      harness.graph('POST', '/me/messages', {
        recipient: { comment_id },
        message: { text: 'Oi!' },
      });
    const comment = async (person: string) =>
      (await harness.inject({ kind: 'comment', persona: person, text: 'Quanto custa?' })).mid;

    test.each(['messenger', 'instagram'] as const)(
      'goes once per comment on %s',
      async (channel) => {
        const person = harness.person(channel, 1);
        const id = await comment(person);
        expect((await reply(id)).body).toMatchObject({ recipient_id: person });
        expect(await reply(id)).toMatchObject({ code: 100, subcode: 2534025 });
        expect(await harness.messages(person)).toHaveLength(1);
      },
    );

    test('opens no window before the person answers', async () => {
      const person = harness.person('instagram', 1);
      await reply(await comment(person));
      expect(await harness.sendText(person, 'E aí?')).toMatchObject({ code: 10, subcode: 2534022 });
      await harness.inject({ persona: person, text: 'Oi' });
      expect((await harness.sendText(person, 'E aí?')).status).toBe(200);
    });

    test('is refused after seven days, as a code where a test wants it so', async () => {
      const id = await comment(instagram);
      await harness.control('POST', '/clock', { advanceMs: 7 * 24 * HOUR + 1000 });
      expect(await reply(id)).toMatchObject({ code: 100, subcode: 2534025 });
      await harness.control('PATCH', '/settings', { privateReplyErrorAs: 'code' });
      expect((await reply(id)).code).toBe(2534025);
    });
  });

  describe('the window', () => {
    const advance = (ms: number) => harness.control('POST', '/clock', { advanceMs: ms });

    test('is 24 hours for automation and 7 days for a person', async () => {
      const human = { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' };
      await advance(23.9 * HOUR);
      expect((await harness.sendText(messenger, 'ainda dá')).status).toBe(200);
      await advance(0.2 * HOUR);
      expect((await harness.sendText(messenger, 'tarde')).subcode).toBe(2018278);
      expect((await harness.sendText(messenger, 'sou eu, a Bia', human)).status).toBe(200);
      await advance(6 * 24 * HOUR);
      expect((await harness.sendText(messenger, 'tarde', human)).subcode).toBe(2018278);
    });

    test.each([
      ['a tap on a button', { kind: 'postback', title: 'Sim', payload: 'YES' }],
      ['a referral into the thread', { kind: 'referral' }],
      ['a message', { text: 'voltei' }],
    ])('is opened again by %s', async (_name, event) => {
      await advance(25 * HOUR);
      expect((await harness.sendText(instagram, 'tarde')).subcode).toBe(2534022);
      await harness.inject({ persona: instagram, ...event });
      expect((await harness.sendText(instagram, 'oi')).status).toBe(200);
    });

    test('is opened again by a reaction', async () => {
      const { body } = await harness.sendText(instagram, 'Olá');
      await advance(25 * HOUR);
      await harness.inject({ kind: 'reaction', persona: instagram, mid: body.message_id });
      expect((await harness.sendText(instagram, 'oi')).status).toBe(200);
    });
  });

  test('a token expires by the clock of the sandbox', async () => {
    const token = await harness.control<{ value: string }>('POST', '/tokens', {
      expiresInSeconds: 60,
    });
    const params = { access_token: token.value };
    expect((await harness.graph('GET', '/me', params)).status).toBe(200);
    await harness.control('POST', '/clock', { advanceMs: 61_000 });
    expect(await harness.graph('GET', '/me', params)).toMatchObject({ code: 190, subcode: 463 });
  });
});
