import { eventOf } from './support/parsing';
import { ACCOUNT, AT, PAGE, PERSON, between, instagramItem, pageItem } from './support/payloads';

const contact = { externalId: PERSON };
const message = (part: object) => pageItem({ message: { mid: 'm_1', ...part } });

describe('a message', () => {
  it('of text has everything a workflow needs, and its raw object', () => {
    expect(eventOf(message({ text: 'Olá, quero agendar' }))).toEqual({
      provider: 'meta',
      channel: 'messenger',
      accountExternalId: PAGE,
      dedupeKey: 'message:m_1',
      occurredAt: AT,
      kind: 'message',
      contact,
      providerId: 'm_1',
      type: 'text',
      text: 'Olá, quero agendar',
      attachments: [],
      buttonPayload: null,
      replyTo: null,
      referral: null,
      standby: false,
      raw: between(PAGE, { message: { mid: 'm_1', text: 'Olá, quero agendar' } }),
    });
  });

  it('of Instagram belongs to the Instagram account', () => {
    expect(eventOf(instagramItem({ message: { mid: 'aW', text: '😀' } }))).toMatchObject({
      channel: 'instagram',
      accountExternalId: ACCOUNT,
      text: '😀',
    });
  });

  it('by quick reply carries the payload', () => {
    expect(eventOf(message({ text: 'Manhã', quick_reply: { payload: 'AM' } }))).toMatchObject({
      type: 'text',
      text: 'Manhã',
      buttonPayload: 'AM',
    });
  });

  it('that answers a message or a story says which', () => {
    expect(eventOf(message({ text: 'essa', reply_to: { mid: 'm_0' } }))).toMatchObject({
      replyTo: { providerId: 'm_0' },
    });
    const story = { id: '18', url: 'https://cdn.example/s' };
    expect(eventOf(message({ text: 'amei', reply_to: { story } }))).toMatchObject({
      replyTo: { storyId: '18' },
    });
  });

  it('with a story keeps no address of its media, not in the raw object either', () => {
    const url = 'https://lookaside.example/?asset_id=1';
    const events = [
      eventOf(message({ text: 'amei', reply_to: { story: { id: '18', url } } })),
      eventOf(message({ attachments: [{ type: 'story_mention', payload: { url } }] })),
      eventOf(message({ attachments: { type: 'ig_story', url, payload: null } })),
    ];
    expect(events.map(({ kind }) => kind)).toEqual(['message', 'message', 'message']);
    expect(JSON.stringify(events)).not.toContain('lookaside');
    expect(events[0]).toMatchObject({ raw: { message: { reply_to: { story: { id: '18' } } } } });
  });

  it.each([
    ['image', 'image', 'image'],
    ['video', 'video', 'video'],
    ['audio', 'audio', 'audio'],
    ['file', 'file', 'file'],
    ['template', 'template', 'template'],
    ['reel', 'share', 'share'],
    ['ig_reel', 'share', 'share'],
    ['ig_post', 'share', 'share'],
    ['share', 'share', 'share'],
    ['media', 'share', 'share'],
    ['story_mention', 'story', 'story'],
    ['ig_story', 'story', 'story'],
    ['fallback', 'fallback', 'share'],
    ['ephemeral', 'unsupported', 'unsupported'],
    ['unsupported_type', 'unsupported', 'unsupported'],
    ['constructor', 'unsupported', 'unsupported'],
    ['hologram', 'unsupported', 'unsupported'],
  ])('with attachment %s is of type %s', (type, attachmentType, messageType) => {
    const attachments = [{ type, payload: { url: 'https://cdn.example/x' } }];
    expect(eventOf(message({ attachments }))).toMatchObject({
      type: messageType,
      text: null,
      attachments: [
        // The address of a story must not be kept.
        attachmentType === 'story'
          ? { type: attachmentType }
          : { type: attachmentType, url: 'https://cdn.example/x' },
      ],
    });
  });

  it('keeps every attachment, and is named after the first', () => {
    const attachments = ['audio', 'image'].map((type) => ({ type, payload: { url: `u:${type}` } }));
    expect(eventOf(message({ attachments }))).toMatchObject({
      type: 'audio',
      attachments: [
        { type: 'audio', url: 'u:audio' },
        { type: 'image', url: 'u:image' },
      ],
    });
  });

  it('with a sticker is a sticker, not a picture', () => {
    const image = { type: 'image', payload: { url: 'u', sticker_id: 369239263222822 } };
    expect(eventOf(message({ attachments: [image], sticker_id: 369239263222822 }))).toMatchObject({
      type: 'sticker',
      attachments: [{ type: 'sticker', url: 'u', providerMediaId: '369239263222822' }],
    });
  });

  it('with a place has its coordinates', () => {
    const place = {
      type: 'location',
      title: 'Local fixado',
      url: 'https://l.example/maps',
      payload: { coordinates: { lat: -23.55, long: -46.63 } },
    };
    expect(eventOf(message({ attachments: [place] }))).toMatchObject({
      type: 'location',
      attachments: [
        {
          type: 'location',
          title: 'Local fixado',
          url: 'https://l.example/maps',
          latitude: -23.55,
          longitude: -46.63,
        },
      ],
    });
  });

  it('with a link preview beside its words stays a text', () => {
    const preview = { type: 'fallback', title: 'Exemplo', url: 'https://e.example', payload: null };
    expect(eventOf(message({ text: 'https://e.example', attachments: [preview] }))).toMatchObject({
      type: 'text',
      attachments: [{ type: 'fallback', title: 'Exemplo', url: 'https://e.example' }],
    });
  });

  it('with a shared post names the post', () => {
    const post = { type: 'ig_post', payload: { ig_post_media_id: '18', title: 'Promo', url: 'u' } };
    expect(eventOf(message({ attachments: [post] }))).toMatchObject({
      attachments: [{ type: 'share', providerMediaId: '18', title: 'Promo', url: 'u' }],
    });
  });

  it('that Meta cannot show is unsupported, and still a message', () => {
    expect(eventOf(message({ is_unsupported: true }))).toMatchObject({
      kind: 'message',
      type: 'unsupported',
    });
    expect(eventOf(message({}))).toMatchObject({ kind: 'message', type: 'unsupported' });
  });

  it.each([
    [
      {
        ref: 'nov',
        source: 'ADS',
        type: 'OPEN_THREAD',
        ad_id: '60',
        ads_context_data: { ad_title: 'Avaliação', photo_url: 'https://p.example' },
      },
      { type: 'ad', id: '60', ref: 'nov', headline: 'Avaliação', url: 'https://p.example' },
    ],
    [{ product: { id: 'P1' } }, { type: 'product', id: 'P1' }],
    [
      { ref: 'bio', source: 'SHORTLINKS' },
      { type: 'link', ref: 'bio' },
    ],
    [
      { ref: 'bio', source: 'SHORTLINK' },
      { type: 'link', ref: 'bio' },
    ],
    [
      { ref: null, source: 'CUSTOMER_CHAT_PLUGIN', referer_uri: 'https://site.example' },
      { type: 'customer_chat_plugin', url: 'https://site.example' },
    ],
    [{}, { type: 'unknown' }],
  ])('with referral %j says where it came from', (referral, expected) => {
    const { referral: seen } = eventOf(message({ text: 'oi', referral })) as { referral: unknown };
    expect(seen).toEqual(expected);
  });

  it('in standby says that another app holds the conversation', () => {
    expect(eventOf(pageItem({ message: { mid: 'm_1', text: 'oi' } }, 'standby'))).toMatchObject({
      kind: 'message',
      dedupeKey: 'message:m_1',
      standby: true,
    });
  });

  it('to oneself is none of a customer', () => {
    const note = {
      sender: { id: ACCOUNT },
      recipient: { id: ACCOUNT },
      message: { mid: 'm', text: 'x' },
    };
    expect(
      eventOf(instagramItem({ message: { mid: 'm', text: 'x', is_self: true } })),
    ).toMatchObject({
      kind: 'activity',
      field: 'messages',
      isOwn: true,
    });
    expect(eventOf(instagramItem(note))).toMatchObject({ kind: 'activity', isOwn: true });
  });
});

