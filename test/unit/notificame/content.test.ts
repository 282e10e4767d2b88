import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Channel, OutboundContent, SendSettings } from '../../../core/model';
import { notificaMeAbilities } from '../../../core/providers/notificame/abilities';
import { checkNotificaMeContent } from '../../../core/providers/notificame/check';
import { messageBody } from '../../../core/providers/notificame/content';
import { CHANNELS } from '../../../core/model';

const body = (
  channel: string,
  content: OutboundContent,
  settings: SendSettings = {},
  fileTypes: 'kind' | 'mime' = 'kind',
) => messageBody({ from: 'SENDER ID', to: 'RECIPIENT ID', content, settings, channel, fileTypes });
const one = (...parameters: Parameters<typeof body>) =>
  (body(...parameters).contents as unknown[])[0];

describe('a message to the hub', () => {
  it('names channel, person and one content', () => {
    expect(body('whatsapp', { type: 'text', text: 'Olá' })).toEqual({
      from: 'SENDER ID',
      to: 'RECIPIENT ID',
      contents: [{ type: 'text', text: 'Olá' }],
    });
  });

  it('quotes at the root', () => {
    const { contents: _, ...root } = body(
      'instagram',
      { type: 'text', text: 'a' },
      { replyTo: 'm1' },
    );
    expect(root).toMatchObject({ messageId: 'm1', reply: true });
  });

  it.each<[string, OutboundContent, object]>([
    [
      'a picture by its kind',
      { type: 'image', media: { url: 'https://a.example/x.png' } },
      { type: 'file', fileUrl: 'https://a.example/x.png', fileMimeType: 'image' },
    ],
    [
      'a document with name and caption',
      { type: 'file', media: { url: 'https://a.example/x' }, fileName: 'x.pdf', caption: 'segue' },
      {
        type: 'file',
        fileUrl: 'https://a.example/x',
        fileMimeType: 'document',
        fileName: 'x.pdf',
        fileCaption: 'segue',
      },
    ],
    [
      'a spoken recording',
      { type: 'audio', media: { url: 'https://a.example/x.ogg' }, voice: true },
      { type: 'file', fileUrl: 'https://a.example/x.ogg', fileMimeType: 'audio', voice: true },
    ],
    [
      'a reaction',
      { type: 'reaction', targetProviderId: 'w1', emoji: '👍' },
      { type: 'reaction', reaction: { message_id: 'w1', emoji: '👍' } },
    ],
  ])('%s', (_name, content, expected) => {
    expect(one('whatsapp', content)).toEqual(expected);
  });

  it('has Meta’s own interactive object on WhatsApp', () => {
    const buttons: OutboundContent = {
      type: 'buttons',
      text: 'Confirma?',
      buttons: [{ type: 'postback', title: 'Sim', payload: 'CONFIRM:1' }],
    };
    expect(one('whatsapp', buttons)).toMatchObject({
      type: 'interactive',
      interactive: {
        type: 'button',
        body: { text: 'Confirma?' },
        action: { buttons: [{ type: 'reply', reply: { id: 'CONFIRM:1', title: 'Sim' } }] },
      },
    });
    expect(one('instagram', buttons)).toEqual({
      type: 'template',
      template: {
        template_type: 'button',
        text: 'Confirma?',
        buttons: [{ type: 'postback', title: 'Sim', payload: 'CONFIRM:1' }],
      },
    });
  });

  it('has Meta’s template object', () => {
    const template: OutboundContent = {
      type: 'template',
      template: {
        name: 'lembrete',
        language: 'pt_BR',
        body: [{ kind: 'text', text: 'Ana' }],
        buttons: [],
        cards: [],
      },
    };
    expect(one('whatsapp', template)).toMatchObject({
      type: 'template',
      template: { name: 'lembrete', language: { code: 'pt_BR' } },
    });
  });

  it('is a card, or a carousel of them', () => {
    const element = {
      title: 'Clareamento',
      subtitle: 'R$ 300',
      imageUrl: 'https://a.example/x.png',
      buttons: [{ type: 'url', title: 'Ver', url: 'https://a.example' } as const],
    };
    const card = {
      title: 'Clareamento',
      text: 'R$ 300',
      media: { url: 'https://a.example/x.png' },
      buttons: [{ type: 'link', text: 'Ver', url: 'https://a.example' }],
    };
    expect(one('facebook', { type: 'genericTemplate', elements: [element] })).toEqual({
      type: 'card',
      ...card,
    });
    expect(one('instagram', { type: 'genericTemplate', elements: [element, element] })).toEqual({
      type: 'carousel',
      cards: [card, card],
    });
  });

  it('is a letter on the channel of letters', () => {
    const text: OutboundContent = { type: 'text', text: 'Sua consulta\nÉ amanhã.' };
    expect(one('email', text, { subject: 'Lembrete' })).toMatchObject({
      type: 'email',
      subject: 'Lembrete',
    });
    expect(one('email', text)).toMatchObject({ subject: 'Sua consulta', text: text.text });
  });
});

