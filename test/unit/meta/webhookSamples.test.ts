/**
 * The collected samples and recordings of the vendor's payloads, where the folder beside the project holds
 * them. They are not part of the project; the other suites of this folder stand on their own.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parseMetaWebhook } from '../../../core/providers/meta';

const SHARED = path.resolve(__dirname, '../../../../shared');
const isThere = existsSync(path.join(SHARED, 'samples'));
const list = (folder: string, names: RegExp) =>
  readdirSync(path.join(SHARED, folder)).filter((name) => names.test(name));
const parse = (folder: string, name: string) =>
  parseMetaWebhook(JSON.parse(readFileSync(path.join(SHARED, folder, name), 'utf8')), 1);

const PERSON = { externalId: '7001002003004005' };
const IG_PERSON = { externalId: '900100200300400' };

/** What each sample is, in the fields that matter most for it. */
const SAMPLES: Record<string, object> = {
  page_text: {
    kind: 'message',
    type: 'text',
    text: 'Olá, quero agendar',
    contact: PERSON,
    standby: false,
  },
  page_quick_reply: { kind: 'message', text: 'Manhã', buttonPayload: 'TURNO_MANHA' },
  page_reply_to: { kind: 'message', replyTo: { providerId: 'm_FAKEmid0001' } },
  page_attachments: {
    kind: 'message',
    type: 'image',
    attachments: [{ type: 'image' }, { type: 'audio' }, { type: 'video' }, { type: 'file' }],
  },
  page_sticker: { kind: 'message', type: 'sticker' },
  page_location: {
    kind: 'message',
    type: 'location',
    attachments: [{ latitude: -23.55, longitude: -46.63 }],
  },
  page_fallback: { kind: 'message', type: 'text', attachments: [{ type: 'fallback' }] },
  page_ad_referral_message: { kind: 'message', referral: { type: 'ad', id: '6045246247433' } },
  page_echo: { kind: 'echo', contact: PERSON, metadata: 'wf:42', senderAppId: '555000111222333' },
  page_postback: { kind: 'postback', providerId: 'm_FAKEpb1', payload: 'CONFIRM:apt_9' },
  page_postback_get_started_referral: {
    kind: 'postback',
    referral: { type: 'link', ref: 'site-home' },
  },
  page_referral: { kind: 'referral', referral: { type: 'link', ref: 'balcao-qr' } },
  page_delivery: { kind: 'delivery', providerIds: ['m_FAKEecho1'], watermark: 1795000001123 },
  page_read: { kind: 'read', providerIds: [], watermark: 1795000001123 },
  page_reaction: { kind: 'reaction', action: 'react', emoji: '❤️' },
  page_unreact: { kind: 'reaction', action: 'unreact' },
  page_message_edit: { kind: 'edit', text: 'quero remarcar' },
  page_optin_user_ref: { kind: 'optin', contact: null, payload: 'form-lp' },
  page_optin_notification: { kind: 'optin', contact: PERSON, payload: 'LEMBRETES' },
  page_account_linking: {
    kind: 'accountLink',
    status: 'linked',
    authorizationCode: 'AUTHCODE_FAKE',
  },
  page_policy_enforcement: { kind: 'policy', action: 'block' },
  page_pass_thread_control: { kind: 'handover', action: 'pass', newOwnerAppId: '555000111222333' },
  page_take_thread_control: { kind: 'handover', action: 'take', newOwnerAppId: '263902037430900' },
  page_request_thread_control: {
    kind: 'handover',
    action: 'request',
    newOwnerAppId: '263902037430900',
  },
  page_app_roles: { kind: 'handover', action: 'roles', contact: null },
  page_standby: { kind: 'message', standby: true },
  page_feed_comment_add: {
    kind: 'comment',
    contact: { externalId: '8001', name: 'Cliente Teste' },
    text: 'Qual o valor?',
    verb: 'add',
  },
  page_mention: { kind: 'mention', contact: { externalId: '8001' }, postId: '8001_99' },
  page_template_status: {
    kind: 'templateStatus',
    templateName: 'lembrete_consulta',
    status: 'APPROVED',
    reason: null,
  },
  ig_text: { kind: 'message', type: 'text', text: 'oi, tem vaga hoje? 😀', contact: IG_PERSON },
  ig_quick_reply: { kind: 'message', buttonPayload: 'YES' },
  ig_reply_to_message: {
    kind: 'message',
    replyTo: { providerId: 'aWdfZAG1faXRlbTpGQUtFMDAwMAZDZD' },
  },
  ig_story_reply: { kind: 'message', replyTo: { storyId: '18000000000000001' } },
  ig_story_mention: { kind: 'message', type: 'story', attachments: [{ type: 'story' }] },
  ig_media: { kind: 'message', type: 'image', attachments: [{ type: 'image' }, { type: 'video' }] },
  ig_reel_share: {
    kind: 'message',
    type: 'share',
    attachments: [{ providerMediaId: '18000000000000002' }],
  },
  ig_post_share: {
    kind: 'message',
    type: 'share',
    attachments: [{ providerMediaId: '18000000000000003' }],
  },
  ig_unsupported: { kind: 'message', type: 'unsupported' },
  ig_unsupported_attachment: {
    kind: 'message',
    type: 'unsupported',
    attachments: [{ type: 'unsupported' }],
  },
  ig_unsend: { kind: 'delete', targetProviderId: 'aWdfZAG1faXRlbTpGQUtFMDAwMQZDZD' },
  ig_ad_referral: { kind: 'message', referral: { type: 'ad', headline: 'Limpeza de pele' } },
  ig_shop_referral: { kind: 'message', referral: { type: 'product', id: 'PROD_FAKE_1' } },
  ig_echo: { kind: 'echo', contact: IG_PERSON, metadata: null, senderAppId: null },
  ig_postback: { kind: 'postback', payload: 'ICE_HORARIOS' },
  ig_reaction: { kind: 'reaction', action: 'react' },
  ig_unreact: { kind: 'reaction', action: 'unreact', emoji: null },
  ig_seen: { kind: 'read', providerIds: ['aWdfZAG1faXRlbTpGQUtFRUNITwZDZD'], watermark: null },
  ig_message_edit: { kind: 'edit', text: 'oi, tem vaga amanhã?' },
  ig_referral: { kind: 'referral', referral: { type: 'link', ref: 'bio-link' } },
  ig_standby: { kind: 'message', standby: true },
  ig_handover: { kind: 'handover', action: 'pass', metadata: null },
  ig_comment_changes: {
    kind: 'comment',
    contact: { ...IG_PERSON, username: 'cliente.teste' },
    parentId: '17900000000000000',
  },
  ig_comment_on_ad: { kind: 'comment', referral: { type: 'ad', id: '6045246247433' } },
  ig_comment_flat: {
    kind: 'comment',
    providerId: '17900000000000001',
    postId: '18000000000000004',
  },
  ig_live_comment: { kind: 'comment', text: 'oi!' },
  ig_mention: { kind: 'mention', providerId: '17900000000000004', postId: '18000000000000007' },
  ig_story_insights: { kind: 'activity', field: 'story_insights', postId: '18000000000000008' },
};

