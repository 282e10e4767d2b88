import type { OutboundContent } from '../../../core/model';
import { otherForms, toGraphMessage } from '../../../core/providers/meta/graphMessage';
import {
  metaContentFingerprint,
  readBackFingerprint,
} from '../../../core/providers/meta/fingerprint';
import { couldBe } from '../../../core/providers/fingerprints';

const url = 'https://cdn.example/a.png';
const postback = { type: 'postback', title: 'Sim', payload: 'YES' } as const;
const text = (value: string): OutboundContent => ({ type: 'text', text: value });
const buttons: OutboundContent = { type: 'buttons', text: 'Confirma?', buttons: [postback] };
const quickReplies: OutboundContent = {
  type: 'quickReplies',
  text: 'Quando?',
  quickReplies: [
    { title: 'Manhã', payload: 'AM' },
    { title: 'Tarde', payload: 'PM', imageUrl: url },
    { kind: 'phone' },
    { kind: 'email' },
  ],
};

describe('the message of the Send API', () => {
  it.each<[string, OutboundContent, object]>([
    ['a text', text('Olá'), { text: 'Olá' }],
    [
      'a picture by its address',
      { type: 'image', media: { url } },
      { attachment: { type: 'image', payload: { url } } },
    ],
    [
      'a stored recording',
      { type: 'audio', media: { attachmentId: '98' } },
      { attachment: { type: 'audio', payload: { attachment_id: '98' } } },
    ],
    [
      'an album',
      { type: 'images', images: [{ url }, { attachmentId: '98' }] },
      {
        attachments: [
          { type: 'image', payload: { url } },
          { type: 'image', payload: { attachment_id: '98' } },
        ],
      },
    ],
    [
      'buttons',
      {
        type: 'buttons',
        text: 'Confirma?',
        buttons: [
          postback,
          { type: 'url', title: 'Site', url: 'https://clinica.example' },
          { type: 'phone', title: 'Ligar', phone: '+5511999990000' },
        ],
      },
      {
        attachment: {
          type: 'template',
          payload: {
            template_type: 'button',
            text: 'Confirma?',
            buttons: [
              { type: 'postback', title: 'Sim', payload: 'YES' },
              { type: 'web_url', title: 'Site', url: 'https://clinica.example' },
              { type: 'phone_number', title: 'Ligar', payload: '+5511999990000' },
            ],
          },
        },
      },
    ],
    [
      'quick replies',
      quickReplies,
      {
        text: 'Quando?',
        quick_replies: [
          { content_type: 'text', title: 'Manhã', payload: 'AM' },
          { content_type: 'text', title: 'Tarde', payload: 'PM', image_url: url },
          { content_type: 'user_phone_number' },
          { content_type: 'user_email' },
        ],
      },
    ],
    [
      'a carousel',
      {
        type: 'genericTemplate',
        elements: [
          {
            title: 'Clareamento',
            subtitle: 'R$ 300',
            imageUrl: url,
            url: 'https://clinica.example',
            buttons: [postback],
          },
          { title: 'Limpeza', buttons: [] },
        ],
      },
      {
        attachment: {
          type: 'template',
          payload: {
            template_type: 'generic',
            elements: [
              {
                title: 'Clareamento',
                subtitle: 'R$ 300',
                image_url: url,
                default_action: { type: 'web_url', url: 'https://clinica.example' },
                buttons: [{ type: 'postback', title: 'Sim', payload: 'YES' }],
              },
              { title: 'Limpeza' },
            ],
          },
        },
      },
    ],
    [
      'a video with a button',
      {
        type: 'mediaTemplate',
        mediaKind: 'video',
        media: { attachmentId: '98' },
        buttons: [postback],
      },
      {
        attachment: {
          type: 'template',
          payload: {
            template_type: 'media',
            elements: [
              {
                media_type: 'video',
                attachment_id: '98',
                buttons: [{ type: 'postback', title: 'Sim', payload: 'YES' }],
              },
            ],
          },
        },
      },
    ],
    [
      'products',
      { type: 'productTemplate', productIds: ['1', '2'] },
      {
        attachment: {
          type: 'template',
          payload: { template_type: 'product', elements: [{ id: '1' }, { id: '2' }] },
        },
      },
    ],
    ['the heart', { type: 'sticker', sticker: 'heart' }, { attachment: { type: 'like_heart' } }],
    [
      'an own post',
      { type: 'sharePost', postId: '17' },
      { attachment: { type: 'MEDIA_SHARE', payload: { id: '17' } } },
    ],
  ])('of %s has the form of the documentation', (_name, content, message) => {
    expect(toGraphMessage(content)).toEqual(message);
  });

  it('has a second form only where the documentation contradicts itself', () => {
    const picture: OutboundContent = { type: 'image', media: { url } };
    const stored: OutboundContent = { type: 'video', media: { attachmentId: '98' } };
    const page = { isInstagramLogin: false, channel: 'instagram' };
    expect(otherForms(picture, page)).toEqual([]);
    expect(otherForms(text('Oi'), { isInstagramLogin: true, channel: 'instagram' })).toEqual([]);
    expect(otherForms(stored, { isInstagramLogin: false, channel: 'messenger' })).toEqual([]);
    expect(otherForms(picture, { isInstagramLogin: true, channel: 'instagram' })).toEqual([
      { attachments: [{ type: 'image', payload: { url } }] },
    ]);
    expect(otherForms(stored, page)).toEqual([
      { attachment: { type: 'MEDIA_SHARE', payload: { attachment_id: '98' } } },
    ]);
  });
});

