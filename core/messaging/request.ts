import type { OutboundContent, SendCategory, SendSettings, SentInstead } from '../model';
import type { Store } from '../store/store';

/** What the runtime needs to send a reserved message after proof of absence. */
export interface StoredRequest {
  recipientExternalId: string;
  content: OutboundContent;
  settings?: SendSettings;
  /** The content goes in place of another. */
  fallback?: SentInstead | undefined;
  category?: SendCategory | undefined;
  evenIfHandedOver?: boolean | undefined;
}

interface Sealing {
  store: Pick<Store, 'sealer'>;
}

/** Sealed, because it holds what is said to a customer; bound to its message. */
export function sealRequest(ctx: Sealing, messageId: string, request: StoredRequest): string {
  return ctx.store.sealer.seal(JSON.stringify(request), messageId);
}

/** @throws StoreError `store_key_lost` */
export function openRequest(ctx: Sealing, messageId: string, sealed: string): StoredRequest {
  return JSON.parse(ctx.store.sealer.open(sealed, messageId)) as StoredRequest;
}
