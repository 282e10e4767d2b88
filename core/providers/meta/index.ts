import type { HttpClient } from '../../http/client';
import type { Clock } from '../../model';
import type { Provider } from '../provider';
import { metaAbilities } from './abilities';
import { createGraphClient } from './client';
import type { UsageListener } from './client';
import { checkMetaContent } from './content';
import { metaContentFingerprint } from './fingerprint';
import { readRecentMessages } from './recentMessages';
import { sendMetaMessage } from './send';

export type { MetaCredential } from './access';
export { CONTENT_FIELDS } from './content';
export { checkMetaCredential, discoverMetaAccounts } from './discover';
export { fetchPersonProfile } from './profile';
export type { PersonProfile } from './profile';
export {
  PAGE_WEBHOOK_FIELDS,
  getPageSubscription,
  subscribePage,
  unsubscribePage,
} from './subscribe';
export { usageReport } from './usage';
export type { MetaUsage } from './usage';
export { answerHandshake, parseMetaWebhook, readMetaBody, verifyMetaSignature } from './webhook';
export type { HandshakeAnswer } from './webhook';

export interface MetaProviderDeps {
  http: HttpClient;
  clock: Clock;
  onUsage?: UsageListener | undefined;
}

/** Instagram (through a Page) and Messenger, straight to Meta. */
export function createMetaProvider({ http, onUsage }: MetaProviderDeps): Provider {
  const graph = createGraphClient({ http, onUsage });
  return {
    id: 'meta',
    abilities: metaAbilities,
    checkContent: checkMetaContent,
    send: (connection, request) => sendMetaMessage(graph, connection, request),
    recentMessages: (connection, recipientExternalId, limit) =>
      readRecentMessages(graph, connection, recipientExternalId, limit),
    contentFingerprint: metaContentFingerprint,
  };
}
