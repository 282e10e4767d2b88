import { label, timeOfDay } from './labels.js';

/** Makes an element; `on...` are listeners, other attributes are set as they are. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== ''));
  return element;
}

const ICONS = {
  reply: 'M10 8V4L3 11l7 7v-4.1c5 0 8.5 1.6 11 5.1-1-5-4-10-11-11z',
  trash: 'M6 19a2 2 0 0 0 2 2h8a2 2 0 0 0 2-2V8H6v11zM15.5 4l-1-1h-5l-1 1H5v2h14V4z',
  file: 'M14 2H6a2 2 0 0 0-2 2v16a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V8l-6-6zm-1 7V3.500L18.5 9H13z',
  image:
    'M21 19V5a2 2 0 0 0-2-2H5a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h14a2 2 0 0 0 2-2zM8.5 13.500l2.5 3 3.5-4.5 4.5 6H5l3.5-4.500z',
  play: 'M8 5v14l11-7z',
  link: 'M14 3v2h3.600l-9.8 9.8 1.4 1.400L19 6.400V10h2V3h-7zM5 5h5V3H3v18h18v-7h-2v5H5V5z',
};

/** A drawn icon of 24 units. */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/** Only addresses of this origin may be loaded; the sandbox keeps copies of what it was sent. */
function ownAddress(attachment) {
  if (attachment.mediaId !== undefined) return `/_sandbox/media/${attachment.mediaId}`;
  return attachment.url?.startsWith(`${location.origin}/`) ? attachment.url : undefined;
}

function fileCard(attachment, kind) {
  const name = attachment.title ?? attachment.url?.split('/').pop() ?? '';
  const symbol = { image: 'image', audio: 'play', video: 'play' }[kind] ?? 'file';
  const title = label({ image: 'picture', audio: 'audio', video: 'video' }[kind] ?? 'file');
  const body = [
    h('span', { class: 'file-icon' }, icon(symbol)),
    h('span', { class: 'file-text' }, h('b', {}, title), h('small', {}, name)),
  ];
  const safe = attachment.url !== undefined && /^https?:/.test(attachment.url);
  const target = ownAddress(attachment) ?? (safe ? attachment.url : undefined);
  return target === undefined
    ? h('div', { class: 'file-card' }, body)
    : h(
        'a',
        { class: 'file-card', href: target, target: '_blank', rel: 'noopener noreferrer' },
        body,
      );
}

function mediaView(attachment) {
  const source = ownAddress(attachment);
  if (source !== undefined && attachment.type === 'image') {
    const picture = h('img', {
      class: 'picture',
      src: source,
      alt: label('picture'),
      'data-testid': 'picture',
    });
    return h('a', { href: source, target: '_blank', rel: 'noopener' }, picture);
  }
  if (source !== undefined && (attachment.type === 'audio' || attachment.type === 'video')) {
    return h(attachment.type, { class: attachment.type, src: source, controls: true });
  }
  return fileCard(attachment, attachment.type);
}

function buttonView(button, actions) {
  if (button.type === 'postback') {
    const tap = () => actions.postback(button.title, button.payload);
    return h(
      'button',
      {
        type: 'button',
        'data-testid': 'postback-button',
        'data-payload': button.payload,
        onclick: tap,
      },
      button.title,
    );
  }
  const href = button.type === 'phone_number' ? `tel:${button.payload}` : button.url;
  if (href === undefined || !/^(https?|tel):/.test(href)) return h('span', {}, button.title ?? '');
  return h(
    'a',
    { href, target: '_blank', rel: 'noopener noreferrer', 'data-testid': 'url-button' },
    button.title ?? label('file'),
    button.type === 'phone_number' ? '' : icon('link'),
  );
}

function buttonsView(buttons, actions) {
  if (buttons === undefined || buttons.length === 0) return undefined;
  return h(
    'div',
    { class: 'buttons' },
    buttons.map((button) => buttonView(button, actions)),
  );
}