describe('an echo', () => {
  const echo = { sender: { id: PAGE }, recipient: { id: PERSON } };

  it('belongs to the person it was sent to and returns our marker', () => {
    const part = {
      mid: 'm_e',
      text: 'Às 15h',
      is_echo: true,
      app_id: 555000111222333,
      metadata: 'ours',
    };
    expect(eventOf(pageItem({ ...echo, message: part }))).toMatchObject({
      kind: 'echo',
      dedupeKey: 'echo:m_e',
      contact,
      providerId: 'm_e',
      type: 'text',
      text: 'Às 15h',
      metadata: 'ours',
      senderAppId: '555000111222333',
    });
  });

  it('of a person in the inbox has neither app nor marker', () => {
    expect(
      eventOf(pageItem({ ...echo, message: { mid: 'm', text: 'x', is_echo: true } })),
    ).toMatchObject({
      kind: 'echo',
      metadata: null,
      senderAppId: null,
    });
  });

  it('of a button template has the words of the template', () => {
    const payload = { template_type: 'button', text: 'Confirma?', buttons: [] };
    const part = { mid: 'm', is_echo: true, attachments: [{ type: 'template', payload }] };
    expect(eventOf(pageItem({ ...echo, message: part }))).toMatchObject({
      type: 'template',
      text: null,
      attachments: [{ type: 'template', title: 'Confirma?' }],
    });
    const generic = { template_type: 'generic', elements: [{ title: 'Limpeza' }] };
    const other = { ...part, attachments: [{ type: 'template', payload: generic }] };
    expect(eventOf(pageItem({ ...echo, message: other }))).toMatchObject({
      attachments: [{ title: 'Limpeza' }],
    });
  });

  it('is whatever the account itself sent, flagged or not', () => {
    expect(eventOf(pageItem({ ...echo, message: { mid: 'm', text: 'x' } }))).toMatchObject({
      kind: 'echo',
      contact,
    });
  });

  it('is one although sender and recipient are not swapped', () => {
    expect(eventOf(message({ text: 'x', is_echo: true }))).toMatchObject({ kind: 'echo', contact });
  });
});