describe('the channels', () => {
  const carried = CHANNELS.filter((channel) => channel !== 'calendar');

  it('carry no appointments', () => {
    expect(notificaMeAbilities('calendar')).toBeUndefined();
  });

  it.each(carried)('%s has abilities of its own', (channel) => {
    const can = notificaMeAbilities(channel);
    expect(can).toMatchObject({ provider: 'notificame', channel, humanAgentWindowMs: null });
    expect(can?.contentTypes).toContain('text');
  });

  it('keep the windows of the channel below', () => {
    const window = (channel: Channel) => notificaMeAbilities(channel)?.windowMs;
    expect(window('instagram')).toBe(86_400_000);
    expect(window('messenger')).toBe(86_400_000);
    expect(window('whatsapp')).toBe(86_400_000);
    expect(window('telegram')).toBeNull();
    expect(notificaMeAbilities('whatsapp')?.windowFreeTypes).toEqual(['template']);
  });

  it.each<[Channel, OutboundContent, SendSettings, RegExp]>([
    ['instagram', { type: 'text', text: 'é'.repeat(501) }, {}, /1,002 bytes/],
    ['instagram', { type: 'sticker', sticker: 'heart' }, {}, /cannot send "sticker"/],
    ['telegram', { type: 'buttons', text: 'a', buttons: [] }, {}, /cannot send "buttons"/],
    ['sms', { type: 'image', media: { url: 'https://a.example' } }, {}, /cannot send "image"/],
    ['whatsapp', { type: 'image', media: { attachmentId: '1' } }, {}, /by their web address alone/],
    ['instagram', { type: 'interactive', interactive: { type: 'poll' } }, {}, /no content "poll"/],
    ['webchat', { type: 'interactive', interactive: {} }, {}, /has no "type"/],
    ['messenger', { type: 'text', text: 'a' }, { humanAgent: true }, /does not know "Human Agent"/],
    ['whatsapp', { type: 'text', text: 'a' }, { subject: 'b' }, /does not know "Subject"/],
  ])('%s refuses what it does not have (%#)', (channel, content, settings, sentence) => {
    expect(() => checkNotificaMeContent(channel, content, settings)).toThrow(sentence);
  });
});

const FIXTURES = path.resolve(
  __dirname,
  '../../../../shared/fixtures/zenvia-openapi-spec/channels',
);

interface ContractCase {
  name: string;
  request: { path: string; body: { contents: Array<Record<string, unknown>> } };
  expectedFail?: unknown;
}

/** Our content for one of the contract's, where the dialects are the same; null where they differ. */
function contentOf(content: Record<string, unknown>): OutboundContent | null {
  switch (content.type) {
    case 'text':
      return { type: 'text', text: String(content.text) };
    case 'file':
      return {
        type: 'image',
        media: {
          url: String(content.fileUrl),
          ...(content.fileMimeType ? { mimeType: content.fileMimeType as string } : {}),
        },
        ...(content.fileCaption ? { caption: content.fileCaption as string } : {}),
        ...(content.fileName ? { fileName: content.fileName as string } : {}),
      };
    case 'location':
      return content.url === undefined
        ? {
            type: 'location',
            latitude: Number(content.latitude),
            longitude: Number(content.longitude),
          }
        : null;
    case 'replyable_text': {
      const replies = content.quickReplyButtons as Array<{ text: string; payload: string }>;
      return {
        type: 'quickReplies',
        text: String(content.text),
        quickReplies: replies.map(({ text, payload }) => ({ title: text, payload })),
      };
    }
    case 'contacts': {
      const cards = content.contacts as Array<{
        name: { formattedName: string; firstName: string };
        phones: Array<{ phone: string; type: string; waId: string }>;
        ims?: unknown;
      }>;
      if (cards.some(({ ims }) => ims !== undefined)) return null;
      return {
        type: 'contacts',
        contacts: cards.map(({ name, phones }) => ({
          name: { formatted: name.formattedName, first: name.firstName },
          phones: phones.map(({ phone, type, waId }) => ({ phone, kind: type, externalId: waId })),
          emails: [],
          urls: [],
        })),
      };
    }
    default:
      return null;
  }
}

const cases = existsSync(FIXTURES)
  ? ['instagram', 'whatsapp'].flatMap((channel) =>
      readdirSync(path.join(FIXTURES, channel)).map((file) => {
        const text = readFileSync(path.join(FIXTURES, channel, file), 'utf8');
        return { channel, ...(JSON.parse(text) as ContractCase) };
      }),
    )
  : [];

describe('the contract of the parent API', () => {
  const same = cases.filter(
    ({ expectedFail, request }) =>
      expectedFail === undefined &&
      !('representative' in request.body) &&
      request.body.contents.every((content) => contentOf(content) !== null),
  );

  it('has cases of the same dialect, where the fixtures are there', () => {
    expect(same.length).toBe(cases.length === 0 ? 0 : 9);
  });

  it('is met by every request of the same dialect', () => {
    for (const { channel, request } of same) {
      const [content] = request.body.contents;
      const own = contentOf(content ?? {});
      if (own === null) throw new Error('A case of another dialect slipped in.');
      expect(body(channel, own, {}, 'mime')).toEqual(request.body);
    }
  });
});
