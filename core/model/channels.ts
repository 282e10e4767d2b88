/** Where a message travels; `calendar` carries appointments and no messages. What a channel can do is declared per provider and channel (see providers/). */
export const CHANNELS = [
  'instagram',
  'messenger',
  'whatsapp',
  'telegram',
  'tiktok',
  'sms',
  'rcs',
  'email',
  'webchat',
  'gbm',
  'mercadolivre',
  'olx',
  'calendar',
] as const;
export type Channel = (typeof CHANNELS)[number];

/** Whose API carries it. One account belongs to one provider and one channel. */
export const PROVIDERS = [
  'meta',
  'whatsapp_cloud',
  'whatsapp_session',
  'notificame',
  'google',
] as const;
export type ProviderId = (typeof PROVIDERS)[number];

/** Who calls a door: a provider, or any system that signs its webhooks (the Signed Webhook Trigger). */
export type DoorProvider = ProviderId | 'signed_webhook';

/**
 * What a door may do about the address that a provider calls for an account: set it where nobody else is called, take
 * it over from whoever is, or nothing.
 */
export type DoorSubscription = 'ifFree' | 'takeOver' | 'leave';