describe('what happens to a message', () => {
  it('a withdrawal', () => {
    expect(eventOf(message({ is_deleted: true }))).toMatchObject({
      kind: 'delete',
      dedupeKey: 'delete:m_1',
      targetProviderId: 'm_1',
      contact,
    });
  });

  it('an edit: each one counts once', () => {
    const edit = (num_edit: unknown) =>
      pageItem({ message_edit: { mid: 'm_1', text: 'outro', num_edit } });
    expect(eventOf(edit(1))).toMatchObject({
      kind: 'edit',
      dedupeKey: 'edit:m_1:1',
      targetProviderId: 'm_1',
      text: 'outro',
    });
    expect(eventOf(edit('37'))).toMatchObject({ dedupeKey: 'edit:m_1:37' });
  });

  it('a reaction and its withdrawal are two events', () => {
    const react = (part: object) => pageItem({ reaction: { mid: 'm_1', ...part } });
    expect(eventOf(react({ action: 'react', reaction: 'love', emoji: '❤️' }))).toMatchObject({
      kind: 'reaction',
      dedupeKey: `reaction:m_1:${PERSON}:react:${AT}`,
      targetProviderId: 'm_1',
      action: 'react',
      reaction: 'love',
      emoji: '❤️',
      contact,
    });
    expect(eventOf(react({ action: 'unreact' }))).toMatchObject({
      dedupeKey: `reaction:m_1:${PERSON}:unreact:${AT}`,
      action: 'unreact',
      reaction: null,
      emoji: null,
    });
  });

  it('delivery, up to a time', () => {
    const delivery = { mids: ['m_1', 'm_2'], watermark: AT + 1 };
    expect(eventOf(pageItem({ delivery }))).toMatchObject({
      kind: 'delivery',
      dedupeKey: `delivery:${PERSON}:${AT + 1}`,
      providerIds: ['m_1', 'm_2'],
      watermark: AT + 1,
      contact,
    });
  });

  it('reading: up to a time on Messenger, one message on Instagram', () => {
    expect(eventOf(pageItem({ read: { watermark: AT + 2 } }))).toMatchObject({
      kind: 'read',
      dedupeKey: `read:${PERSON}:${AT + 2}`,
      providerIds: [],
      watermark: AT + 2,
    });
    expect(eventOf(instagramItem({ read: { mid: 'aW' } }))).toMatchObject({
      kind: 'read',
      dedupeKey: `read:${PERSON}:aW`,
      providerIds: ['aW'],
      watermark: null,
    });
  });
});

