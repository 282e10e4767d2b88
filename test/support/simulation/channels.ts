import type { ChannelAbilities } from '../../../core/model';
import type { Provider } from '../../../core/providers/provider';
import { testAbilities } from '../abilities';

export const PROVIDERS = { whatsapp: 'whatsapp_cloud', messenger: 'meta' } as const;

/** What the two channels can do, as both the parent and its processes know it. */
export const ABILITIES: Record<'whatsapp_cloud' | 'meta', ChannelAbilities> = {
  whatsapp_cloud: {
    ...testAbilities,
    provider: 'whatsapp_cloud',
    channel: 'whatsapp',
    displayName: 'WhatsApp',
    humanAgentWindowMs: null,
    contentTypes: [...testAbilities.contentTypes, 'template'],
    windowFreeTypes: ['template'],
  },
  meta: { ...testAbilities, channel: 'messenger', displayName: 'Messenger' },
};

/** What a message of a customer holds beside its envelope. */
export function message(text: string) {
  return {
    type: 'text',
    text,
    attachments: [],
    buttonPayload: null,
    replyTo: null,
    referral: null,
    standby: false,
  };
}

/** The reception sends nothing. */
export function quietProvider(id: 'whatsapp_cloud' | 'meta'): Provider {
  const refuse = () => Promise.reject(new Error('The reception sends nothing.'));
  return {
    id,
    abilities: (channel) => (channel === ABILITIES[id].channel ? ABILITIES[id] : undefined),
    checkContent: () => undefined,
    contentFingerprint: () => '',
    send: refuse,
    recentMessages: refuse,
  };
}
