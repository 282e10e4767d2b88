import { RICH_TYPES, type Channel, type ChannelAbilities } from '../../model';

const HOUR_MS = 60 * 60 * 1000;
const KB = 1024;
const MB = 1024 * KB;

/** Source: Meta's documentation of the Cloud API's messages, media and conversations. */
const WHATSAPP: ChannelAbilities = {
  provider: 'whatsapp_cloud',
  channel: 'whatsapp',
  displayName: 'WhatsApp',
  windowMs: 24 * HOUR_MS,
  humanAgentWindowMs: null,
  contentTypes: [
    'text',
    'image',
    'video',
    'audio',
    'file',
    'buttons',
    'quickReplies',
    ...RICH_TYPES,
  ],
  windowFreeTypes: ['template'],
  textLimit: { max: 4096, unit: 'characters' },
  media: {
    image: {
      maxBytes: 5 * MB,
      mimeTypes: ['image/jpeg', 'image/png'],
      formats: 'JPEG and PNG',
      caption: 1024,
    },
    video: {
      maxBytes: 16 * MB,
      mimeTypes: ['video/mp4', 'video/3gpp', 'video/3gp'],
      formats: 'MP4 and 3GP (H.264 with AAC)',
      caption: 1024,
    },
    audio: {
      maxBytes: 16 * MB,
      mimeTypes: ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg'],
      formats: 'AAC, AMR, MP3, M4A and OGG (Opus)',
      caption: null,
    },
    file: { maxBytes: 100 * MB, mimeTypes: [], formats: 'any file', caption: 1024 },
    // Animated ones; those that do not move may have 100 KB.
    sticker: {
      maxBytes: 500 * KB,
      mimeTypes: ['image/webp'],
      formats: 'WebP of 512 x 512 pixels',
      caption: null,
    },
  },
  maxImages: 1,
  maxButtons: 3,
  maxButtonTitle: 20,
  maxPayload: 256,
  buttonTypes: ['postback', 'url'],
  buttonTextLimit: 1024,
  // Up to three are shown as buttons, more as a list.
  maxQuickReplies: 10,
  quickReplyKinds: ['text'],
  template: {
    maxElements: 0,
    maxTitle: 0,
    needsMoreThanTitle: false,
    maxMediaButtons: 0,
    maxProducts: 0,
  },
  settings: ['replyTo', 'linkPreview'],
};

export function whatsAppAbilities(channel: Channel): ChannelAbilities | undefined {
  return channel === 'whatsapp' ? WHATSAPP : undefined;
}
