import { createHash } from 'node:crypto';
import type { HttpClient } from '../../http/client';
import type { Account, OutboundContent } from '../../model';
import type { Provider, Recipient } from '../provider';
import { readRecipient as readPhone } from '../whatsapp-cloud/phone';
import { notificaMeAbilities } from './abilities';
import { checkNotificaMeContent } from './check';
import { createHubClient } from './client';
import { createNotificaMeConnections } from './connections';
import { addressOfFile } from './doorSubscriptions';
import { sendThroughHub } from './send';
import { listHubTemplates } from './templates';

export {
  CREDENTIAL_FIELDS,
  DEFAULT_HUB_BASE_URL,
  DEFAULT_HUB_TIMEZONE,
  accessOf,
  accessOfCredential,
  accessOfLogin,
  loginOfNotificaMe,
} from './access';
export type { HubAccess, NotificaMeCredential } from './access';
export { DEFAULT_V2_CHANNELS, channelOfType } from './channels';
export { CONNECT_TYPES, connectAddress, connectedSince, workingChannels } from './connect';
export type { ConnectType } from './connect';
export { describeCredential } from './describe';
export { discoverHubAccounts, getHubChannel, listHubChannels } from './hubChannels';
export type { HubChannel } from './hubChannels';
export { parseNotificaMeWebhook } from './inbound/parse';
export * from './instances';
export {
  SUBSCRIPTION_EVENTS,
  createSubscription,
  deleteSubscription,
  listSubscriptions,
  updateSubscription,
} from './subscriptions';
export type { HubSubscription, NewSubscription, SubscriptionChange } from './subscriptions';
export { createReadyAtHub } from './readyTemplates';
export { createHubTemplate, fillHubTemplate, listHubTemplates } from './templates';
export type { HubTemplate, NewHubTemplate } from './templates';
export { factsOfAddress, isHubSecret, readHubBody } from './webhook';

/** Every channel that NotificaMe's hub carries. */
export function createNotificaMeProvider({ http }: { http: HttpClient }): Provider {
  const client = createHubClient(http);
  return {
    id: 'notificame',
    abilities: notificaMeAbilities,
    checkContent: checkNotificaMeContent,
    send: (connection, request) => sendThroughHub(client, connection, request),
    // The hub shows no conversations: what became of a message is told by its status alone.
    recentMessages: async () => ({ messages: [], reachesBeginning: false }),
    contentFingerprint,
    readRecipient,
    async approvedTemplates(connection) {
      if (connection.account.channel !== 'whatsapp') return [];
      const templates = await listHubTemplates(http, connection);
      return templates.flatMap(({ name, language, status, category }) =>
        status === 'APPROVED' && name !== null && language !== null
          ? [{ name, language, ...(category ? { category: category.toLowerCase() } : {}) }]
          : [],
      );
    },
    whenSilent: WHEN_SILENT,
    fileAddress: addressOfFile,
    keeper: createNotificaMeConnections(http),
  };
}

const WHEN_SILENT: readonly string[] = [
  'Look at the channel in the panel of NotificaMe: is it connected?',
  'Connection: Check says whether its webhooks are subscribed; NotificaMe switches off those that answered slowly.',
];

/** Channels that know people by their number take it as people write it; the others know ids of their own. */
function readRecipient(text: string, { channel, health }: Account): Recipient {
  if (channel === 'whatsapp' || channel === 'sms' || channel === 'rcs') {
    return readPhone(text, health?.phoneNumber);
  }
  const externalId = text.trim();
  return { externalId, forms: [externalId], phone: null };
}

/** Nothing is read back; an echo of ours shows the words alone. */
function contentFingerprint(content: OutboundContent): string {
  const shown = content.type === 'text' ? { type: content.type, text: content.text } : content;
  return createHash('sha256').update(JSON.stringify(shown)).digest('hex');
}
