import type { Channel, ChannelAbilities } from '../../model';

const HOUR_MS = 60 * 60 * 1000;
const MB = 1024 * 1024;

/**
 * What both channels share. Source: Meta's documentation of the Send API, its templates, its standard window and the
 * tag HUMAN_AGENT.
 */
const OF_BOTH = {
  provider: 'meta',
  windowMs: 24 * HOUR_MS,
  humanAgentWindowMs: 7 * 24 * HOUR_MS,
  maxImages: 10,
  maxButtons: 3,
  maxQuickReplies: 13,
  maxButtonTitle: 20,
  maxPayload: 1000,
  buttonTextLimit: 640,
  quickReplyKinds: ['text', 'phone', 'email'],
} as const;

const TEMPLATE = { maxElements: 10, maxTitle: 80, maxMediaButtons: 1, maxProducts: 10 } as const;

const ABILITIES: Partial<Record<Channel, ChannelAbilities>> = {
  messenger: {
    ...OF_BOTH,
    channel: 'messenger',
    displayName: 'Messenger',
    contentTypes: [
      'text',
      'image',
      'video',
      'audio',
      'file',
      'images',
      'buttons',
      'quickReplies',
      'genericTemplate',
      'mediaTemplate',
      'productTemplate',
    ],
    // The documentation says "less than 2000".
    textLimit: { max: 1999, unit: 'characters' },
    // It states a size, and no formats.
    media: {
      image: { maxBytes: 25 * MB, mimeTypes: ['image/*'], formats: 'pictures', caption: null },
      video: { maxBytes: 25 * MB, mimeTypes: ['video/*'], formats: 'videos', caption: null },
      audio: { maxBytes: 25 * MB, mimeTypes: ['audio/*'], formats: 'recordings', caption: null },
      file: { maxBytes: 25 * MB, mimeTypes: [], formats: 'any file', caption: null },
    },
    buttonTypes: ['postback', 'url', 'phone'],
    template: { ...TEMPLATE, needsMoreThanTitle: false },
    settings: ['replyTo', 'humanAgent', 'notification'],
  },
  instagram: {
    ...OF_BOTH,
    channel: 'instagram',
    displayName: 'Instagram',
    contentTypes: [
      'text',
      'image',
      'video',
      'audio',
      'file',
      'images',
      'buttons',
      'quickReplies',
      'genericTemplate',
      'productTemplate',
      'sticker',
      'sharePost',
    ],
    textLimit: { max: 1000, unit: 'bytes' },
    media: {
      image: {
        maxBytes: 8 * MB,
        mimeTypes: ['image/png', 'image/jpeg', 'image/jpg', 'image/gif'],
        formats: 'PNG, JPEG and GIF',
        caption: null,
      },
      video: {
        maxBytes: 25 * MB,
        mimeTypes: [
          'video/mp4',
          'video/ogg',
          'video/avi',
          'video/x-msvideo',
          'video/quicktime',
          'video/webm',
        ],
        formats: 'MP4, OGG, AVI, MOV and WebM',
        caption: null,
      },
      audio: {
        maxBytes: 25 * MB,
        mimeTypes: [
          'audio/aac',
          'audio/x-aac',
          'audio/mp4',
          'audio/m4a',
          'audio/x-m4a',
          'audio/wav',
          'audio/x-wav',
          'audio/wave',
          'video/mp4',
        ],
        formats: 'AAC, M4A, WAV and MP4',
        caption: null,
      },
      file: {
        maxBytes: 25 * MB,
        mimeTypes: ['application/pdf'],
        formats: 'PDF',
        caption: null,
      },
    },
    buttonTypes: ['postback', 'url'],
    template: { ...TEMPLATE, needsMoreThanTitle: true },
    settings: ['replyTo', 'humanAgent'],
  },
};

/** What an account can do on a channel; undefined for a channel Meta does not serve here. */
export function metaAbilities(channel: Channel): ChannelAbilities | undefined {
  return ABILITIES[channel];
}
