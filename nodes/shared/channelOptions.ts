import type { Channel } from '../../core/model/channels';

/** Every channel, by name. */
export const channelOptions: Array<{ name: string; value: Channel }> = [
  { name: 'Calendar', value: 'calendar' },
  { name: 'E-Mail', value: 'email' },
  { name: 'Google Business Messages', value: 'gbm' },
  { name: 'Instagram', value: 'instagram' },
  { name: 'Mercado Livre', value: 'mercadolivre' },
  { name: 'Messenger', value: 'messenger' },
  { name: 'OLX', value: 'olx' },
  { name: 'RCS', value: 'rcs' },
  { name: 'SMS', value: 'sms' },
  { name: 'Telegram', value: 'telegram' },
  { name: 'TikTok', value: 'tiktok' },
  { name: 'Web Chat', value: 'webchat' },
  { name: 'WhatsApp', value: 'whatsapp' },
];

export function channelName(channel: Channel): string {
  return channelOptions.find(({ value }) => value === channel)?.name ?? channel;
}
