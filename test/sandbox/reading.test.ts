import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Harness } from './support/harness.ts';

describe('reading', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await Harness.start();
  });
  afterAll(() => harness.close());
  beforeEach(async () => {
    await harness.control('POST', '/reset');
    await harness.control('PATCH', '/settings', { enforceRates: false });
  });

  const conversations = (params: Record<string, unknown>) =>
    harness.graph('GET', `/${harness.seed.page.id}/conversations`, params);

  test('the Page names its Instagram account', async () => {
    const fields = 'name,instagram_business_account{id,username,name,profile_picture_url}';
    const { body } = await harness.graph('GET', `/${harness.seed.page.id}`, { fields });
    expect(body).toEqual({
      id: harness.seed.page.id,
      name: 'Clínica Sorriso',
      instagram_business_account: {
        id: harness.seed.instagramAccount.id,
        username: 'clinica.sorriso',
        name: 'Clínica Sorriso',
        profile_picture_url: expect.stringContaining('/avatars/'),
      },
    });
  });

  test('the short form of the account is its id alone, and a Page without one lacks the key', async () => {
    const fields = 'name,instagram_business_account';
    const first = await harness.graph('GET', '/me', { fields });
    expect(first.body.instagram_business_account).toEqual({ id: harness.seed.instagramAccount.id });
    const page = await harness.control<{ id: string; pageAccessToken: string }>('POST', '/pages', {
      name: 'Filial',
    });
    const second = await harness.graph('GET', '/me', {
      fields,
      access_token: page.pageAccessToken,
    });
    expect(second.body).toEqual({ id: page.id, name: 'Filial' });
  });

  test('a user lists the ticked Pages with their tokens, page by page', async () => {
    await harness.control('POST', '/pages', { name: 'Filial', instagramUsername: 'filial' });
    const params = {
      access_token: harness.seed.userAccessToken,
      fields: 'id,name,access_token,tasks',
      limit: 1,
    };
    const first = await harness.graph('GET', '/me/accounts', params);
    const { data, paging } = first.body as {
      data: Array<{ access_token: string }>;
      paging: { next: string };
    };
    expect(data[0]?.access_token).toBe(harness.seed.pageAccessToken);
    const next = (await (await fetch(paging.next)).json()) as {
      data: Array<{ name: string }>;
      paging: { next?: string };
    };
    expect(next.data.map((page) => page.name)).toEqual(['Filial']);
    expect(next.paging.next).toBeUndefined();
  });

  test('debug_token tells a good token from an expired and from an unknown one', async () => {
    const debug = async (input_token: string) =>
      (
        await harness.graph('GET', '/debug_token', {
          access_token: harness.seed.appAccessToken,
          input_token,
        })
      ).body.data;
    expect(await debug(harness.seed.pageAccessToken)).toMatchObject({
      app_id: harness.seed.app.id,
      type: 'PAGE',
      expires_at: 0,
      is_valid: true,
      profile_id: harness.seed.page.id,
      granular_scopes: expect.arrayContaining([
        { scope: 'pages_messaging', target_ids: [harness.seed.page.id] },
      ]),
    });
    await harness.control('PATCH', `/tokens/${harness.seed.userAccessToken}`, { expire: true });
    expect(await debug(harness.seed.userAccessToken)).toMatchObject({
      type: 'USER',
      is_valid: false,
      error: { code: 190, subcode: 463 },
    });
    expect(await debug('EAAGnobody')).toMatchObject({ is_valid: false, error: { code: 190 } });
  });

  test('profiles have the fields of their channel, once the person has done something', async () => {
    const [messenger, instagram] = [harness.person('messenger'), harness.person('instagram')];
    await harness.inject({ persona: messenger, text: 'oi' });
    expect(
      (await harness.graph('GET', `/${messenger}`, { fields: 'first_name,last_name,name,locale' }))
        .body,
    ).toEqual({
      id: messenger,
      first_name: 'Ana Beatriz',
      last_name: 'Souza',
      name: 'Ana Beatriz Souza',
      locale: 'pt_BR',
    });
    await harness.inject({ kind: 'comment', persona: instagram, text: 'Quanto custa?' });
    const refused = await harness.graph('GET', `/${instagram}`, { fields: 'name' });
    expect(refused.message).toContain('User consent is required to access user profile');
    await harness.inject({ persona: instagram, text: 'oi' });
    const fields =
      'name,username,profile_pic,follower_count,is_verified_user,is_user_follow_business';
    expect((await harness.graph('GET', `/${instagram}`, { fields })).body).toMatchObject({
      username: 'ju.rocha',
      is_verified_user: false,
    });
  });

  test('conversations are listed by channel, newest first, with nested messages', async () => {
    const [first, second] = [harness.person('instagram'), harness.person('instagram', 1)];
    await harness.inject({ persona: first, text: 'oi' });
    await harness.inject({ persona: second, text: 'olá' });
    await harness.sendText(first, 'Bem-vinda');
    await harness.inject({ persona: harness.person('messenger'), text: 'outra coisa' });
    const { body } = await conversations({
      platform: 'instagram',
      fields: 'id,updated_time,participants,messages.limit(1){id,message,from,created_time}',
    });
    const data = body.data as Array<Record<string, unknown>>;
    expect(data).toHaveLength(2);
    expect(data[0]).toMatchObject({
      updated_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/),
      participants: {
        data: [{ id: first, username: 'ju.rocha' }, { id: harness.seed.instagramAccount.id }],
      },
      messages: { data: [{ message: 'Bem-vinda', from: { username: 'clinica.sorriso' } }] },
    });
    const one = await conversations({ platform: 'instagram', user_id: second });
    expect(one.body.data).toHaveLength(1);
    const none = await conversations({
      platform: 'instagram',
      user_id: harness.person('instagram', 2),
    });
    expect(none.body).toEqual({ data: [] });
  });

  test('of a conversation only the newest 20 messages have details', async () => {
    const person = harness.person('messenger');
    const mids: string[] = [];
    for (let index = 0; index < 22; index += 1) {
      mids.push((await harness.inject({ persona: person, text: `mensagem ${index}` })).mid);
    }
    const { body } = await conversations({ user_id: person });
    const id = String((body.data as Array<{ id: string }>)[0]?.id);
    const thread = await harness.graph('GET', `/${id}`, {
      fields: 'messages.limit(30){id,created_time,message}',
    });
    const messages = (thread.body.messages as { data: Array<{ id: string; message?: string }> })
      .data;
    expect(messages.map((item) => item.id)).toEqual([...mids].reverse());
    expect(messages.filter((item) => item.message !== undefined)).toHaveLength(20);
    expect((await harness.graph('GET', `/${mids[21]}`, { fields: 'message' })).body.message).toBe(
      'mensagem 21',
    );
    const old = await harness.graph('GET', `/${mids[0]}`, { fields: 'message' });
    expect(old.code).toBe(100);
    expect(old.message).toContain('deleted');
  });

  test('attachments, reactions and replies are read in the shape of recorded answers', async () => {
    const person = harness.person('instagram');
    const attachments = [{ type: 'image', url: 'https://cdn.example/a.png' }];
    const { mid } = await harness.inject({ persona: person, attachments });
    await harness.inject({ persona: person, text: 'essa', replyTo: mid });
    await harness.inject({ kind: 'reaction', persona: person, mid });
    const { body } = await conversations({
      platform: 'instagram',
      fields: 'messages{id,attachments,reactions}',
    });
    const [thread] = body.data as Array<{ messages: { data: unknown[] } }>;
    expect(thread?.messages.data[1]).toMatchObject({
      attachments: { data: [{ image_data: { url: 'https://cdn.example/a.png' } }] },
      reactions: { data: [{ reaction: 'love', users: [{ id: person }] }] },
    });
  });

  test('the conversations of an account can be read twice a second', async () => {
    await harness.control('PATCH', '/settings', { enforceRates: true });
    const answers = [];
    for (let index = 0; index < 3; index += 1) answers.push(await conversations({}));
    expect(answers.map((item) => item.code)).toEqual([undefined, undefined, 613]);
    await harness.control('POST', '/clock', { advanceMs: 1000 });
    expect((await conversations({})).status).toBe(200);
  });

  test('a Page cannot read what belongs to another', async () => {
    await harness.inject({ persona: harness.person('messenger'), text: 'oi' });
    const { body } = await conversations({});
    const id = String((body.data as Array<{ id: string }>)[0]?.id);
    const other = await harness.control<{ pageAccessToken: string }>('POST', '/pages', {
      name: 'Outra',
    });
    const params = { access_token: other.pageAccessToken };
    expect(await harness.graph('GET', `/${id}`, params)).toMatchObject({ code: 100, subcode: 33 });
    expect(await harness.graph('GET', `/${harness.seed.page.id}`, params)).toMatchObject({
      code: 100,
      subcode: 33,
    });
  });
});
