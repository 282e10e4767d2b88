import { InvalidContentError } from '../../model';
import type {
  Channel,
  ChannelAbilities,
  OutboundContent,
  SendSettings,
  TextLimit,
} from '../../model';
import { checkButtons, checkQuickReplies } from './checkButtons';
import { checkImages, checkMediaMessage } from './checkMedia';
import { checkCards, checkMediaTemplate, checkProducts } from './checkTemplates';
import { CONTENT_FIELDS } from './fields';
import { checkText, empty, figure, isBlank, sizeOf } from './measure';

/**
 * Checks content against what an account can do, before any call is made.
 * @param can undefined: the provider does not serve this channel
 * @param provider its name for the sentence
 * @throws InvalidContentError naming the field, the limit and what was measured
 */
export function checkContent(
  content: OutboundContent,
  can: ChannelAbilities | undefined,
  { channel, provider }: { channel: Channel; provider: string },
): asserts can is ChannelAbilities {
  if (!can?.contentTypes.includes(content.type)) {
    throw new InvalidContentError(
      CONTENT_FIELDS.type,
      `${provider} cannot send "${content.type}" on ${can?.displayName ?? channel}.`,
      { hint: can && `It can send: ${can.contentTypes.join(', ')}.` },
    );
  }
  switch (content.type) {
    case 'text':
      return checkMessageText(content.text, can.textLimit, can);
    case 'image':
    case 'video':
    case 'audio':
    case 'file':
      return checkMediaMessage(content.type, content.media, content.caption, can);
    case 'images':
      return checkImages(content.images, can);
    case 'quickReplies':
      checkMessageText(content.text, can.textLimit, can);
      return checkQuickReplies(content.quickReplies, can);
    case 'buttons':
      checkText(
        CONTENT_FIELDS.text,
        'The text above the buttons',
        content.text,
        can.buttonTextLimit,
        can,
      );
      return checkButtons(content.buttons, can.maxButtons, can);
    case 'genericTemplate':
      return checkCards(content.elements, can);
    case 'mediaTemplate':
      return checkMediaTemplate(content, can);
    case 'productTemplate':
      return checkProducts(content.productIds, can);
    case 'sharePost':
      if (isBlank(content.postId)) throw empty(CONTENT_FIELDS.post, 'The ID of the post');
      return;
    case 'sticker':
      return;
    default:
      // What only one provider has is checked in its own folder.
      return;
  }
}

function checkMessageText(text: string, { max, unit }: TextLimit, can: ChannelAbilities): void {
  if (isBlank(text)) throw empty(CONTENT_FIELDS.text, 'The text');
  const size = sizeOf(text, unit);
  if (size <= max) return;
  const aside = unit === 'bytes' ? ' (an accented letter counts 2, an emoji 4)' : '';
  throw new InvalidContentError(
    CONTENT_FIELDS.text,
    `The text has ${figure(size)} ${unit}; ${can.displayName} allows ${figure(max)}${aside}.`,
    {
      hint: 'Shorten it, or switch on Split Long Text.',
      details: { size, max, unit },
    },
  );
}

const SETTING_FIELDS: Record<keyof SendSettings, string> = {
  replyTo: CONTENT_FIELDS.replyTo,
  humanAgent: CONTENT_FIELDS.humanAgent,
  notification: CONTENT_FIELDS.notification,
  linkPreview: CONTENT_FIELDS.linkPreview,
  subject: CONTENT_FIELDS.subject,
};

/** @throws InvalidContentError naming a setting that the channel does not know */
export function checkSettings(settings: SendSettings, can: ChannelAbilities): void {
  const names = Object.keys(SETTING_FIELDS) as (keyof SendSettings)[];
  for (const name of names) {
    const isSet = settings[name] !== undefined && settings[name] !== false;
    if (!isSet || can.settings.includes(name)) continue;
    const field = SETTING_FIELDS[name];
    throw new InvalidContentError(field, `${can.displayName} does not know "${field}".`, {
      hint: 'Take the option away.',
    });
  }
}
