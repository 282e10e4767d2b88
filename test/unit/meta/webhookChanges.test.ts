import { parseMetaWebhook } from '../../../core/providers/meta';
import { eventOf } from './support/parsing';
import { ACCOUNT, AT, PAGE, PERSON, change } from './support/payloads';

const SECONDS = 1_795_000_000;
const comment = {
  item: 'comment',
  verb: 'add',
  from: { id: '8001', name: 'Cliente Teste' },
  post_id: `${PAGE}_77`,
  comment_id: `${PAGE}_77_88`,
  parent_id: `${PAGE}_77`,
  message: 'Qual o valor?',
  created_time: SECONDS - 5,
};

describe('a comment on a post of the Page', () => {
  it('has author, words, post and verb', () => {
    const body = change('page', 'feed', comment);
    expect(eventOf(body)).toEqual({
      provider: 'meta',
      channel: 'messenger',
      accountExternalId: PAGE,
      dedupeKey: `comment:${PAGE}_77_88:add`,
      occurredAt: (SECONDS - 5) * 1000,
      kind: 'comment',
      contact: { externalId: '8001', name: 'Cliente Teste' },
      providerId: `${PAGE}_77_88`,
      text: 'Qual o valor?',
      postId: `${PAGE}_77`,
      parentId: `${PAGE}_77`,
      verb: 'add',
      referral: null,
      raw: body.entry[0]?.changes[0],
    });
  });

  it('may come without its author, or in the older form', () => {
    expect(eventOf(change('page', 'feed', { ...comment, from: undefined }))).toMatchObject({
      contact: null,
    });
    const older = { ...comment, from: undefined, sender_id: 8001, sender_name: 'Cliente' };
    expect(eventOf(change('page', 'feed', older))).toMatchObject({
      contact: { externalId: '8001', name: 'Cliente' },
    });
  });

  it('counts once when a boosted post reports it twice, but every edit counts', () => {
    const key = (verb: string, time: number) => {
      const body = change('page', 'feed', { ...comment, verb });
      return eventOf({ ...body, entry: [{ ...body.entry[0], time }] }).dedupeKey;
    };
    expect(key('add', 1_795_000_001)).toBe(key('add', 1_795_000_002));
    expect(key('edited', 1_795_000_001)).not.toBe(key('edited', 1_795_000_002));
    expect(key('edited', 1_795_000_001)).toBe(key('edited', 1_795_000_001));
    expect(key('hide', 1_795_000_001)).not.toBe(key('add', 1_795_000_001));
  });

  it("is nothing when it is the Page's own", () => {
    for (const own of [{ from: { id: PAGE } }, { from: undefined, sender_id: Number(PAGE) }]) {
      const { events, foreign } = parseMetaWebhook(change('page', 'feed', { ...comment, ...own }));
      expect(events).toEqual([]);
      expect(foreign).toBe(false);
    }
  });
});

describe('other news of the feed', () => {
  it.each([
    [{ item: 'reaction', verb: 'add', reaction_type: 'love' }, 'feed reaction add'],
    [{ item: 'post', verb: 'edited', post_id: '1_2' }, 'feed post edited'],
    [{ item: 'comment', verb: 'add' }, 'feed comment add'],
    [{}, 'feed item add'],
  ])('%j is kept as it came', (value, what) => {
    expect(eventOf(change('page', 'feed', value))).toMatchObject({ kind: 'unrecognised', what });
  });
});

describe('a mention', () => {
  it('of the Page in a post', () => {
    const value = {
      item: 'post',
      verb: 'add',
      post_id: '8001_99',
      sender_name: 'Cliente Teste',
      sender_id: '8001',
      message: 'Adorei @ClinicaTeste',
      created_time: SECONDS,
    };
    expect(eventOf(change('page', 'mention', value))).toMatchObject({
      kind: 'mention',
      dedupeKey: 'mention:8001_99:add',
      contact: { externalId: '8001', name: 'Cliente Teste' },
      providerId: '8001_99',
      postId: '8001_99',
      text: 'Adorei @ClinicaTeste',
      verb: 'add',
    });
  });

  it('of the Page in a comment names the comment', () => {
    const value = { item: 'comment', verb: 'add', post_id: 'p', comment_id: 'c', message: 'oi' };
    expect(eventOf(change('page', 'mention', value))).toMatchObject({
      providerId: 'c',
      postId: 'p',
    });
  });

  it('on Instagram names comment and post, in a caption the post alone', () => {
    expect(
      eventOf(change('instagram', 'mentions', { media_id: '18', comment_id: '179' })),
    ).toMatchObject({
      kind: 'mention',
      dedupeKey: 'mention:179:add',
      contact: null,
      providerId: '179',
      postId: '18',
    });
    expect(eventOf(change('instagram', 'mentions', { media_id: '18' }))).toMatchObject({
      providerId: '18',
      postId: '18',
    });
  });
});

