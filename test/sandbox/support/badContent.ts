import {
  message,
  template,
  buttons,
  cards,
  quick,
  media,
  https,
  postback,
  reply,
  type BadRequest,
} from './badRequestRows.ts';

/** Section B.2: the forms of a message and their limits. */
export const CONTENT: BadRequest[] = [
  message('no message at all (B.2)', 'messenger', undefined),
  message('an empty message (B.2)', 'messenger', {}),
  message('an empty text (B.2)', 'messenger', { text: '' }),
  message('text that is not text (B.2)', 'messenger', { text: 42 }),
  message('2000 characters on Messenger (B.2)', 'messenger', { text: 'x'.repeat(2000) }),
  message('1001 bytes on Instagram (B.2)', 'instagram', { text: 'x'.repeat(1001) }),
  message('251 emoji of 4 bytes on Instagram (B.2)', 'instagram', { text: '😀'.repeat(251) }),
  message('text and attachment together (B.2)', 'messenger', {
    text: 'Oi',
    attachment: { type: 'image', payload: { url: `${https}/a.png` } },
  }),
  message(
    'an undocumented field of message',
    'messenger',
    { text: 'Oi', effect: 'confetti' },
    100,
    { own: true },
  ),
  message('metadata of 1001 characters (B.1)', 'messenger', {
    text: 'Oi',
    metadata: 'x'.repeat(1001),
  }),
  message('an attachment of an unknown type (B.2)', 'messenger', {
    attachment: { type: 'sticker', payload: { url: `${https}/a.png` } },
  }),
  message('a heart sticker on Messenger (B.2)', 'messenger', {
    attachment: { type: 'like_heart' },
  }),
  message('MEDIA_SHARE of a post of somebody else (B.2)', 'instagram', {
    attachment: { type: 'MEDIA_SHARE', payload: { id: '18000000000000099' } },
  }),
  message(
    'an attachment_id that nobody uploaded (B.7)',
    'messenger',
    { attachment: { type: 'image', payload: { attachment_id: '981' } } },
    100,
    { subcode: 2018074 },
  ),
  message('eleven images (B.2)', 'instagram', {
    attachments: Array.from({ length: 11 }, () => ({
      type: 'image',
      payload: { url: `${https}/a.png` },
    })),
  }),
  message('a video in the plural form (B.2)', 'messenger', {
    attachments: [{ type: 'video', payload: { url: `${https}/v.mp4` } }],
  }),
  message(
    'a utility template in message.template (B.6)',
    'messenger',
    { template: { name: 'lembrete' } },
    100,
    { own: true },
  ),
  media('an address without https (B.2)', 'messenger', 'image', 'http://cdn.example/a.png'),
  media(
    'a file that is not PDF on Instagram (B.2)',
    'instagram',
    'file',
    `${https}/exame.docx`,
    2018047,
  ),
  media('a webp picture on Instagram (B.2)', 'instagram', 'image', `${https}/a.webp`, 2018047),
  media(
    'a file that cannot be fetched (B.7)',
    'messenger',
    'image',
    'http://127.0.0.1:9/a.png',
    2018008,
  ),
  quick(
    '14 quick replies (B.2)',
    Array.from({ length: 14 }, () => reply),
  ),
  quick('no quick reply in the list (B.2)', []),
  quick('a quick reply title of 21 characters (B.2)', [{ ...reply, title: 'x'.repeat(21) }]),
  quick('a quick reply payload of 1001 characters (B.2)', [
    { ...reply, payload: 'x'.repeat(1001) },
  ]),
  quick(
    'a quick reply without payload (B.2)',
    [{ content_type: 'text', title: 'Oi' }],
    'instagram',
  ),
  quick('a quick reply of kind location (B.2)', [{ content_type: 'location' }]),
  quick('an undocumented quick reply field', [{ ...reply, emoji: '☀️' }], 'messenger', {
    own: true,
  }),
  message(
    'quick replies on an attachment',
    'messenger',
    { attachment: { type: 'image', payload: { url: `${https}/a.png` } }, quick_replies: [reply] },
    100,
    { own: true },
  ),
  template('a media template on Instagram (B.2)', 'instagram', {
    template_type: 'media',
    elements: [{ media_type: 'image', url: 'https://www.facebook.com/p/1' }],
  }),
  template('a media template with a foreign address (B.2)', 'messenger', {
    template_type: 'media',
    elements: [{ media_type: 'image', url: `${https}/a.png` }],
  }),
  template('a media template with two buttons (B.2)', 'messenger', {
    template_type: 'media',
    elements: [{ media_type: 'image', attachment_id: '1', buttons: [postback, postback] }],
  }),
  template('a receipt on Instagram (B.2)', 'instagram', { template_type: 'receipt' }),
  template(
    'a receipt, whose fields are not documented',
    'messenger',
    { template_type: 'receipt' },
    { own: true },
  ),
  template('eleven products (B.2)', 'messenger', {
    template_type: 'product',
    elements: Array.from({ length: 11 }, () => ({ id: '1' })),
  }),
  template('button template text of 641 characters (B.2)', 'messenger', {
    template_type: 'button',
    text: 'x'.repeat(641),
    buttons: [postback],
  }),
  buttons('no button (B.2)', 'messenger', []),
  buttons('four buttons (B.2)', 'messenger', [postback, postback, postback, postback]),
  buttons('a button title of 21 characters (B.2)', 'instagram', [
    { ...postback, title: 'x'.repeat(21) },
  ]),
  buttons('a phone button on Instagram (B.2)', 'instagram', [
    { type: 'phone_number', title: 'Ligar', payload: '+5511999990000' },
  ]),
  buttons('a phone button without + (B.2)', 'messenger', [
    { type: 'phone_number', title: 'Ligar', payload: '11999990000' },
  ]),
  buttons('a web button without https (B.2)', 'messenger', [
    { type: 'web_url', title: 'Site', url: 'ftp://example.org' },
  ]),
  buttons('a postback without payload (B.2)', 'messenger', [{ type: 'postback', title: 'Sim' }]),
  buttons(
    'an undocumented button field',
    'messenger',
    [{ ...postback, webview_height_ratio: 'full' }],
    { own: true },
  ),
  cards(
    'eleven cards (B.2)',
    'messenger',
    Array.from({ length: 11 }, () => ({ title: 'a', subtitle: 'b' })),
  ),
  cards('a card title of 81 characters (B.2)', 'instagram', [
    { title: 'x'.repeat(81), subtitle: 'b' },
  ]),
  cards('a card subtitle of 81 characters (B.2)', 'messenger', [
    { title: 'a', subtitle: 'x'.repeat(81) },
  ]),
  cards('a card with a title alone (B.2)', 'instagram', [{ title: 'a' }]),
  cards('a card with four buttons (B.2)', 'messenger', [
    { title: 'a', buttons: [postback, postback, postback, postback] },
  ]),
  cards('a card whose default action is a postback (B.2)', 'messenger', [
    { title: 'a', default_action: { type: 'postback', payload: 'x' } },
  ]),
];
