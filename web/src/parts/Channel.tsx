import type { Card } from '../api.ts';

const NAMES: Record<Card['channel'], string> = {
  instagram: 'Instagram',
  messenger: 'Messenger',
  whatsapp: 'WhatsApp',
  telegram: 'Telegram',
  tiktok: 'TikTok',
  sms: 'SMS',
  rcs: 'RCS',
  email: 'E-mail',
  webchat: 'Web Chat',
  gbm: 'Google Business Messages',
  mercadolivre: 'Mercado Livre',
  olx: 'OLX',
  calendar: 'Google Calendar',
};

export function channelName(channel: Card['channel']): string {
  return NAMES[channel];
}

/** A plain sign for the channel; its name stands beside it. */
export function ChannelSign({ channel }: { channel: Card['channel'] }) {
  return (
    <svg class={`sign ${channel}`} viewBox="0 0 20 20" aria-hidden="true">
      {channel === 'instagram' ? (
        <g fill="none" stroke="currentColor" stroke-width="1.6">
          <rect x="3" y="3" width="14" height="14" rx="4" />
          <circle cx="10" cy="10" r="3.2" />
          <circle cx="13.9" cy="6.1" r="0.6" fill="currentColor" />
        </g>
      ) : (
        <path
          d="M10 3c4.2 0 7.2 2.9 7.2 6.6S14.2 16 10 16c-.8 0-1.6-.1-2.3-.3L4.6 17l.1-2.7C3.4 13.1 2.8 11.5 2.8 9.6 2.8 5.9 5.8 3 10 3z"
          fill="currentColor"
        />
      )}
    </svg>
  );
}
