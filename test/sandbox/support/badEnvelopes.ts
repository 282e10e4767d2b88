import { send, action, type BadRequest } from './badRequestRows.ts';

/** Sections B.1, B.3, B.5, B.7: recipient, type, tag, window, actions. */
export const ENVELOPE: BadRequest[] = [
  send('no recipient (B.1)', 'messenger', { recipient: undefined }, 100),
  send(
    'two recipients in one (B.1)',
    'messenger',
    { recipient: { id: '{person}', user_ref: 'r' } },
    100,
  ),
  send('an undocumented recipient key', 'messenger', { recipient: { psid: '{person}' } }, 100, {
    own: true,
  }),
  send('an undocumented top-level field', 'messenger', { persona_id: '1' }, 100, { own: true }),
  send(
    'a person who never wrote, Messenger (B.7)',
    'messenger',
    { recipient: { id: '{stranger}' } },
    100,
    { subcode: 2018001 },
  ),
  send(
    'a person who never wrote, Instagram (B.7)',
    'instagram',
    { recipient: { id: '{stranger}' } },
    100,
    { subcode: 2534014 },
  ),
  send('no messaging_type on Messenger (B.1)', 'messenger', { messaging_type: undefined }, 100),
  send('an unknown messaging_type (B.1)', 'messenger', { messaging_type: 'PROMO' }, 100),
  send('UTILITY on Instagram (B.2)', 'instagram', { messaging_type: 'UTILITY' }, 100),
  send(
    'UTILITY where Brazil is not on the list (B.6)',
    'messenger',
    { messaging_type: 'UTILITY' },
    100,
    { own: true },
  ),
  send('MESSAGE_TAG without a tag (B.1)', 'messenger', { messaging_type: 'MESSAGE_TAG' }, 100),
  send('a tag without MESSAGE_TAG (B.1)', 'messenger', { tag: 'HUMAN_AGENT' }, 100),
  ...['CONFIRMED_EVENT_UPDATE', 'ACCOUNT_UPDATE', 'POST_PURCHASE_UPDATE'].map((tag) =>
    send(`the retired tag ${tag} (B.5)`, 'messenger', { messaging_type: 'MESSAGE_TAG', tag }, 100),
  ),
  send(
    'CUSTOMER_FEEDBACK on Instagram (B.5)',
    'instagram',
    { messaging_type: 'MESSAGE_TAG', tag: 'CUSTOMER_FEEDBACK' },
    100,
  ),
  send('notification_type on Instagram (B.1)', 'instagram', { notification_type: 'REGULAR' }, 100),
  send('an unknown notification_type (B.1)', 'messenger', { notification_type: 'LOUD' }, 100),
  send('reply_to a message of nobody (B.1)', 'messenger', { reply_to: { mid: 'm_nothing' } }, 100),
  send('user_ref on Instagram (B.1)', 'instagram', { recipient: { user_ref: 'r' } }, 100, {
    subcode: 2018001,
  }),
  send('outside 24 hours, Messenger (B.7)', 'messenger', {}, 10, {
    subcode: 2018278,
    before: (h) => h.control('POST', '/clock', { advanceMs: 24 * 3_600_000 + 60_000 }),
  }),
  send('outside 24 hours, Instagram (B.7)', 'instagram', {}, 10, {
    subcode: 2534022,
    before: (h) => h.control('POST', '/clock', { advanceMs: 24 * 3_600_000 + 60_000 }),
  }),
  send('a person who has blocked the account (B.7)', 'instagram', {}, 100, {
    subcode: 2534029,
    before: (h) =>
      h.control('PATCH', `/personas/${h.person('instagram')}`, { unreachable: 'blocked' }),
  }),
  send('a person who is not available (B.7)', 'messenger', {}, 551, {
    subcode: 1545041,
    before: (h) =>
      h.control('PATCH', `/personas/${h.person('messenger')}`, { unreachable: 'unavailable' }),
  }),
  send('a person who cannot receive (B.7)', 'messenger', {}, 10, {
    subcode: 2018108,
    before: (h) =>
      h.control('PATCH', `/personas/${h.person('messenger')}`, { unreachable: 'cannotReceive' }),
  }),
  send('an archived thread (B.7)', 'instagram', {}, 2534001, {
    before: (h) =>
      h.control('PATCH', `/personas/${h.person('instagram')}`, { unreachable: 'threadArchived' }),
  }),
  send('an app in development (B.7)', 'messenger', {}, 200, {
    subcode: 2018028,
    before: (h) => h.control('PATCH', `/apps/${h.seed.app.id}`, { mode: 'development' }),
  }),
  send('a token without pages_messaging (B.7)', 'messenger', {}, 200, {
    subcode: 2018027,
    before: (h) =>
      h.control('PATCH', `/tokens/${h.seed.pageAccessToken}`, { scopes: ['pages_show_list'] }),
  }),
  send('a token without instagram_manage_messages (B.7)', 'instagram', {}, 200, {
    subcode: 2018300,
    before: (h) =>
      h.control('PATCH', `/tokens/${h.seed.pageAccessToken}`, { scopes: ['pages_messaging'] }),
  }),
  send('an account that does not allow access to messages (B.7)', 'instagram', {}, 200, {
    subcode: 2534041,
    before: (h) =>
      h.control('PATCH', `/accounts/${h.seed.instagramAccount.id}`, {
        allowAccessToMessages: false,
      }),
  }),
  send(
    'a user token where a Page token is due (A.7)',
    'messenger',
    { access_token: '{userToken}' },
    210,
  ),
  send(
    'a comment that does not exist (B.4)',
    'messenger',
    { recipient: { comment_id: '1_2' } },
    100,
  ),
  action('an unknown sender action (B.3)', 'messenger', { sender_action: 'wave' }),
  action('a sender action together with a message (B.3)', 'messenger', {
    sender_action: 'typing_on',
    message: { text: 'Oi' },
  }),
  action('a sender action together with messaging_type (B.3)', 'instagram', {
    sender_action: 'typing_on',
    messaging_type: 'RESPONSE',
  }),
  action('react on Messenger (B.3)', 'messenger', {
    sender_action: 'react',
    payload: { message_id: '{mid}', reaction: 'love' },
  }),
  action('a reaction that is not documented (B.3)', 'instagram', {
    sender_action: 'react',
    payload: { message_id: '{mid}', reaction: 'angry' },
  }),
  action('a reaction to nothing (B.3)', 'instagram', {
    sender_action: 'react',
    payload: { message_id: 'aWdf', reaction: 'love' },
  }),
];