describe('a tap, a link, a wish', () => {
  it('a postback', () => {
    const postback = { mid: 'm_p', title: 'Confirmar', payload: 'CONFIRM:9' };
    expect(eventOf(pageItem({ postback }))).toMatchObject({
      kind: 'postback',
      dedupeKey: 'postback:m_p',
      providerId: 'm_p',
      title: 'Confirmar',
      payload: 'CONFIRM:9',
      referral: null,
      contact,
    });
  });

  it('a postback without an id is told apart by person, time and payload', () => {
    const key = (payload: string) => eventOf(pageItem({ postback: { payload } })).dedupeKey;
    expect(key('A')).toMatch(new RegExp(`^postback:${PERSON}:${AT}:[0-9a-f]{32}$`));
    expect(key('A')).toBe(key('A'));
    expect(key('B')).not.toBe(key('A'));
    // However long the payload is, the key fits into an index.
    expect(key('😀'.repeat(1000)).length).toBeLessThan(100);
  });

  it('a postback by Get Started says where the person came from', () => {
    const referral = { ref: 'site', source: 'SHORTLINK', type: 'OPEN_THREAD' };
    const postback = { title: 'Começar', payload: 'GET_STARTED', referral };
    expect(eventOf(pageItem({ postback }))).toMatchObject({
      providerId: null,
      referral: { type: 'link', ref: 'site' },
    });
  });

  it('a postback in standby is stored as a message that no automation may answer', () => {
    expect(
      eventOf(pageItem({ postback: { title: 'Sim', payload: 'Y' } }, 'standby')),
    ).toMatchObject({
      kind: 'message',
      type: 'postback',
      standby: true,
      text: 'Sim',
      buttonPayload: 'Y',
      providerId: expect.stringMatching(/^postback:/),
    });
  });

  it('a referral of its own', () => {
    expect(eventOf(pageItem({ referral: { ref: 'qr', source: 'SHORTLINK' } }))).toMatchObject({
      kind: 'referral',
      referral: { type: 'link', ref: 'qr' },
      contact,
    });
  });

  it('an opt-in, also of somebody who is not a contact yet', () => {
    const optin = { type: 'notification_messages', payload: 'LEMBRETES' };
    expect(eventOf(pageItem({ optin }))).toMatchObject({
      kind: 'optin',
      contact,
      payload: 'LEMBRETES',
      details: optin,
    });
    const checkbox = { sender: undefined, optin: { ref: 'form', user_ref: 'r-1' } };
    expect(eventOf(pageItem(checkbox))).toMatchObject({
      kind: 'optin',
      contact: null,
      payload: 'form',
    });
  });
});