const RECORDINGS: Record<string, object> = {
  'feed-comment-add-25': { kind: 'activity', item: 'comment', verb: 'add', isOwn: true },
  'feed-comment-edited-25': { kind: 'activity', item: 'comment', verb: 'edited', isOwn: true },
  'feed-comment-hide': { kind: 'activity', item: 'comment', verb: 'hide', isOwn: true },
  'feed-comment-remove-25': { kind: 'activity', item: 'comment', verb: 'remove', isOwn: true },
  'mention-comment-add': {
    kind: 'mention',
    providerId: '7363534231324_3754798971271444',
    contact: null,
  },
  'mention-post-add': {
    kind: 'mention',
    contact: { externalId: '44444444', name: 'Example Name' },
  },
  'mention-post-add-real': { kind: 'mention', text: 'A test post message' },
  'messaging-accountlinking-linked': { kind: 'accountLink', status: 'linked' },
  'messaging-accountlinking-unlinked': { kind: 'accountLink', status: 'unlinked' },
  'messaging-approles': { kind: 'handover', action: 'roles' },
  'messaging-button-template': { kind: 'message', type: 'template' },
  'messaging-delivery-basic': {
    kind: 'delivery',
    watermark: 1458668856253,
    occurredAt: 1458668856451,
  },
  'messaging-message-basic': {
    kind: 'message',
    text: 'hello, world!',
    contact: { externalId: '987654321432' },
  },
  'messaging-message-basic-echo': { kind: 'echo', contact: { externalId: '987654321432' } },
  'messaging-message-edits': {
    kind: 'edit',
    dedupeKey: 'edit:mid.1457764197618:41d102a3e1ae206a38:37',
  },
  'messaging-message-fallback-attachment': { kind: 'message', type: 'share' },
  'messaging-message-isdeleted': { kind: 'delete', targetProviderId: 'message_id' },
  'messaging-message-isunsupported': { kind: 'message', type: 'unsupported' },
  'messaging-message-location-attachment': { kind: 'message', attachments: [{ latitude: 12.34 }] },
  'messaging-message-media-attachment': { kind: 'message', type: 'image' },
  'messaging-message-quickreply': { kind: 'message', buttonPayload: 'PAYLOAD_QUICK_REPLY' },
  'messaging-message-reply-1': { kind: 'message', replyTo: { providerId: expect.any(String) } },
  'messaging-message-sticker': { kind: 'message', type: 'sticker' },
  'messaging-optin-basic': { kind: 'optin', payload: 'PASS_THROUGH_PARAM' },
  'messaging-optin-userref': { kind: 'optin', payload: 'PASS_THROUGH_PARAM' },
  'messaging-pass-thread-control': {
    kind: 'handover',
    action: 'pass',
    newOwnerAppId: 'NEW_OWNER_APP_ID',
  },
  'messaging-policy-callback-block': { kind: 'policy', action: 'block' },
  'messaging-policy-callback-unblock': { kind: 'policy', action: 'unblock' },
  'messaging-postback-basic': {
    kind: 'postback',
    providerId: null,
    payload: 'USER_DEFINED_PAYLOAD',
  },
  'messaging-postback-chat': {
    kind: 'postback',
    title: null,
    referral: { type: 'customer_chat_plugin' },
  },
  'messaging-postback-referral': { kind: 'postback', referral: { type: 'link' } },
  'messaging-reaction-1': { kind: 'reaction', reaction: 'sad', emoji: '😢' },
  'messaging-read-basic': { kind: 'read', watermark: 1458668856253 },
  'messaging-referral-basic': { kind: 'referral', referral: { type: 'link' } },
  'messaging-request-thread-control': { kind: 'handover', action: 'request' },
  'messaging-take-thread-control': {
    kind: 'handover',
    action: 'take',
    previousOwnerAppId: 'PREVIOUS_OWNER_APP_ID',
  },
  'standby-message-basic-echo': { kind: 'echo' },
  'unknown-change-value': { kind: 'unrecognised', what: 'foo' },
};

