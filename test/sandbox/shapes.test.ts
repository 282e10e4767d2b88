import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Harness } from './support/harness.ts';
import type { Channel } from '../../sandbox/model.ts';

const SAMPLES = join(process.cwd(), '..', 'shared', 'samples');
const haveSamples = existsSync(SAMPLES);

/** The kind of every value by its key; the order of keys means nothing in JSON. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => [key, shapeOf(item)] as const);
    return Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b)));
  }
  return value === null ? 'null' : typeof value;
}

interface Case {
  sample: string;
  channel: Channel;
  /** What to inject; `{own}` = id of an earlier message of the person, `{echo}` of the account's. */
  inject: Record<string, unknown>;
}

const readSample = (name: string): unknown =>
  JSON.parse(readFileSync(join(SAMPLES, `${name}.json`), 'utf8'));

/** The content of a sample's only event, for kinds whose content the caller gives. */
function contentOf(name: string, key: string): Record<string, unknown> {
  const sample = readSample(name) as {
    entry: Array<{
      messaging?: Array<Record<string, unknown>>;
      changes?: Array<{ value: Record<string, unknown> }>;
    }>;
  };
  const entry = sample.entry[0];
  const value = entry?.messaging?.[0]?.[key] ?? entry?.changes?.[0]?.value;
  return value as Record<string, unknown>;
}

const page = (sample: string, inject: Record<string, unknown>): Case => ({
  sample,
  channel: 'messenger',
  inject,
});
const ig = (sample: string, inject: Record<string, unknown>): Case => ({
  sample,
  channel: 'instagram',
  inject,
});
const file = (type: string): Record<string, unknown> => ({
  type,
  url: `https://cdn.example/${type}`,
});

function cases(): Case[] {
  return [
    page('page_text', { text: 'Olá, quero agendar' }),
    page('page_quick_reply', { text: 'Manhã', quickReply: 'TURNO_MANHA' }),
    page('page_reply_to', { text: 'essa mesmo', replyTo: '{own}' }),
    page('page_attachments', { attachments: ['image', 'audio', 'video', 'file'].map(file) }),
    page('page_sticker', {
      attachments: [
        {
          type: 'image',
          url: 'https://cdn.example/like.png',
          payload: { sticker_id: 369239263222822 },
        },
      ],
    }),
    page('page_location', {
      attachments: [
        {
          type: 'location',
          title: 'Local',
          url: 'https://l.example/maps',
          payload: { coordinates: { lat: -23.55, long: -46.63 } },
        },
      ],
    }),
    page('page_fallback', {
      text: 'https://example.org',
      attachments: [{ type: 'fallback', title: 'Exemplo', url: 'https://example.org' }],
    }),
    page('page_ad_referral_message', {
      text: 'Vi o anúncio',
      referral: contentOf('page_ad_referral_message', 'message').referral,
    }),
    page('page_postback', { kind: 'postback', title: 'Confirmar', payload: 'CONFIRM:apt_9' }),
    page('page_referral', { kind: 'referral' }),
    page('page_reaction', { kind: 'reaction', mid: '{echo}' }),
    page('page_unreact', { kind: 'unreaction', mid: '{echo}' }),
    page('page_message_edit', { kind: 'edit', mid: '{own}', text: 'quero remarcar' }),
    page('page_optin_user_ref', {
      kind: 'optin',
      optin: contentOf('page_optin_user_ref', 'optin'),
    }),
    page('page_optin_notification', {
      kind: 'optin',
      optin: contentOf('page_optin_notification', 'optin'),
    }),
    page('page_account_linking', { kind: 'accountLinking' }),
    page('page_policy_enforcement', { kind: 'policyEnforcement' }),
    page('page_pass_thread_control', {
      kind: 'passThreadControl',
      control: contentOf('page_pass_thread_control', 'pass_thread_control'),
    }),
    page('page_take_thread_control', {
      kind: 'takeThreadControl',
      control: contentOf('page_take_thread_control', 'take_thread_control'),
    }),
    page('page_request_thread_control', {
      kind: 'requestThreadControl',
      control: contentOf('page_request_thread_control', 'request_thread_control'),
    }),
    page('page_app_roles', {
      kind: 'appRoles',
      roles: { '555000111222333': ['primary_receiver'] },
    }),
    page('page_standby', { text: 'quero falar com atendente', standby: true }),
    page('page_feed_comment_add', { kind: 'comment', text: 'Qual o valor?' }),
    page('page_mention', { kind: 'mention', text: 'Adorei @ClinicaTeste' }),
    page('page_template_status', {
      kind: 'templateStatus',
      template: contentOf('page_template_status', ''),
    }),
    ig('ig_text', { text: 'oi, tem vaga hoje? 😀' }),
    ig('ig_quick_reply', { text: 'Sim', quickReply: 'YES' }),
    ig('ig_reply_to_message', { text: 'esse', replyTo: '{own}' }),
    ig('ig_story_reply', {
      text: 'amei',
      story: { url: 'https://cdn.example/1', id: '18000000000000001' },
    }),
    ig('ig_story_mention', { attachments: [file('story_mention')] }),
    ig('ig_media', { attachments: ['image', 'video'].map(file) }),
    ig('ig_reel_share', {
      attachments: [
        {
          type: 'ig_reel',
          url: 'https://cdn.example/5',
          payload: { reel_video_id: '18', title: 'Antes e depois' },
        },
      ],
    }),
    ig('ig_post_share', {
      attachments: [
        {
          type: 'ig_post',
          url: 'https://cdn.example/6',
          payload: { ig_post_media_id: '18', title: 'Promo' },
        },
      ],
    }),
    ig('ig_unsupported', { isUnsupported: true }),
    ig('ig_unsupported_attachment', { attachments: [file('unsupported_type')] }),
    ig('ig_unsend', { kind: 'unsend', mid: '{own}' }),
    ig('ig_ad_referral', {
      text: 'Quero saber mais',
      referral: contentOf('ig_ad_referral', 'message').referral,
    }),
    ig('ig_shop_referral', { text: 'Ainda tem?', referral: { product: { id: 'PROD_FAKE_1' } } }),
    ig('ig_postback', { kind: 'postback', title: 'Quais os horários?', payload: 'ICE_HORARIOS' }),
    ig('ig_reaction', { kind: 'reaction', mid: '{echo}' }),
    ig('ig_unreact', { kind: 'unreaction', mid: '{echo}' }),
    ig('ig_message_edit', { kind: 'edit', mid: '{own}', text: 'oi, tem vaga amanhã?' }),
    ig('ig_referral', { kind: 'referral' }),
    ig('ig_standby', { text: 'alguém aí?', standby: true }),
    ig('ig_handover', {
      kind: 'passThreadControl',
      control: contentOf('ig_handover', 'pass_thread_control'),
    }),
    ig('ig_comment_changes', {
      kind: 'comment',
      text: 'Quanto custa?',
      parentId: '17900000000000000',
    }),
    ig('ig_comment_flat', { kind: 'comment', text: 'Quanto custa?', flat: true }),
    ig('ig_comment_on_ad', {
      kind: 'comment',
      text: 'Onde fica?',
      ad: { ad_id: '6', ad_title: 'Limpeza', original_media_id: '18' },
    }),
    ig('ig_live_comment', { kind: 'comment', text: 'oi!', live: true }),
    ig('ig_mention', { kind: 'mention', commentId: '17900000000000004' }),
    ig('ig_story_insights', {
      kind: 'storyInsights',
      insights: contentOf('ig_story_insights', ''),
    }),
  ];
}

