/**
 * The collected samples and recordings of WhatsApp's payloads, where the folder beside the project holds them. They are
 * not part of the project; the other suites of this folder stand on their own.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parseWhatsAppWebhook } from '../../../core/providers/whatsapp-cloud';

const SHARED = path.resolve(__dirname, '../../../../shared');
const isThere = existsSync(path.join(SHARED, 'samples'));
const list = (folder: string, names: RegExp) =>
  isThere ? readdirSync(path.join(SHARED, folder)).filter((name) => names.test(name)) : [];
const parse = (folder: string, name: string) =>
  parseWhatsAppWebhook(JSON.parse(readFileSync(path.join(SHARED, folder, name), 'utf8')), 1);

const ANA = {
  externalId: '5511988887777',
  aliases: ['BR.13491208655302741918', '551188887777'],
  name: 'Ana Teste',
  phone: '+5511988887777',
};
const ANA_WITHOUT_NUMBER = {
  externalId: 'BR.13491208655302741918',
  name: 'Ana Teste',
  username: 'ana.teste',
};
const BUSINESS = { accountExternalId: '300400500600700' };
const template = (status: string, reason: string | null) => ({
  kind: 'templateStatus',
  under: 'oldest',
  status,
  reason,
  ...BUSINESS,
});

/** What each sample is, in the fields that matter most for it. */
const SAMPLES: Record<string, object> = {
  wa_text: {
    kind: 'message',
    accountExternalId: '410000000000001',
    contact: ANA,
    providerId: 'wamid.HBgNFAKE0001',
    occurredAt: 1_795_000_000_000,
    type: 'text',
    text: 'Olá, quero agendar',
    standby: false,
  },
  wa_text_no_phone_bsuid: { kind: 'message', contact: ANA_WITHOUT_NUMBER, text: 'oi' },
  wa_reply_context: { kind: 'message', replyTo: { providerId: 'wamid.HBgNFAKEOUT1' } },
  wa_forwarded: {
    kind: 'message',
    replyTo: null,
    details: { forwarded: true, frequentlyForwarded: true },
  },
  wa_image: {
    kind: 'message',
    type: 'image',
    text: 'meu exame',
    attachments: [{ type: 'image', mimeType: 'image/jpeg', providerMediaId: '1000000000000001' }],
  },
  wa_audio_voice: {
    kind: 'message',
    type: 'audio',
    attachments: [{ mimeType: 'audio/ogg; codecs=opus' }],
    details: { voice: true },
  },
  wa_video: { kind: 'message', type: 'video', attachments: [{ type: 'video' }] },
  wa_document: {
    kind: 'message',
    type: 'file',
    text: 'segue',
    attachments: [{ type: 'file', fileName: 'exame.pdf', mimeType: 'application/pdf' }],
  },
  wa_sticker: { kind: 'message', type: 'sticker', attachments: [{ type: 'sticker' }] },
  wa_location: {
    kind: 'message',
    type: 'location',
    attachments: [{ latitude: -23.5505, longitude: -46.6333, title: 'Clínica Teste' }],
    details: { address: 'Av. Exemplo, 1 - São Paulo' },
  },
  wa_contacts: {
    kind: 'message',
    type: 'contacts',
    text: 'Bia Teste',
    details: {
      contacts: [
        {
          name: 'Bia Teste',
          phones: [{ phone: '+55 11 97777-0000', waId: '5511977770000', type: 'CELL' }],
          emails: ['bia@example.org'],
        },
      ],
    },
  },
  wa_contact_request_reply: {
    kind: 'message',
    type: 'contacts',
    contact: ANA_WITHOUT_NUMBER,
    details: {
      origin: 'contact_request/other',
      contacts: [{ name: 'Ana Teste', phones: [{ phone: '5511988887777' }] }],
    },
  },
  wa_button_template_quick_reply: {
    kind: 'message',
    type: 'postback',
    text: 'Confirmar',
    buttonPayload: 'CONFIRM:apt_9',
    replyTo: { providerId: 'wamid.HBgNFAKEOUT2' },
  },
  wa_interactive_button_reply: {
    kind: 'message',
    type: 'postback',
    text: 'Confirmar',
    buttonPayload: 'confirm',
  },
  wa_interactive_list_reply: {
    kind: 'message',
    type: 'postback',
    text: '15:00',
    buttonPayload: 'slot_1500',
    details: { description: 'Dra. Teste' },
  },
  wa_interactive_flow_reply: {
    kind: 'message',
    type: 'form',
    text: 'Sent',
    buttonPayload: 'ft_1',
    details: { form: { nota: '5', flow_token: 'ft_1' } },
  },
  wa_reaction: {
    kind: 'reaction',
    action: 'react',
    emoji: '👍',
    targetProviderId: 'wamid.HBgNFAKEOUT1',
  },
  wa_reaction_removed: { kind: 'reaction', action: 'unreact', emoji: null },
  wa_order: {
    kind: 'message',
    type: 'order',
    text: null,
    details: {
      catalogId: '700000000000001',
      items: [{ productId: 'SKU-1', quantity: 2, price: 49.9, currency: 'BRL' }],
    },
  },
  wa_ctwa_referral: {
    kind: 'message',
    referral: {
      type: 'ad',
      id: '120210000000000001',
      ref: 'ARfake',
      headline: 'Avaliação grátis',
      url: 'https://fb.me/fake',
    },
  },
  wa_unsupported: {
    kind: 'message',
    type: 'unsupported',
    details: { unsupportedType: 'poll', error: 'Message type is currently not supported.' },
  },
  wa_system_number_change: {
    kind: 'identity',
    what: 'phone',
    contact: {
      externalId: '5511966665555',
      phone: '+5511966665555',
      aliases: expect.arrayContaining(['5511988887777', 'BR.13491208655302741918']),
    },
  },
  wa_system_user_id_change: {
    kind: 'identity',
    what: 'userId',
    contact: { externalId: 'BR.13491208655302741918' },
  },
  wa_value_level_error: {
    kind: 'policy',
    action: 'error',
    reason: expect.stringContaining('more messages a second than Meta allows'),
  },
  wa_status_sent: {
    kind: 'status',
    status: 'sent',
    providerId: 'wamid.HBgNFAKEOUT1',
    contact: ANA,
    price: { billable: true, model: 'PMP', type: 'regular', category: 'utility' },
    marker: null,
  },
  wa_status_delivered: { kind: 'status', status: 'delivered', marker: 'wf42:item3' },
  wa_status_read: { kind: 'status', status: 'read', price: null },
  wa_status_played: { kind: 'status', status: 'read' },
  wa_status_free_service: {
    kind: 'status',
    price: { billable: false, type: 'free_customer_service', category: 'service' },
  },
  wa_status_free_entry_point: {
    kind: 'status',
    price: { billable: false, type: 'free_entry_point', category: 'referral_conversion' },
  },
  wa_status_v23_conversation: {
    kind: 'status',
    price: { billable: true, type: null, category: 'utility' },
  },
  wa_status_failed: {
    kind: 'status',
    status: 'failed',
    failure: {
      code: 131047,
      reason: 'window_closed',
      retryable: false,
      detail: expect.stringContaining('only a template can reach them'),
    },
  },
  wa_template_status_approved: {
    ...template('APPROVED', null),
    templateName: 'lembrete_consulta',
    language: 'pt_BR',
    category: 'UTILITY',
  },
  wa_template_status_rejected: template('REJECTED', 'text from Meta'),
  wa_template_status_disabled: template('DISABLED', null),
  wa_template_status_paused: template('PAUSED', 'text from Meta'),
  wa_template_quality: {
    kind: 'quality',
    what: 'template',
    previous: 'GREEN',
    current: 'YELLOW',
    ...BUSINESS,
  },
  wa_template_category: {
    kind: 'templateCategory',
    previousCategory: 'UTILITY',
    category: 'MARKETING',
    effectiveAt: null,
  },
  wa_template_components: template('EDITED', null),
  wa_account_update_restriction: {
    kind: 'policy',
    action: 'warning',
    under: 'all',
    reason: 'ACCOUNT_RESTRICTION: RESTRICTED_BIZ_INITIATED_MESSAGING',
  },
  wa_account_update_violation: { kind: 'policy', reason: 'ACCOUNT_VIOLATION: SCAM' },
  wa_account_update_banned: {
    kind: 'policy',
    action: 'warning',
    reason: 'DISABLED_UPDATE: SCHEDULE_FOR_DISABLE, 2026-12-01',
  },
  wa_account_update_partner_added: { kind: 'quality', what: 'account', current: 'PARTNER_ADDED' },
  wa_account_review: { kind: 'quality', what: 'review', current: 'APPROVED' },
  wa_account_alert: {
    kind: 'quality',
    what: 'alert',
    current: 'INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED',
  },
  wa_phone_quality: {
    kind: 'quality',
    what: 'limit',
    previous: 'TIER_2K',
    current: 'TIER_10K',
    under: { phone: '5511900000001' },
    health: { messagingLimit: 'TIER_10K' },
  },
  wa_phone_name: {
    kind: 'quality',
    what: 'name',
    current: 'APPROVED',
    health: { verifiedName: 'Clínica Teste', nameStatus: 'APPROVED' },
  },
  wa_business_capability: { kind: 'quality', what: 'capability', current: '2000', under: 'all' },
  wa_security: { kind: 'quality', what: 'security', current: 'PIN_CHANGED' },
  wa_user_preferences: {
    kind: 'preference',
    wants: 'stop',
    category: 'marketing_messages',
    contact: ANA,
    occurredAt: 1_795_000_000_000,
  },
  wa_user_id_update: {
    kind: 'identity',
    what: 'userId',
    contact: {
      externalId: '5511988887777',
      aliases: expect.arrayContaining(['BR.13491208655302741918', 'BR.10101010101010101010']),
    },
  },
  wa_business_username_update: { kind: 'quality', what: 'username', current: 'approved' },
  wa_smb_echo: {
    kind: 'echo',
    providerId: 'wamid.HBgNFAKEECHO',
    contact: { externalId: '5511988887777' },
    text: 'respondido pelo app',
  },
};