const INSTAGRAM_RECORDINGS: Record<string, object> = {
  'messaging-attachment-unsupported': { kind: 'message', type: 'unsupported' },
  'messaging-seen': { kind: 'read', providerIds: ['MESSAGE-ID'] },
  'wh-comments': { kind: 'comment', accountExternalId: '0', contact: null },
  'wh-comments-2021': {
    kind: 'comment',
    contact: { externalId: '1234536447', username: 'testuser' },
  },
  'wh-livecomments': { kind: 'comment' },
  'wh-mentions': { kind: 'mention' },
  'wh-story_insights': { kind: 'activity', field: 'story_insights' },
};

const GROUPS: Array<[string, string, RegExp, Record<string, object>]> = [
  ['samples', 'samples', /^(page|ig)_.*\.json$/, SAMPLES],
  ['recordings of Pages', 'fixtures/restfb/webhooks', /\.json$/, RECORDINGS],
  [
    'recordings of Instagram',
    'fixtures/restfb/instagram',
    /^(wh|messaging)-.*\.json$/,
    INSTAGRAM_RECORDINGS,
  ],
];

if (!isThere) {
  it('the folder of samples is not beside the project: its suites are left out', () => {
    expect(existsSync(SHARED)).toBe(isThere);
  });
}

for (const [title, folder, names, expectations] of isThere ? GROUPS : []) {
  describe(`the ${title}`, () => {
    it('each have an expectation here', () => {
      const files = list(folder, names).map((name) => name.replace('.json', ''));
      expect(files.sort()).toEqual(Object.keys(expectations).sort());
    });

    it.each(Object.entries(expectations))('%s', (name, expected) => {
      const { events, foreign } = parse(folder, `${name}.json`);
      expect(foreign).toBe(false);
      expect(events).toMatchObject([expected]);
    });
  });
}
