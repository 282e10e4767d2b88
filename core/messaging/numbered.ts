import type { Button, ChannelAbilities, ContentWithFiles, QuickReply } from '../model';

/**
 * Quick replies and buttons as text, for a channel that shows none of either: people answer with the number, the words or
 * in their own way. A button that opens a page or calls a number names what it would open.
 * @returns null where the channel shows them, and for what a text cannot stand for
 */
export function textWithChoices(
  content: ContentWithFiles,
  { contentTypes }: Pick<ChannelAbilities, 'contentTypes'>,
): string | null {
  if (content.type !== 'quickReplies' && content.type !== 'buttons') return null;
  if (contentTypes.includes(content.type)) return null;
  const choices =
    content.type === 'buttons' ? content.buttons.map(buttonLine) : content.quickReplies.map(lineOf);
  if (choices.includes(null)) return null;
  return [content.text, '', ...choices.map((line, index) => `${index + 1} - ${line}`)].join('\n');
}

/** To ask for a number or an address with one tap is a form of Meta's own. */
function lineOf(reply: QuickReply): string | null {
  return 'title' in reply ? reply.title : null;
}

function buttonLine(button: Button): string {
  switch (button.type) {
    case 'postback':
      return button.title;
    case 'url':
      return `${button.title}: ${button.url}`;
    case 'phone':
      return `${button.title}: ${button.phone}`;
  }
}
