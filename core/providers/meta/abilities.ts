import type { Channel, ChannelAbilities } from '../../model';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What both channels of a Page share. Source: Meta's documentation of the Send API, its templates and its standard window. */
const OF_A_PAGE = {
  provider: 'meta',
  windowMs: DAY_MS,
  contentTypes: ['text', 'image', 'buttons', 'quickReplies'],
  maxButtons: 3,
  maxQuickReplies: 13,
  maxButtonTitle: 20,
  maxPayload: 1000,
  buttonTextLimit: 640,
} as const;

const ABILITIES: Partial<Record<Channel, ChannelAbilities>> = {
  messenger: {
    ...OF_A_PAGE,
    channel: 'messenger',
    displayName: 'Messenger',
    // The documentation says "less than 2000".
    textLimit: { max: 1999, unit: 'characters' },
    buttonTypes: ['postback', 'url', 'phone'],
  },
  instagram: {
    ...OF_A_PAGE,
    channel: 'instagram',
    displayName: 'Instagram',
    textLimit: { max: 1000, unit: 'bytes' },
    buttonTypes: ['postback', 'url'],
  },
};

/** What an account of a Page can do on a channel; undefined for a channel Meta does not serve here. */
export function metaAbilities(channel: Channel): ChannelAbilities | undefined {
  return ABILITIES[channel];
}
