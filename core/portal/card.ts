/* Types alone, and of model/ those that need nothing of Node: the page in web/ reads them, too. */

import type { MetaLogin } from '../model/account';
import type { Channel } from '../model/channels';

/** NotificaMe's own window, by what it is to connect. */
export type HubLogin = 'notificame-whatsapp' | 'notificame-instagram' | 'notificame-facebook';
/** A way to connect that the page offers. */
export type PageLogin = MetaLogin | HubLogin;

export type Badge =
  | 'active'
  | 'expiring'
  | 'expired'
  | 'refused'
  | 'attention'
  | 'error'
  | 'disconnected'
  | 'pending';

/** An account as the page shows it: never a secret, never an id of the provider. */
export interface Card {
  id: string;
  channel: Channel;
  name: string;
  username: string | null;
  pageName: string | null;
  badge: Badge;
  /** For operators alone: it is in English and may name things of n8n. */
  reason: string | null;
  refusedCalls: number;
  refusedSince: number | null;
  connectedAt: number | null;
  lastSyncedAt: number | null;
  lastReceivedAt: number | null;
  expiresAt: number | null;
  hasPicture: boolean;
  renewBy: 'server' | PageLogin | null;
  can: { check: boolean; renew: boolean; disconnect: boolean };
}