describe('a comment on Instagram', () => {
  const value = {
    id: '179',
    from: { id: PERSON, username: 'cliente.teste' },
    text: 'Quanto custa?',
    media: { id: '18', media_product_type: 'FEED' },
    parent_id: '178',
  };
  const expected = {
    kind: 'comment',
    channel: 'instagram',
    accountExternalId: ACCOUNT,
    dedupeKey: 'comment:179:add',
    occurredAt: SECONDS * 1000,
    contact: { externalId: PERSON, username: 'cliente.teste' },
    providerId: '179',
    text: 'Quanto custa?',
    postId: '18',
    parentId: '178',
    verb: 'add',
    referral: null,
  };

  it.each(['comments', 'live_comments'])('arrives in field %s', (field) => {
    expect(eventOf(change('instagram', field, value))).toMatchObject(expected);
  });

  it('arrives flat in the entry, too', () => {
    const body = {
      object: 'instagram',
      entry: [{ id: ACCOUNT, time: SECONDS, field: 'comments', value }],
    };
    expect(eventOf(body)).toMatchObject(expected);
  });

  it('on an ad says which', () => {
    const media = { id: '18', media_product_type: 'AD', ad_id: '60', ad_title: 'Limpeza' };
    expect(eventOf(change('instagram', 'comments', { ...value, media }))).toMatchObject({
      referral: { type: 'ad', id: '60', headline: 'Limpeza' },
    });
  });

  it('may come without author and post, as the samples of the dashboard do', () => {
    const sample = { text: 'This is an example.', id: '17865799348089039' };
    const body = {
      object: 'instagram',
      entry: [{ id: '0', time: SECONDS, changes: [{ field: 'comments', value: sample }] }],
    };
    expect(eventOf(body)).toMatchObject({
      kind: 'comment',
      accountExternalId: '0',
      contact: null,
      postId: null,
    });
  });

  it("is nothing when it is the account's own answer", () => {
    const own = { ...value, from: { id: ACCOUNT, username: 'clinica' } };
    expect(parseMetaWebhook(change('instagram', 'comments', own))).toEqual({
      events: [],
      foreign: false,
    });
  });
});

describe('the status of a template', () => {
  const value = {
    event: 'APPROVED',
    message_template_id: 102295129340398,
    message_template_name: 'lembrete_consulta',
    message_template_language: 'pt_BR',
    reason: 'NONE',
  };

  it('is told with name, language and reason', () => {
    expect(eventOf(change('page', 'message_template_status_update', value))).toMatchObject({
      kind: 'templateStatus',
      dedupeKey: `templateStatus:102295129340398:pt_BR:APPROVED:${SECONDS * 1000}`,
      templateName: 'lembrete_consulta',
      language: 'pt_BR',
      status: 'APPROVED',
      reason: null,
    });
    const rejected = { ...value, event: 'REJECTED', reason: 'ABUSIVE_CONTENT' };
    expect(eventOf(change('page', 'message_template_status_update', rejected))).toMatchObject({
      status: 'REJECTED',
      reason: 'ABUSIVE_CONTENT',
    });
  });
});

describe('samples of the dashboard', () => {
  const item = {
    sender: { id: '12334' },
    recipient: { id: '23245' },
    timestamp: '1527459824',
    message: { mid: 'test_message_id', text: 'test_message' },
  };

  it('send a message as a change', () => {
    expect(eventOf(change('instagram', 'messages', item))).toMatchObject({
      kind: 'message',
      contact: { externalId: '12334' },
      text: 'test_message',
      occurredAt: 1_527_459_824_000,
    });
  });

  it('come without anything around them, alone or in a list', () => {
    const bare = { field: 'messages', value: item };
    for (const body of [
      bare,
      [bare],
      [{ object: 'instagram', entry: [{ id: '0', time: SECONDS, changes: [bare] }] }],
    ]) {
      expect(eventOf(body)).toMatchObject({
        kind: 'message',
        accountExternalId: '0',
        channel: 'instagram',
      });
      expect(parseMetaWebhook(body).foreign).toBe(false);
    }
  });
});

describe('a change that nobody knows', () => {
  it('is kept as it came, with the name of its field', () => {
    const insights = { media_id: '18', exits: 1 };
    const body = change('instagram', 'story_insights', insights);
    expect(eventOf(body)).toMatchObject({
      kind: 'unrecognised',
      what: 'story_insights',
      raw: { field: 'story_insights', value: insights },
      occurredAt: SECONDS * 1000,
    });
  });

  it.each([
    [null],
    ['text'],
    [[]],
    [{}],
    [{ field: 7 }],
    [{ field: 'comments' }],
    [{ field: 'comments', value: 3 }],
  ])('or is malformed (%j) does not lose its neighbours', (odd) => {
    const good = { field: 'comments', value: { id: '1', text: 'oi' } };
    const body = {
      object: 'instagram',
      entry: [{ id: ACCOUNT, time: SECONDS, changes: [odd, good] }],
    };
    const kinds = parseMetaWebhook(body).events.map(({ kind }) => kind);
    expect(kinds).toEqual(['unrecognised', 'comment']);
  });

  it('counts again when it comes again at another time', () => {
    const at = (time: number) => {
      const body = change('instagram', 'story_insights', { media_id: '18' });
      return eventOf({ ...body, entry: [{ ...body.entry[0], time }] }).dedupeKey;
    };
    expect(at(SECONDS)).toBe(at(SECONDS));
    expect(at(SECONDS)).not.toBe(at(SECONDS + 1));
    expect(AT).toBeGreaterThan(SECONDS);
  });
});
