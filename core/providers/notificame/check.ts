import {
  InvalidContentError,
  mediaOf,
  type Channel,
  type OutboundContent,
  type SendSettings,
} from '../../model';
import { CONTENT_FIELDS, checkContent, checkSettings } from '../content';
import { checkWhatsAppContent } from '../whatsapp-cloud/content/check';
import { notificaMeAbilities } from './abilities';

/** What the SDK lists for a channel, beside what has fields of its own here. */
const OWN_FORMS: Partial<Record<Channel, readonly string[]>> = {
  instagram: [
    'text',
    'file',
    'template',
    'replyable_text',
    'card',
    'carousel',
    'reply_text',
    'feed',
    'typing',
  ],
  messenger: ['text', 'file', 'template', 'card', 'carousel', 'replyable_text', 'typing'],
};

/**
 * Checks the rules of the channel below, and what the hub allows on it, before a call is made.
 * @throws InvalidContentError naming the field, the limit and what was measured
 */
export function checkNotificaMeContent(
  channel: Channel,
  content: OutboundContent,
  settings: SendSettings = {},
): void {
  const can = notificaMeAbilities(channel);
  checkContent(content, can, { channel, provider: 'NotificaMe' });
  checkSettings(settings, can);
  if (channel === 'whatsapp') checkWhatsAppContent(channel, content);
  else if (content.type === 'interactive') checkOwnForm(channel, content.interactive);
  for (const media of mediaOf(content)) {
    if ('url' in media) continue;
    throw new InvalidContentError(
      CONTENT_FIELDS.attachmentId,
      'NotificaMe takes files by their web address alone, not by the id of an upload.',
      { hint: 'Choose "URL" or a binary field as the source of the file.' },
    );
  }
}

function checkOwnForm(channel: Channel, { type }: Record<string, unknown>): void {
  const allowed = OWN_FORMS[channel];
  const hint = allowed && `Its types are: ${allowed.join(', ')}.`;
  if (typeof type !== 'string' || type === '') {
    throw new InvalidContentError('Content (JSON)', 'The content has no "type".', { hint });
  }
  if (allowed && !allowed.includes(type)) {
    throw new InvalidContentError(
      'Content (JSON)',
      `NotificaMe has no content "${type}" on this channel.`,
      { hint },
    );
  }
}
