import type { ChannelAbilities, OutboundContent, TextLimit } from '../../model';
import { isBlank } from './measure';
import { splitText } from './split';

/** A text that would take more messages than this is a mistake. */
const MAX_PARTS = 20;

/**
 * The messages in which content goes to a channel, in their order: one, unless a text is too long for it, or stands
 * beside a file on a channel that shows none there. What cannot be helped comes back as it is, for the check to refuse.
 */
export function partsOf(content: OutboundContent, can: ChannelAbilities): OutboundContent[] {
  const parts = split(content, can);
  return parts.length > MAX_PARTS ? [content] : parts;
}

function split(content: OutboundContent, can: ChannelAbilities): OutboundContent[] {
  switch (content.type) {
    case 'text':
    case 'quickReplies':
      return withTail(splitText(content.text, can.textLimit), (text) => ({ ...content, text }));
    case 'buttons':
      return withTail(aboveButtons(content.text, can), (text) => ({ ...content, text }));
    case 'image':
    case 'video':
    case 'audio':
    case 'file': {
      const { caption, ...media } = content;
      if (caption === undefined || isBlank(caption)) return [content];
      if (can.media[content.type]?.caption !== null) return [content];
      return [media, ...texts(splitText(caption, can.textLimit))];
    }
    default:
      return [content];
  }
}

/** Long words first as plain texts; what stands above the buttons has a limit of its own. */
function aboveButtons(text: string, can: ChannelAbilities): string[] {
  const limit: TextLimit = { max: can.buttonTextLimit, unit: 'characters' };
  if (splitText(text, limit).length === 1) return [text];
  const pieces = splitText(text, can.textLimit);
  return [...pieces.slice(0, -1), ...splitText(pieces.at(-1) ?? '', limit)];
}

function texts(pieces: readonly string[]): OutboundContent[] {
  return pieces.map((text) => ({ type: 'text', text }));
}

function withTail(
  pieces: readonly string[],
  tail: (text: string) => OutboundContent,
): OutboundContent[] {
  return [...texts(pieces.slice(0, -1)), tail(pieces.at(-1) ?? '')];
}
