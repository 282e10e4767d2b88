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

  it('counts once when a boosted post reports it twice', () => {
    const key = (time: number) => {
      const body = change('page', 'feed', comment);
      return eventOf({ ...body, entry: [{ ...body.entry[0], time }] }).dedupeKey;
    };
    expect(key(1_795_000_001)).toBe(key(1_795_000_002));
  });

  it.each(['edited', 'edit', 'remove', 'hide', 'unhide'])(
    'is no new comment when it is reported for "%s", and each such report counts',
    (verb) => {
      const of = (time: number) => {
        const body = change('page', 'feed', { ...comment, verb });
        return eventOf({ ...body, entry: [{ ...body.entry[0], time }] });
      };
      expect(of(1_795_000_001)).toMatchObject({
        kind: 'activity',
        field: 'feed',
        item: 'comment',
        verb,
        providerId: comment.comment_id,
        postId: comment.post_id,
        text: 'Qual o valor?',
        isOwn: false,
      });
      expect(of(1_795_000_001).dedupeKey).not.toBe(of(1_795_000_002).dedupeKey);
      expect(of(1_795_000_001).dedupeKey).toBe(of(1_795_000_001).dedupeKey);
    },
  );

  it("is activity when it is the Page's own, so that nothing answers it", () => {
    for (const own of [{ from: { id: PAGE } }, { from: undefined, sender_id: Number(PAGE) }]) {
      expect(eventOf(change('page', 'feed', { ...comment, ...own }))).toMatchObject({
        kind: 'activity',
        item: 'comment',
        isOwn: true,
      });
    }
  });
});

describe('other news of the feed', () => {
  const from = { id: '8001', name: 'Cliente Teste' };

  it.each([
    { item: 'reaction', verb: 'add', reaction_type: 'love', post_id: '1_2', from },
    { item: 'post', verb: 'edited', post_id: '1_2', from },
    { item: 'status', verb: 'add', post_id: '1_2', message: 'Olá', from },
    { item: 'album', verb: 'add', album_id: 7, from },
    { item: 'share', verb: 'hide', share_id: 7, from },
    { item: 'comment', verb: 'add', from },
    {},
  ])('%j are activity', (value) => {
    const { item = null, verb = null } = value as { item?: string; verb?: string };
    expect(eventOf(change('page', 'feed', value))).toMatchObject({
      kind: 'activity',
      field: 'feed',
      item,
      verb,
      isOwn: false,
    });
  });

  it('of the account itself say so', () => {
    const value = { item: 'photo', verb: 'add', post_id: '1_2', from: { id: PAGE } };
    expect(eventOf(change('page', 'feed', value))).toMatchObject({ isOwn: true, postId: '1_2' });
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

  it.each([
    { from: { id: ACCOUNT, username: 'clinica' } },
    { from: { id: '1784', self_ig_scoped_id: '55', username: 'clinica' } },
  ])("is activity when it is the account's own answer (%j)", (own) => {
    expect(eventOf(change('instagram', 'comments', { ...value, ...own }))).toMatchObject({
      kind: 'activity',
      field: 'comments',
      providerId: '179',
      isOwn: true,
    });
  });

  it('counts once, though a boosted post reports it for the post and for the ad', () => {
    const media = { id: '19', media_product_type: 'AD', ad_id: '60', original_media_id: '18' };
    const keys = [value, { ...value, media }].map(
      (each) => eventOf(change('instagram', 'comments', each)).dedupeKey,
    );
    expect(new Set(keys).size).toBe(1);
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

describe('figures, forms and what the account says of itself', () => {
  it.each([
    ['instagram', 'story_insights', { media_id: '18', exits: 1 }, { postId: '18' }],
    [
      'page',
      'leadgen',
      { leadgen_id: 444, form_id: 5, created_time: SECONDS },
      { providerId: '444' },
    ],
    ['page', 'ratings', { item: 'rating', verb: 'add', review_text: 'Bom' }, { item: 'rating' }],
    ['page', 'website', 'https://clinica.example', {}],
    ['page', 'picture', null, {}],
  ] as const)('are activity: %s %s', (object, field, value, facts) => {
    expect(eventOf(change(object, field, value))).toMatchObject({
      kind: 'activity',
      field,
      ...facts,
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

describe('a field of messaging that comes as a change', () => {
  const item = (part: object) => ({
    sender: { id: PERSON },
    recipient: { id: ACCOUNT },
    timestamp: AT,
    ...part,
  });
  const pass = { pass_thread_control: { new_owner_app_id: '1', metadata: 'm' } };

  it.each([
    ['messages', { message: { mid: 'm', text: 'x' } }, 'message'],
    ['messaging_postbacks', { postback: { mid: 'm', payload: 'P' } }, 'postback'],
    ['message_reactions', { reaction: { mid: 'm', action: 'react' } }, 'reaction'],
    ['messaging_seen', { read: { mid: 'm' } }, 'read'],
    ['messaging_seen', { seen: { mid: 'm' } }, 'read'],
    ['message_reads', { read: { watermark: AT } }, 'read'],
    ['message_deliveries', { delivery: { mids: ['m'] } }, 'delivery'],
    ['message_edits', { message_edit: { mid: 'm', text: 'y', num_edit: '2' } }, 'edit'],
    ['message_edits', { message_edits: { mid: 'm', text: 'y' } }, 'edit'],
    ['messaging_referral', { referral: { ref: 'r' } }, 'referral'],
    ['messaging_referrals', { messaging_referrals: { ref: 'r' } }, 'referral'],
    ['messaging_handover', pass, 'handover'],
    ['messaging_handovers', { messaging_handovers: pass }, 'handover'],
    ['messaging_optins', { optin: { ref: 'r' } }, 'optin'],
    ['messaging_account_linking', { account_linking: { status: 'linked' } }, 'accountLink'],
    ['messaging_policy_enforcement', { policy_enforcement: { action: 'warning' } }, 'policy'],
    ['messaging_game_plays', { game_play: { game_id: '1', payload: '{}' } }, 'activity'],
    ['response_feedback', { response_feedback: { feedback: 'Good', mid: 'm' } }, 'activity'],
  ])('%s %j', (field, part, kind) => {
    expect(eventOf(change('instagram', field, item(part)))).toMatchObject({ kind });
    const flat = {
      object: 'instagram',
      entry: [{ id: ACCOUNT, time: SECONDS, field, value: item(part) }],
    };
    expect(eventOf(flat)).toMatchObject({ kind });
  });

  it('standby says that another app is to answer', () => {
    const value = item({ message: { mid: 'm', text: 'x' } });
    expect(eventOf(change('page', 'standby', value))).toMatchObject({ standby: true });
  });
});

describe('a change that nobody knows', () => {
  it('is kept as it came, with the name of its field', () => {
    const value = { hologram: 1 };
    expect(eventOf(change('instagram', 'holograms', value))).toMatchObject({
      kind: 'unrecognised',
      what: 'holograms',
      raw: { field: 'holograms', value },
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
      const body = change('instagram', 'holograms', { media_id: '18' });
      return eventOf({ ...body, entry: [{ ...body.entry[0], time }] }).dedupeKey;
    };
    expect(at(SECONDS)).toBe(at(SECONDS));
    expect(at(SECONDS)).not.toBe(at(SECONDS + 1));
    expect(AT).toBeGreaterThan(SECONDS);
  });
});
