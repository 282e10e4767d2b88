import { albumView, attachmentView } from './attachments.js';
import { h, icon } from './elements.js';
import { whatsAppView } from './whatsapp.js';
import { referralText } from './menus.js';
import { quoteText } from './session.js';
import { label, timeOfDay } from './labels.js';

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
  if (message.referral !== undefined) {
    const words = label('via', { from: referralText(message.referral) });
    parts.push(h('small', { class: 'note', 'data-testid': 'came-from' }, words));
  }
  if (message.replyTo?.story !== undefined) {
    parts.push(h('small', { class: 'note' }, label('story')));
  }
  if (quoted !== undefined) {
    parts.push(h('div', { class: 'quote', 'data-testid': 'quote' }, quoteText(quoted)));
  }
  if (message.isDeleted) parts.push(h('div', { class: 'bubble gone' }, label('deleted')));
  else {
    if (message.isUnsupported) parts.push(h('div', { class: 'bubble gone' }, label('unsupported')));
    const ofWhatsApp = whatsAppView(message);
    if (ofWhatsApp !== undefined) parts.push(...ofWhatsApp);
    else if (message.text !== undefined) parts.push(textBubble(message));
    if (message.attachments.length > 1 && message.attachments.every(isImage)) {
      parts.push(albumView(message.attachments));
    } else {
      for (const attachment of message.attachments) parts.push(attachmentView(attachment, actions));
    }
  }
  if (message.reactions.length > 0) {
    const emojis = message.reactions.map((item) => item.emoji).join('');
    parts.push(h('span', { class: 'reactions', 'data-testid': 'reactions' }, emojis));
  }
  return h(
    'div',
    {
      class: `row ${isClinic ? 'theirs' : 'mine'}`,
      'data-testid': isClinic ? 'message-in' : 'message-out',
      'data-mid': message.mid,
      title: timeOfDay(message.createdAt),
    },
    isClinic
      ? h('img', { class: 'mini', src: `/_sandbox/avatars/${message.accountId}.svg`, alt: '' })
      : undefined,
    h('div', { class: 'stack' }, parts),
    message.isDeleted ? undefined : toolbar(message, actions),
  );
}

const isImage = (attachment) => attachment.type === 'image';

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
