import type { Channel } from '../../model';

/** The hub's names of its channels (SDK 0.0.27) and what they are called here. */
const CHANNEL_OF_TYPE = new Map<string, Channel>([
  ['whatsapp', 'whatsapp'],
  ['whatsapp_business_account', 'whatsapp'],
  ['instagram', 'instagram'],
  ['facebook', 'messenger'],
  ['messenger', 'messenger'],
  ['telegram', 'telegram'],
  ['tiktok', 'tiktok'],
  ['sms', 'sms'],
  ['rcs', 'rcs'],
  ['email', 'email'],
  ['webchat', 'webchat'],
  ['gbm', 'gbm'],
  ['mercadolivre', 'mercadolivre'],
  ['olx', 'olx'],
]);

/** Under `/v2` by default; seen for the first three, and for facebook by one integrator. The credential can change it. */
export const DEFAULT_V2_CHANNELS: readonly string[] = [
  'whatsapp',
  'instagram',
  'tiktok',
  'facebook',
];

/** Null for a channel that nobody knows. Spelling varies: `WhatsApp`, `whatsapp-business-account`. */
export function channelOfType(type: string | null): Channel | null {
  const plain =
    type
      ?.trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_') ?? '';
  return CHANNEL_OF_TYPE.get(plain) ?? null;
}

/** The channel's name in the path of a message: both kinds of WhatsApp share one. */
export function pathOfChannel(channel: Channel): string {
  return channel === 'messenger' ? 'facebook' : channel;
}