const describeWithSamples = haveSamples ? describe : describe.skip;
if (!haveSamples) {
  process.stderr.write('The shared samples are not there: shapes of webhooks are not compared.\n');
}

describeWithSamples('what the sandbox emits has the shape of the sample', () => {
  let harness: Harness;
  let ids: Record<string, string>;
  beforeEach(async () => {
    harness = await Harness.start();
    await harness.subscribeAll({ batchWindowMs: 0 });
    ids = {};
  });
  afterEach(() => harness.close());

  /** One message each way, so that there is something to answer, edit and react to. */
  async function prepare(channel: Channel): Promise<void> {
    const person = harness.person(channel);
    ids.own = (await harness.inject({ persona: person, text: 'antes' })).mid;
    await harness.idle();
    const answer = await harness.sendText(person, 'Temos horário às 15h', {
      message: { text: 'Temos horário às 15h', metadata: 'wf:42' },
    });
    ids.echo = String(answer.body.message_id);
    await harness.idle();
  }

  test.each((haveSamples ? cases() : []).map((item) => [item.sample, item] as const))(
    '%s',
    async (_name, { sample, channel, inject }) => {
      await prepare(channel);
      harness.received.length = 0;
      const filled = JSON.parse(
        JSON.stringify(inject).replace(/\{(own|echo)\}/g, (_, key: string) => ids[key] ?? ''),
      ) as Record<string, unknown>;
      await harness.inject({ persona: harness.person(channel), ...filled });
      await harness.idle();
      expect(harness.payloads().map(shapeOf)).toEqual([shapeOf(readSample(sample))]);
    },
  );

  test.each([
    ['page_echo', 'messenger'],
    ['ig_echo', 'instagram'],
  ] as const)('%s', async (sample, channel) => {
    await prepare(channel);
    expect(shapeOf(harness.payloads()[1])).toEqual(shapeOf(readSample(sample)));
  });

  test.each([
    ['messenger', ['page_delivery', 'page_read']],
    ['instagram', ['ig_seen']],
  ] as const)('receipts of %s', async (channel, samples) => {
    await prepare(channel);
    harness.received.length = 0;
    await harness.control('POST', `/personas/${harness.person(channel)}/view`, {});
    await harness.idle();
    const events = harness
      .payloads()
      .flatMap((payload) => (payload.entry as Array<{ messaging: unknown[] }>)[0]?.messaging ?? []);
    const wanted = samples.map(
      (name) =>
        (readSample(name) as { entry: Array<{ messaging: unknown[] }> }).entry[0]?.messaging[0],
    );
    expect(events.map(shapeOf)).toEqual(wanted.map(shapeOf));
  });

  test('page_postback_get_started_referral, whose postback may come with a mid today', async () => {
    const sample = contentOf('page_postback_get_started_referral', 'postback');
    await harness.inject({
      kind: 'postback',
      persona: harness.person('messenger'),
      title: 'Começar',
      payload: 'GET_STARTED',
      referral: sample.referral,
    });
    await harness.idle();
    const [payload] = harness.payloads() as Array<{
      entry: Array<{ messaging: Array<{ postback: Record<string, unknown> }> }>;
    }>;
    const { mid, ...postback } = payload?.entry[0]?.messaging[0]?.postback ?? {};
    expect(mid).toMatch(/^m_/);
    expect(shapeOf(postback)).toEqual(shapeOf(sample));
  });
});