function cardView(element, actions) {
  const source =
    element.image_url === undefined ? undefined : ownAddress({ url: element.image_url });
  const top =
    source === undefined
      ? element.image_url === undefined
        ? undefined
        : h('div', { class: 'card-image' }, icon('image'))
      : h('img', { class: 'card-image', src: source, alt: '' });
  return h(
    'article',
    { class: 'card' },
    top,
    h(
      'div',
      { class: 'card-text' },
      h('b', {}, element.title),
      element.subtitle === undefined ? '' : h('p', {}, element.subtitle),
    ),
    buttonsView(element.buttons, actions),
  );
}

function templateView(payload, actions) {
  if (payload.template_type === 'generic') {
    const cards = payload.elements.map((element) => cardView(element, actions));
    return h('div', { class: 'carousel', 'data-testid': 'carousel', tabindex: '0' }, cards);
  }
  if (payload.template_type === 'button') {
    return h(
      'div',
      { class: 'bubble template' },
      h('p', {}, payload.text),
      buttonsView(payload.buttons, actions),
    );
  }
  const elements = payload.elements ?? [];
  const cards = elements.map((element) => {
    const title =
      payload.template_type === 'product'
        ? label('product')
        : label(element.media_type === 'video' ? 'video' : 'picture');
    const subtitle = element.id ?? element.url;
    return cardView(
      { title, subtitle, buttons: element.buttons, image_url: element.url ?? '' },
      actions,
    );
  });
  return h('div', { class: 'carousel' }, cards);
}

function attachmentView(attachment, actions) {
  switch (attachment.type) {
    case 'template':
      return templateView(attachment.payload, actions);
    case 'like_heart':
      return h('div', { class: 'big-heart' }, '❤️');
    case 'MEDIA_SHARE':
      return cardView(
        { title: label('sharedPost'), subtitle: attachment.payload?.id, image_url: '' },
        actions,
      );
    default:
      return mediaView(attachment);
  }
}

function toolbar(message, actions) {
  const isClinic = message.direction === 'out';
  const tool = (key, content, tap) =>
    h(
      'button',
      { type: 'button', title: label(key), 'aria-label': label(key), onclick: tap },
      content,
    );
  return h(
    'div',
    { class: 'tools' },
    isClinic ? tool('react', '❤', () => actions.react(message)) : undefined,
    tool('reply', icon('reply'), () => actions.reply(message)),
    isClinic || message.postback !== undefined
      ? undefined
      : tool('unsend', icon('trash'), () => actions.unsend(message)),
  );
}

/** One message with everything that hangs on it. */
export function messageView(message, context, actions) {
  const isClinic = message.direction === 'out';
  const quoted =
    message.replyTo?.mid === undefined ? undefined : context.messages.get(message.replyTo.mid);
  const parts = [];
  if (message.commentId !== undefined)
    parts.push(h('small', { class: 'note' }, label('privateReply')));
  if (isClinic && message.appId === undefined)
    parts.push(h('small', { class: 'note' }, label('human')));
  if (quoted !== undefined) parts.push(h('div', { class: 'quote' }, quoted.text ?? label('file')));
  if (message.isDeleted) parts.push(h('div', { class: 'bubble gone' }, label('deleted')));
  else {
    if (message.isUnsupported) parts.push(h('div', { class: 'bubble gone' }, label('unsupported')));
    if (message.text !== undefined) parts.push(textBubble(message));
    for (const attachment of message.attachments) parts.push(attachmentView(attachment, actions));
  }
  if (message.reactions.length > 0) {
    const emojis = message.reactions.map((item) => item.emoji).join('');
    parts.push(h('span', { class: 'reactions' }, emojis));
  }
  return h(
    'div',
    {
      class: `row ${isClinic ? 'theirs' : 'mine'}`,
      'data-testid': isClinic ? 'message-in' : 'message-out',
      'data-mid': message.mid,
      'data-delivered': message.deliveredAt === undefined ? undefined : 'true',
      'data-read': message.readAt === undefined ? undefined : 'true',
      title: timeOfDay(message.createdAt),
    },
    isClinic
      ? h('img', { class: 'mini', src: `/_sandbox/avatars/${message.accountId}.svg`, alt: '' })
      : undefined,
    h('div', { class: 'stack' }, parts),
    message.isDeleted ? undefined : toolbar(message, actions),
  );
}

