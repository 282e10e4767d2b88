import type { Channel, ChannelAbilities, ContentType, MediaLimit } from '../../model';
import { metaAbilities } from '../meta/abilities';
import { whatsAppAbilities } from '../whatsapp-cloud/abilities';

/**
 * The rules of the channel below hold unchanged (windows, lengths, files); what differs is which contents the hub's own
 * SDK lists for the channel. Nothing is known of a tag HUMAN_AGENT.
 */
function through(
  can: ChannelAbilities | undefined,
  { lacks }: { lacks: readonly ContentType[] },
): ChannelAbilities | undefined {
  if (!can) return undefined;
  return {
    ...can,
    provider: 'notificame',
    humanAgentWindowMs: null,
    contentTypes: [
      ...can.contentTypes.filter((type) => !lacks.includes(type)),
      ...(can.contentTypes.includes('interactive') ? [] : (['interactive'] as const)),
    ],
    maxImages: 1,
    quickReplyKinds: ['text'],
    settings: ['replyTo'],
  };
}

const ONLY_META: readonly ContentType[] = [
  'images',
  'mediaTemplate',
  'productTemplate',
  'sticker',
  'sharePost',
];

const MB = 1024 * 1024;
const ANY_FILE: MediaLimit = {
  maxBytes: 100 * MB,
  mimeTypes: [],
  formats: 'any file',
  caption: 1024,
};

/** Channels of which the SDK lists no contents and no source a limit: texts, and files where messages have them. */
function plain(
  channel: Channel,
  displayName: string,
  { takesFiles, settings = [] }: { takesFiles: boolean; settings?: ChannelAbilities['settings'] },
): ChannelAbilities {
  return {
    provider: 'notificame',
    channel,
    displayName,
    windowMs: null,
    humanAgentWindowMs: null,
    contentTypes: [
      'text',
      ...(takesFiles ? (['image', 'video', 'audio', 'file'] as const) : []),
      'interactive',
    ],
    textLimit: { max: 4096, unit: 'characters' },
    media: takesFiles ? { image: ANY_FILE, video: ANY_FILE, audio: ANY_FILE, file: ANY_FILE } : {},
    maxImages: 1,
    maxButtons: 0,
    maxButtonTitle: 0,
    maxPayload: 0,
    buttonTypes: [],
    buttonTextLimit: 0,
    maxQuickReplies: 0,
    quickReplyKinds: [],
    template: {
      maxElements: 0,
      maxTitle: 0,
      needsMoreThanTitle: false,
      maxMediaButtons: 0,
      maxProducts: 0,
    },
    settings,
  };
}

const FILES = { takesFiles: true, settings: ['replyTo'] } as const;
const TEXTS = { takesFiles: false } as const;

const ABILITIES: Partial<Record<Channel, ChannelAbilities>> = {
  whatsapp: through(whatsAppAbilities('whatsapp'), { lacks: [] }),
  instagram: through(metaAbilities('instagram'), { lacks: ONLY_META }),
  messenger: through(metaAbilities('messenger'), { lacks: ONLY_META }),
  telegram: plain('telegram', 'Telegram', FILES),
  webchat: plain('webchat', 'Web Chat', FILES),
  tiktok: plain('tiktok', 'TikTok', FILES),
  rcs: plain('rcs', 'RCS', FILES),
  gbm: plain('gbm', 'Google Business Messages', FILES),
  mercadolivre: plain('mercadolivre', 'Mercado Livre', TEXTS),
  olx: plain('olx', 'OLX', TEXTS),
  sms: plain('sms', 'SMS', TEXTS),
  email: {
    ...plain('email', 'E-mail', { takesFiles: false, settings: ['subject'] }),
    textLimit: { max: 100_000, unit: 'characters' },
  },
};

/** What an account can do on a channel through the hub. */
export function notificaMeAbilities(channel: Channel): ChannelAbilities | undefined {
  return ABILITIES[channel];
}
