import { languageTag } from './labels.js';
import { messageView, quickReplyView } from './messages.js';
import { actions, quoteText, state } from './session.js';

/**
 * Puts these elements into their parent. Only what differs is touched: an element that is taken out, even for a moment,
 * loses the tap that a finger has begun on it.
 */
export function show(parent, elements) {
  const wanted = new Set(elements);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  elements.forEach((element, index) => {
    const there = parent.children[index];
    if (there !== element) parent.insertBefore(element, there ?? null);
  });
}

/** Rows of messages as they are shown, by message. */
const shown = new Map();

/** The row of a message: the one that is shown where it says the same, or a new one. */
export function rowOf(message) {
  const says = contentOf(message);
  const known = shown.get(message.mid);
  const row = known?.says === says ? known.row : messageView(message, state, actions);
  row.toggleAttribute('data-delivered', message.deliveredAt !== undefined);
  row.toggleAttribute('data-read', message.readAt !== undefined);
  shown.set(message.mid, { says, row });
  return row;
}

/** Everything that a row is drawn from. Whether it has arrived and was read are marks on the row. */
function contentOf(message) {
  const content = { ...message, deliveredAt: undefined, readAt: undefined };
  const quoted = state.messages.get(message.replyTo?.mid);
  const posts = message.attachments.map(({ payload }) => state.posts.get(payload?.id)?.caption);
  return JSON.stringify([languageTag(), content, quoted && quoteText(quoted), posts]);
}

let chips = { says: '', elements: [] };

/** The chips under the clinic's last message, the same ones for as long as it is the last. */
export function chipsOf(message) {
  const says = JSON.stringify([languageTag(), message.mid, message.quickReplies]);
  if (chips.says !== says) chips = { says, elements: quickReplyView(message, actions) };
  return chips.elements;
}
