import { h, icon } from './elements.js';
import { label } from './labels.js';
import { state } from './session.js';

/** Only addresses of this origin may be loaded; the sandbox keeps copies of what it was sent. */
function ownAddress(attachment) {
  if (attachment.mediaId !== undefined) return `/_sandbox/media/${attachment.mediaId}`;
  return attachment.url?.startsWith(`${location.origin}/`) ? attachment.url : undefined;
}

function fileCard(attachment, kind) {
  const name = attachment.title ?? attachment.url?.split('/').pop() ?? '';
  const symbol = { image: 'image', audio: 'play', video: 'play', location: 'pin' }[kind] ?? 'file';
  const words = { image: 'picture', audio: 'audio', video: 'video', location: 'location' };
  const title = label(words[kind] ?? 'file');
  const body = [
    h('span', { class: 'file-icon' }, icon(symbol)),
    h('span', { class: 'file-text' }, h('b', {}, title), h('small', {}, name)),
  ];
  const safe = attachment.url !== undefined && /^https?:/.test(attachment.url);
  const target = ownAddress(attachment) ?? (safe ? attachment.url : undefined);
  return target === undefined
    ? h('div', { class: 'file-card', 'data-testid': 'file' }, body)
    : h(
        'a',
        {
          class: 'file-card',
          href: target,
          target: '_blank',
          rel: 'noopener noreferrer',
          'data-testid': 'file',
        },
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
    return h(attachment.type, {
      class: attachment.type,
      src: source,
      controls: true,
      preload: 'metadata',
      'data-testid': attachment.type,
    });
  }
  return fileCard(attachment, attachment.type);
}

/** Several pictures of one message, side by side. */
export function albumView(attachments) {
  const pictures = attachments.map((attachment) => {
    const source = ownAddress(attachment);
    return source === undefined
      ? h('span', { class: 'album-item' }, icon('image'))
      : h(
          'a',
          { class: 'album-item', href: source, target: '_blank', rel: 'noopener' },
          h('img', { src: source, alt: label('picture'), 'data-testid': 'picture' }),
        );
  });
  return h('div', { class: 'album', 'data-testid': 'album' }, pictures);
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
  const words = h(
    'div',
    { class: 'card-text' },
    h('b', {}, element.title),
    element.subtitle === undefined ? '' : h('p', {}, element.subtitle),
  );
  const target = element.default_action?.url;
  const body =
    target === undefined || !/^https?:/.test(target)
      ? [top, words]
      : h(
          'a',
          { class: 'card-link', href: target, target: '_blank', rel: 'noopener noreferrer' },
          top,
          words,
        );
  return h('article', { class: 'card' }, body, buttonsView(element.buttons, actions));
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
  const isProduct = payload.template_type === 'product';
  const cards = elements.map((element) => {
    const upload = element.attachment_id;
    const source = upload === undefined ? (element.url ?? '') : uploadAddress(upload);
    if (element.media_type === 'video' && upload !== undefined) return videoCard(element, actions);
    const title = label(
      isProduct ? 'product' : element.media_type === 'video' ? 'video' : 'picture',
    );
    const subtitle = element.id ?? element.url;
    return cardView({ title, subtitle, buttons: element.buttons, image_url: source }, actions);
  });
  return h('div', { class: 'carousel', 'data-testid': 'carousel', tabindex: '0' }, cards);
}

const uploadAddress = (id) => `${location.origin}/_sandbox/uploads/${id}`;

function videoCard(element, actions) {
  const source = uploadAddress(element.attachment_id);
  const video = h('video', { class: 'video', src: source, controls: true, preload: 'metadata' });
  return h('article', { class: 'card' }, video, buttonsView(element.buttons, actions));
}

/** One attachment as a phone shows it: picture, player, file, template. */
export function attachmentView(attachment, actions) {
  switch (attachment.type) {
    case 'template':
      return templateView(attachment.payload, actions);
    case 'like_heart':
      return h('div', { class: 'big-heart' }, '❤️');
    case 'MEDIA_SHARE':
      return cardView(
        {
          title: label('sharedPost'),
          subtitle: state.posts.get(attachment.payload?.id)?.caption ?? attachment.payload?.id,
          image_url: `${location.origin}/_sandbox/pictures/${attachment.payload?.id}.svg`,
        },
        actions,
      );
    default:
      return mediaView(attachment);
  }
}