function textBubble(message) {
  const onlyEmoji = /^(\p{Extended_Pictographic}|\u200d|\ufe0f|\s){1,9}$/u.test(message.text);
  const bubble = h('div', { class: onlyEmoji ? 'bubble emoji' : 'bubble' }, message.text);
  if (message.edits > 0) bubble.append(h('small', {}, ` ${label('edited')}`));
  return bubble;
}

/** The head of a conversation: who the clinic is. */
export function introView(account, line) {
  return h(
    'div',
    { class: 'intro' },
    h('span', { class: 'ring' }, h('img', { src: `/_sandbox/avatars/${account.id}.svg`, alt: '' })),
    h('b', {}, account.name),
    h('small', {}, line),
    h('small', {}, label('business')),
  );
}

/** The chips under the clinic's last message. */
export function quickReplyView(message, actions) {
  return (message.quickReplies ?? []).map((option) => {
    const names = { user_phone_number: 'sharePhone', user_email: 'shareEmail' };
    const title = option.title ?? label(names[option.contentType]);
    const picture = option.imageUrl?.startsWith(`${location.origin}/`)
      ? h('img', { src: option.imageUrl, alt: '' })
      : undefined;
    const tap = () => actions.quickReply(option, title);
    return h(
      'button',
      {
        type: 'button',
        'data-testid': 'quick-reply',
        'data-payload': option.payload,
        onclick: tap,
      },
      picture,
      title,
    );
  });
}

/** One webhook in the drawer. */
export function deliveryView(delivery) {
  const last = delivery.attempts.at(-1);
  const ok = last?.status === 200;
  const outcome =
    last === undefined
      ? label('waiting')
      : last.status === null
        ? label('noAnswer')
        : String(last.status);
  const tone = last === undefined ? 'wait' : ok ? 'good' : 'bad';
  const fields = [...new Set(delivery.events.map((event) => event.field))];
  const notes = [`${last?.durationMs ?? 0} ms`];
  if ((last?.number ?? 1) > 1) notes.push(label('attempt', { n: last.number }));
  if (delivery.copies > 1) notes.push(label('twice', { n: delivery.copies }));
  if (delivery.badSignature) notes.push(label('forged'));
  return eventRow(
    'webhook',
    delivery.createdAt,
    fields.join(' · ') || delivery.object,
    notes.join(' · '),
    outcome,
    tone,
  );
}

/** One call of the product to the Graph in the drawer. */
export function callView(call) {
  const code = call.subcode === undefined ? call.code : `${call.code}/${call.subcode}`;
  const outcome = call.status === 0 ? label('cut') : String(call.status);
  // Ids say little in a narrow column: the last words of the path say what was called.
  const words = call.path
    .split('/')
    .slice(2)
    .map((part) => (/^(\d|m_|t_|aWdf)/.test(part) ? '…' : part));
  const title = `${call.method} ${words.join('/')}`;
  const detail = call.code === undefined ? `${call.durationMs} ms` : `${code} ${call.message}`;
  return eventRow('call', call.at, title, detail, outcome, call.status === 200 ? 'good' : 'bad');
}

function eventRow(kind, at, title, detail, outcome, tone) {
  return h(
    'li',
    { class: `event ${kind}`, 'data-testid': `${kind}-row`, 'data-outcome': outcome },
    h('span', { class: 'arrow', title: label(kind) }, kind === 'webhook' ? '↗' : '↘'),
    h(
      'div',
      { class: 'event-text' },
      h('b', {}, title),
      h('small', {}, `${timeOfDay(at)} · ${detail}`),
    ),
    h('span', { class: `badge ${tone}` }, outcome),
  );
}
