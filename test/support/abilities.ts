import type { ChannelAbilities } from '../../core/model';

const ANY_FILE = { maxBytes: 25 * 1024 ** 2, mimeTypes: [], formats: 'any file', caption: null };

/** A channel of the tests' own: everything small enough to be broken easily. */
export const testAbilities: ChannelAbilities = {
  provider: 'meta',
  channel: 'instagram',
  displayName: 'Instagram',
  windowMs: 24 * 3_600_000,
  humanAgentWindowMs: 7 * 24 * 3_600_000,
  contentTypes: ['text', 'image', 'video', 'audio', 'file', 'images', 'buttons', 'quickReplies'],
  textLimit: { max: 1_000, unit: 'bytes' },
  media: { image: ANY_FILE, video: ANY_FILE, audio: ANY_FILE, file: ANY_FILE },
  maxImages: 10,
  maxButtons: 3,
  maxButtonTitle: 20,
  maxPayload: 1_000,
  buttonTypes: ['postback', 'url'],
  buttonTextLimit: 640,
  maxQuickReplies: 13,
  quickReplyKinds: ['text', 'phone', 'email'],
  template: {
    maxElements: 10,
    maxTitle: 80,
    needsMoreThanTitle: true,
    maxMediaButtons: 1,
    maxProducts: 10,
  },
  settings: ['replyTo', 'humanAgent'],
};