describe('fingerprints', () => {
  const shown = (...data: object[]) => readBackFingerprint({ message: '', attachments: { data } });
  const picture = { image_data: { url: 'https://fbcdn.example/9' } };
  const video = { video_data: { url: 'https://fbcdn.example/9' } };
  const file = { file_url: 'https://fbcdn.example/f' };

  it('of words that were sent and of what reads back are equal', () => {
    const read = (message: string) => readBackFingerprint({ message }).fingerprint;
    expect(read('Quando?')).toBe(metaContentFingerprint(text('Quando?')));
    expect(read('Quando?')).toBe(metaContentFingerprint(quickReplies));
    expect(read('Confirma?')).toBe(metaContentFingerprint(buttons));
    const title = shown({ generic_template: { title: 'Confirma?' } });
    expect(title.fingerprint).toBe(metaContentFingerprint(buttons));
  });

  it.each<[string, OutboundContent, object[]]>([
    ['a picture', { type: 'image', media: { url } }, [picture]],
    [
      'a picture named by its MIME type',
      { type: 'image', media: { url } },
      [{ mime_type: 'image/png' }],
    ],
    ['a video', { type: 'video', media: { url } }, [video]],
    ['a recording', { type: 'audio', media: { url } }, [{ ...file, mime_type: 'audio/mp4' }]],
    ['a document', { type: 'file', media: { attachmentId: '98' } }, [file]],
    ['an album', { type: 'images', images: [{ url }, { url }] }, [picture, picture]],
    ['an album of one', { type: 'images', images: [{ url }] }, [picture]],
  ])('of %s and of what reads back are equal', (_name, content, data) => {
    expect(shown(...data).fingerprint).toBe(metaContentFingerprint(content));
  });

  it('of products and of an own post are equal to the share that reads back', () => {
    const product = {
      template: { payload: { product: { elements: { data: [{ id: '2' }, { id: '1' }] } } } },
    };
    const read = (share: object) =>
      readBackFingerprint({ message: '', shares: { data: [share] } }).fingerprint;
    expect(read({ link: 'https://x', ...product })).toBe(
      metaContentFingerprint({ type: 'productTemplate', productIds: ['1', '2'] }),
    );
    expect(read({ link: 'https://x' })).toBe(
      metaContentFingerprint({ type: 'sharePost', postId: '17' }),
    );
  });

  it('do not depend on white space at the ends, line ends or how accents are composed', () => {
    expect(metaContentFingerprint(text(' Olá\r\nfim \n'))).toBe(
      metaContentFingerprint(text('Ola\u0301\nfim')),
    );
  });

  it('differ for different contents', () => {
    const contents: OutboundContent[] = [
      text('a'),
      text('A'),
      { type: 'image', media: { url } },
      { type: 'video', media: { url } },
      { type: 'file', media: { url } },
      { type: 'images', images: [{ url }, { url }] },
      { type: 'images', images: [{ url }, { url }, { url }] },
      { type: 'sticker', sticker: 'heart' },
      { type: 'sharePost', postId: '17' },
      { type: 'productTemplate', productIds: ['1'] },
      { type: 'mediaTemplate', mediaKind: 'image', media: { url }, buttons: [] },
    ];
    const prints = contents.map(metaContentFingerprint);
    expect(new Set(prints).size).toBe(contents.length);
    expect(prints.every((print) => /^((file|share)\/)?[0-9a-f]{64}$/.test(print))).toBe(true);
  });

  it('are null where reading shows nothing of the content: it may be any message', () => {
    for (const message of [
      { message: '' },
      {},
      { message: '', is_unsupported: 'true', attachments: { data: [picture] } },
      { attachments: { data: [{ id: '1' }] } },
      { attachments: { data: [picture, { id: '1' }] } },
    ]) {
      expect(readBackFingerprint(message)).toEqual({ fingerprint: null });
    }
  });

  it('prove nothing among files: an album may read back as one of its pictures', () => {
    const album = metaContentFingerprint({ type: 'images', images: [{ url }, { url }] });
    const heart = metaContentFingerprint({ type: 'sticker', sticker: 'heart' });
    expect(couldBe(shown(picture), album)).toBe(true);
    expect(couldBe(shown(picture, video), heart)).toBe(true);
    expect(couldBe(readBackFingerprint({ message: 'Oi' }), album)).toBe(false);
  });

  it('take a template with a title for what may be any template', () => {
    const media = metaContentFingerprint({
      type: 'mediaTemplate',
      mediaKind: 'image',
      media: { url },
      buttons: [],
    });
    const products = metaContentFingerprint({ type: 'productTemplate', productIds: ['1'] });
    const seen = shown({ generic_template: { title: 'Produto' } });
    expect([couldBe(seen, media), couldBe(seen, products)]).toEqual([true, true]);
    expect(couldBe(seen, metaContentFingerprint(text('Outro')))).toBe(false);
  });
});
