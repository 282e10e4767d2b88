import {
  InvalidContentError,
  isRich,
  type Channel,
  type ChannelAbilities,
  type OutboundContent,
  type SendSettings,
} from '../../../model';
import { CONTENT_FIELDS, checkContent, checkSettings } from '../../content';
import { whatsAppAbilities } from '../abilities';
import { checkInteractive } from './checkInteractive';
import { checkRich } from './checkRich';

/**
 * Checks every documented limit of the Cloud API before a call is made.
 * @throws InvalidContentError naming the field, the limit and what was measured
 */
export function checkWhatsAppContent(
  channel: Channel,
  content: OutboundContent,
  settings: SendSettings = {},
): void {
  const can: ChannelAbilities | undefined = whatsAppAbilities(channel);
  checkContent(content, can, { channel, provider: 'WhatsApp' });
  checkSettings(settings, can);
  if (isRich(content)) checkRich(content, can);
  else if (content.type === 'buttons' || content.type === 'quickReplies') checkTaps(content, can);
}

/** WhatsApp knows either up to three buttons that answer, or one that opens a page. */
function checkTaps(
  content: Extract<OutboundContent, { type: 'buttons' | 'quickReplies' }>,
  can: ChannelAbilities,
): void {
  if (content.type === 'buttons' && content.buttons.length > 1) {
    if (content.buttons.some(({ type }) => type === 'url')) {
      throw new InvalidContentError(
        CONTENT_FIELDS.buttons,
        'WhatsApp shows a button that opens a page alone, without other buttons.',
        { hint: 'Leave one button, or make all of them answers.' },
      );
    }
  }
  if (content.type === 'quickReplies') {
    checkInteractive.text(content.text, content.quickReplies.length > 3 ? 4096 : 1024, can);
  }
  const taps = content.type === 'buttons' ? content.buttons : content.quickReplies;
  const titles = taps.flatMap((tap) => ('title' in tap ? [tap.title] : []));
  const ids = taps.flatMap((tap) => ('payload' in tap ? [tap.payload] : []));
  const field = content.type === 'buttons' ? CONTENT_FIELDS.buttons : CONTENT_FIELDS.quickReplies;
  checkInteractive.unique(field, 'label', titles);
  checkInteractive.unique(field, 'payload', ids);
}
