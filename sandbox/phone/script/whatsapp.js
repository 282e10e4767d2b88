import { attachmentView } from './attachments.js';
import { h, icon } from './elements.js';
import { label } from './labels.js';
import { attempt, inject } from './session.js';

/** True for what is no bubble of its own: a reaction hangs on the message it is about. */
export const isBeside = (message) => message.whatsApp?.type === 'reaction';

/** What WhatsApp shows of a message beside its text and files; undefined where it is nothing more. */
export function whatsAppView(message) {
  const { type, content, rendered } = message.whatsApp ?? {};
  if (rendered !== undefined) return templateCardView(message, rendered);
  if (type === 'interactive' && message.direction === 'out')
    return interactiveView(message, content);
  if (type === 'contacts') return content.map(contactView);
  return undefined;
}

function interactiveView(message, content) {
  const { header, body, footer, action } = content;
  const place = header?.[header.type];
  return [
    h(
      'div',
      { class: 'bubble template', 'data-testid': 'interactive', 'data-type': content.type },
      header?.type === 'text'
        ? h('b', { class: 'head' }, header.text)
        : fileView(header?.type, place),
      body === undefined ? undefined : h('p', {}, body.text),
      footer === undefined ? undefined : h('small', { class: 'foot' }, footer.text),
      h('div', { class: 'buttons' }, choicesView(message, content.type, action ?? {})),
    ),
  ];
}

function choicesView(message, type, action) {
  const { mid } = message;
  switch (type) {
    case 'button':
      return action.buttons.map(({ reply }) =>
        tapView('reply-button', reply.title, { kind: 'buttonReply', mid, id: reply.id }, reply.id),
      );
    case 'list':
      return [listView(mid, action)];
    case 'cta_url':
      return [linkView(action.parameters.url, action.parameters.display_text)];
    case 'flow':
      return [
        tapView('flow-button', action.parameters.flow_cta, {
          kind: 'flowReply',
          mid,
          response: { nota: '5' },
        }),
      ];
    case 'location_request_message':
      return [
        tapView('send-location', label('sendLocation'), {
          location: { latitude: -23.5505, longitude: -46.6333, name: 'São Paulo' },
          replyTo: mid,
        }),
      ];
    default:
      return [];
  }
}

/** Lists that are open stay so when their message is drawn anew, because it was read for example. */
const openLists = new Set();

/** The button of a list, and the rows it opens. */
function listView(mid, { button, sections }) {
  // With the click: what `toggle` says comes later, and the message may be drawn anew in between.
  const toggles = () => (openLists.has(mid) ? openLists.delete(mid) : openLists.add(mid));
  const rows = sections.flatMap((section) => [
    section.title === undefined ? undefined : h('b', { class: 'section' }, section.title),
    ...section.rows.map((row) => {
      const tap = () => attempt(() => inject({ kind: 'listReply', mid, id: row.id }));
      return h(
        'button',
        { type: 'button', 'data-testid': 'list-row', 'data-payload': row.id, onclick: tap },
        h('span', {}, row.title),
        row.description === undefined ? undefined : h('small', {}, row.description),
      );
    }),
  ]);
  return h(
    'details',
    { class: 'list', open: openLists.has(mid) },
    h('summary', { 'data-testid': 'list-button', onclick: toggles }, button),
    rows,
  );
}

function templateCardView(message, rendered) {
  const own = faceView(message, rendered, undefined);
  if (rendered.cards.length === 0) return [own];
  const cards = rendered.cards.map((card, index) => faceView(message, card, index));
  return [own, h('div', { class: 'carousel', 'data-testid': 'carousel', tabindex: '0' }, cards)];
}

function faceView(message, face, card) {
  const { header, body, footer, buttons } = face;
  return h(
    card === undefined ? 'div' : 'article',
    {
      class: card === undefined ? 'bubble template' : 'card template',
      'data-testid': card === undefined ? 'template' : 'template-card',
      'data-name': face.name,
    },
    header?.text === undefined ? undefined : h('b', { class: 'head' }, header.text),
    header?.location === undefined
      ? undefined
      : attachmentView({ type: 'location', title: header.location.name ?? '' }, {}),
    fileView(header?.format?.toLowerCase(), header?.media),
    body === undefined ? undefined : h('p', {}, body),
    footer === undefined ? undefined : h('small', { class: 'foot' }, footer),
    h(
      'div',
      { class: 'buttons' },
      buttons.map((button, index) => templateButtonView(message, button, index, card)),
    ),
  );
}

function templateButtonView({ mid }, button, index, card) {
  switch (button.type) {
    case 'QUICK_REPLY': {
      const of = card === undefined ? {} : { card };
      const tap = { kind: 'templateReply', mid, index, ...of };
      return tapView('template-reply', button.text, tap, button.payload);
    }
    case 'URL':
      return linkView(button.url, button.text);
    case 'PHONE_NUMBER':
      return linkView(`tel:${button.phone}`, button.text);
    case 'COPY_CODE':
      return h('span', { 'data-testid': 'copy-code' }, `${button.text}: ${button.payload}`);
    default:
      return h('span', {}, button.text);
  }
}

function tapView(testId, title, content, payload) {
  const tap = () => attempt(() => inject(content));
  return h(
    'button',
    { type: 'button', 'data-testid': testId, 'data-payload': payload, onclick: tap },
    title,
  );
}

function linkView(url, title) {
  if (!/^(https?|tel):/.test(url)) return h('span', {}, title);
  const attributes = { href: url, target: '_blank', rel: 'noopener noreferrer' };
  return h('a', { ...attributes, 'data-testid': 'url-button' }, title, icon('link'));
}

/** A picture, film or document above a text. */
function fileView(kind, media) {
  if (media === undefined || !['image', 'video', 'document'].includes(kind)) return undefined;
  const attachment = {
    type: kind === 'document' ? 'file' : kind,
    mediaId: media.storedAs,
    url: media.link,
    title: media.filename,
  };
  return attachmentView(JSON.parse(JSON.stringify(attachment)), {});
}

function contactView(card) {
  const numbers = (card.phones ?? []).map((item) => item.phone).join(', ');
  const name = card.name?.formatted_name ?? card.vcard ?? '';
  return h(
    'div',
    { class: 'file-card', 'data-testid': 'contact-card' },
    h('span', { class: 'file-text' }, h('b', {}, name), h('small', {}, numbers)),
  );
}