describe('who holds the conversation', () => {
  const pass = {
    previous_owner_app_id: 263902037430900,
    new_owner_app_id: '555',
    metadata: 'volta',
  };

  it('passed, taken, asked for', () => {
    expect(eventOf(pageItem({ pass_thread_control: pass }))).toMatchObject({
      kind: 'handover',
      action: 'pass',
      contact,
      newOwnerAppId: '555',
      previousOwnerAppId: '263902037430900',
      metadata: 'volta',
    });
    expect(
      eventOf(instagramItem({ take_thread_control: { ...pass, metadata: '' } })),
    ).toMatchObject({
      action: 'take',
      metadata: null,
    });
    const request = { requested_owner_app_id: '777', metadata: 'humano' };
    expect(eventOf(pageItem({ request_thread_control: request }))).toMatchObject({
      action: 'request',
      newOwnerAppId: '777',
      previousOwnerAppId: null,
    });
  });

  it('roles of the apps, of nobody in particular', () => {
    const item = { sender: undefined, app_roles: { '555': ['primary_receiver'] } };
    expect(eventOf(pageItem(item))).toMatchObject({
      kind: 'handover',
      action: 'roles',
      contact: null,
    });
  });
});

describe('what concerns the account', () => {
  it.each(['policy_enforcement', 'policy-enforcement'])('%s', (name) => {
    const item = { sender: undefined, [name]: { action: 'block', reason: 'Policy' } };
    expect(eventOf(pageItem(item))).toMatchObject({
      kind: 'policy',
      action: 'block',
      reason: 'Policy',
      dedupeKey: expect.stringContaining(`${AT}`),
    });
  });

  it('whatever comes next is kept as it came', () => {
    expect(eventOf(pageItem({ hologram: { x: 1 } }))).toMatchObject({
      kind: 'unrecognised',
      what: 'hologram',
      raw: between(PAGE, { hologram: { x: 1 } }),
      occurredAt: AT,
    });
  });
});

describe('what a person does beside writing', () => {
  it('linking their login is told with its code, and the end of it', () => {
    const linking = { account_linking: { status: 'linked', authorization_code: 'A' } };
    expect(eventOf(pageItem(linking))).toMatchObject({
      kind: 'accountLink',
      contact,
      status: 'linked',
      authorizationCode: 'A',
      occurredAt: AT,
    });
    expect(eventOf(pageItem({ account_linking: { status: 'unlinked' } }))).toMatchObject({
      status: 'unlinked',
      authorizationCode: null,
    });
    expect(eventOf(pageItem({ account_linking: { status: 'dancing' } }))).toMatchObject({
      kind: 'unrecognised',
    });
  });

  it('a rating has its figure and its words', () => {
    const question = {
      type: 'csat',
      payload: '4',
      follow_up: { type: 'free_form', payload: 'Bom' },
    };
    const form = { feedback_screens: [{ screen_id: 0, questions: { q1: question } }] };
    expect(eventOf(pageItem({ messaging_feedback: form }))).toMatchObject({
      kind: 'feedback',
      contact,
      rating: 4,
      comment: 'Bom',
    });
    const recommends = {
      feedback_screens: [{ questions: { q1: { type: 'nps', payload: '9' } } }],
    };
    expect(eventOf(pageItem({ messaging_feedback: recommends }))).toMatchObject({
      rating: 9,
      best: 10,
    });
    expect(eventOf(pageItem({ messaging_feedback: { feedback_screens: [] } }))).toMatchObject({
      kind: 'activity',
      field: 'messaging_feedback',
    });
  });

  it.each(['game_play', 'response_feedback', 'payment', 'pre_checkout', 'checkout_update', 'cart'])(
    '%s is activity of theirs',
    (key) => {
      expect(eventOf(pageItem({ [key]: { payload: '{}' } }))).toMatchObject({
        kind: 'activity',
        field: key,
        contact,
      });
    },
  );
});
