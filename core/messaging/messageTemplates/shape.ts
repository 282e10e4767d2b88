import type { ChannelAbilities, OutboundContent } from '../../model';
import { characters } from '../../providers/content/measure';
import { numberedText } from '../numbered';
import type { FilledText, TemplateMedia } from './types';

/**
 * A text with its buttons and its file in the form that a channel has for them: buttons where everything fits on them,
 * quick replies where they are too many, else the choices as lines of the text; the file with the text under it, and its
 * address in the text where the channel takes no such file.
 */
export function shapeFor(filled: FilledText, can: ChannelAbilities | undefined): OutboundContent {
  const { media } = filled;
  if (media === null || !can) return shapeText(withAddress(filled), can);
  if (!can.contentTypes.includes(media.kind)) return shapeText(withAddress(filled), can);
  const framed = asFramed(filled, media, can);
  if (framed) return framed;
  const caption = withLines(filled);
  const { kind, url, fileName } = media;
  return {
    type: kind,
    media: { url },
    ...(caption.trim() === '' ? {} : { caption }),
    ...(fileName === null ? {} : { fileName }),
  };
}

function shapeText(filled: FilledText, can: ChannelAbilities | undefined): OutboundContent {
  const { text, buttons } = filled;
  if (buttons.length === 0) return { type: 'text', text };
  if (!can) return asNumbered(filled);
  const fits = buttons.every(
    ({ title, payload }) =>
      characters(title) <= can.maxButtonTitle && characters(payload) <= can.maxPayload,
  );
  const isShort = characters(text) <= can.buttonTextLimit;
  const asButtons =
    can.contentTypes.includes('buttons') && can.buttonTypes.includes('postback') && isShort;
  if (fits && asButtons && buttons.length <= can.maxButtons) {
    const postbacks = buttons.map((button) => ({ type: 'postback' as const, ...button }));
    return { type: 'buttons', text, buttons: postbacks };
  }
  const asReplies =
    can.contentTypes.includes('quickReplies') && can.quickReplyKinds.includes('text');
  if (fits && asReplies && buttons.length <= can.maxQuickReplies) {
    return { type: 'quickReplies', text, quickReplies: buttons };
  }
  return asNumbered(filled);
}

/** File, text and buttons in one message, where the channel has such a thing. */
function asFramed(
  { text, buttons }: FilledText,
  { kind, url, fileName }: TemplateMedia,
  can: ChannelAbilities,
): OutboundContent | null {
  const isFrame = kind !== 'audio' && can.contentTypes.includes('replyButtons');
  const fits =
    buttons.length > 0 &&
    buttons.length <= can.maxButtons &&
    characters(text) <= can.buttonTextLimit &&
    buttons.every(
      ({ title, payload }) =>
        characters(title) <= can.maxButtonTitle && characters(payload) <= can.maxPayload,
    );
  if (!isFrame || !fits || text.trim() === '') return null;
  const header =
    kind === 'file'
      ? { kind: 'document' as const, media: { url }, ...(fileName === null ? {} : { fileName }) }
      : { kind, media: { url } };
  const replies = buttons.map(({ title, payload }) => ({ id: payload, title }));
  return { type: 'replyButtons', frame: { header, text }, buttons: replies };
}

/** The text, with its choices below it where there are any. */
function withLines({ text, buttons }: FilledText): string {
  return buttons.length === 0 ? text : asNumbered({ text, buttons }).text;
}

function asNumbered({ text, buttons }: Pick<FilledText, 'text' | 'buttons'>) {
  const titles = buttons.map(({ title }) => title);
  return numberedText(text, titles, buttons);
}

function withAddress(filled: FilledText): FilledText {
  const { media, text } = filled;
  if (media === null) return filled;
  const parts = text.trim() === '' ? [media.url] : [text, media.url];
  return { ...filled, text: parts.join('\n'), media: null };
}
