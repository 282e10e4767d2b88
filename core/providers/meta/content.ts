import { InvalidContentError } from '../../model';
import type { Channel, OutboundContent, SendSettings } from '../../model';
import { CONTENT_FIELDS, checkContent, checkSettings } from '../content';
import { metaAbilities } from './abilities';

/**
 * Checks every documented limit of the Send API before a call is made.
 * @throws InvalidContentError naming the field, the limit and what was measured
 */
export function checkMetaContent(
  channel: Channel,
  content: OutboundContent,
  settings: SendSettings = {},
): void {
  const can = metaAbilities(channel);
  checkContent(content, can, { channel, provider: 'Meta' });
  checkSettings(settings, can);
  if (content.type === 'mediaTemplate' && 'url' in content.media) {
    requireFacebookAddress(content.media.url);
  }
}

/** The media template alone takes no other address than one of a post on Facebook. */
function requireFacebookAddress(address: string): void {
  const host = URL.parse(address)?.hostname ?? '';
  if (host === 'facebook.com' || host.endsWith('.facebook.com')) return;
  throw new InvalidContentError(
    CONTENT_FIELDS.url,
    'A picture or video with buttons needs the address of its post on facebook.com.',
    { hint: 'Copy the address of the photo or video from Facebook, or send the file itself.' },
  );
}