const RECORDINGS: Record<string, object> = {
  accountReviewUpdate: { kind: 'quality', what: 'review' },
  'accountUpdate-banned': { kind: 'policy', action: 'warning' },
  'accountUpdate-verified': {
    kind: 'quality',
    what: 'account',
    current: 'VERIFIED_ACCOUNT',
    under: { phone: '16505551111' },
  },
  'businessUsernameUpdate-approved': { kind: 'quality', what: 'username' },
  'incoming-message-ads': { kind: 'message', referral: { type: 'ad', id: 'ADID' } },
  'incoming-message-audio': { kind: 'message', type: 'audio', details: { voice: true } },
  'incoming-message-button': { kind: 'message', buttonPayload: 'No-Button-Payload' },
  'incoming-message-contacts': { kind: 'message', type: 'contacts', text: 'j_doe' },
  'incoming-message-contacts-request-bsuid': {
    kind: 'message',
    type: 'contacts',
    contact: { externalId: 'US.13491208655302741918', username: 'realsheenanelson' },
  },
  'incoming-message-contacts2': { kind: 'message', type: 'contacts' },
  'incoming-message-document': {
    kind: 'message',
    type: 'file',
    attachments: [{ mimeType: 'application/zip' }],
  },
  'incoming-message-emoji': { kind: 'reaction', action: 'react' },
  'incoming-message-error': { kind: 'message', type: 'unsupported' },
  'incoming-message-image': { kind: 'message', type: 'image' },
  'incoming-message-interactive-btn': {
    kind: 'message',
    buttonPayload: 'unique-button-identifier-here',
  },
  'incoming-message-interactive-list': { kind: 'message', buttonPayload: 'list_reply_id' },
  'incoming-message-location': { kind: 'message', type: 'location' },
  'incoming-message-status-bsuid': {
    kind: 'status',
    status: 'delivered',
    contact: { externalId: 'US.13491208655302741918', name: 'Pablo M.' },
  },
  'incoming-message-status-errors': {
    kind: 'status',
    status: 'failed',
    failure: { code: 131026, reason: 'invalid_recipient' },
  },
  // Its time is the word TIMESTAMP.
  'incoming-message-status-ui': { kind: 'status', status: 'sent', occurredAt: 1 },
  'incoming-message-sticker': { kind: 'message', type: 'sticker' },
  'incoming-message-system': { kind: 'identity', what: 'phone' },
  'incoming-message-system-bsuid': { kind: 'identity', what: 'userId' },
  'incoming-message-text': { kind: 'message', text: 'Test', contact: { name: 'TestUser' } },
  // Written in a group: an answer would go to the person alone.
  'incoming-message-text-bsuid': {
    kind: 'message',
    standby: true,
    details: { groupId: '120363418770915618@g.us' },
  },
  'incoming-message-unsupported': { kind: 'message', type: 'unsupported' },
  'incoming-message-video': { kind: 'message', type: 'video' },
  'messageTemplateStatusUpdate-approved': { kind: 'templateStatus', status: 'APPROVED' },
  'messageTemplateStatusUpdate-disabling': { kind: 'templateStatus', status: 'FLAGGED' },
  phoneNumberNameUpdate: { kind: 'quality', what: 'name' },
  phoneNumberQualityUpdate: { kind: 'quality', what: 'quality', current: 'RED' },
  userIdUpdate: { kind: 'identity', what: 'userId' },
};

const GROUPS: Array<[string, string, RegExp, (name: string) => string, Record<string, object>]> = [
  ['samples', 'samples', /^wa_.*\.json$/, (name) => `${name}.json`, SAMPLES],
  [
    'recordings',
    'fixtures/restfb/whatsapp',
    /^webhook-.*\.json$/,
    (name) => `webhook-${name}.json`,
    RECORDINGS,
  ],
];

if (!isThere) {
  it('the folder of samples is not beside the project: its suites are left out', () => {
    expect(existsSync(SHARED)).toBe(isThere);
  });
}

for (const [title, folder, names, fileOf, expectations] of isThere ? GROUPS : []) {
  describe(`the ${title} of WhatsApp`, () => {
    it('each have an expectation here', () => {
      expect(list(folder, names).sort()).toEqual(Object.keys(expectations).map(fileOf).sort());
    });

    it.each(Object.entries(expectations))('%s', (name, expected) => {
      const { events, foreign } = parse(folder, fileOf(name));
      expect(foreign).toBe(false);
      expect(events).toHaveLength(1);
      expect(events[0]).toMatchObject({
        provider: 'whatsapp_cloud',
        channel: 'whatsapp',
        ...expected,
      });
    });

    it('hold nothing that is not recognised', () => {
      const strangers = Object.keys(expectations).filter((name) =>
        parse(folder, fileOf(name)).events.some(({ kind }) => kind === 'unrecognised'),
      );
      expect(strangers).toEqual([]);
    });
  });
}
