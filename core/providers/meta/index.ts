import type { HttpClient } from '../../http/client';
import type { Clock } from '../../model';
import type { Provider } from '../provider';
import { metaAbilities } from './abilities';
import { createGraphClient, listenToUsage } from './client';
import type { UsageListener } from './client';
import { createMetaConnections } from './connections';
import { checkMetaContent } from './content';
import { metaContentFingerprint } from './fingerprint';
import { downloadAttachment, hasFile } from './download';
import { createMissedMessages } from './missed';
import { readBasicProfile } from './profile';
import { sendPrivateReply } from './privateReply';
import { readRecentMessages } from './recentMessages';
import { metaPace } from './sendPace';
import { WHEN_SILENT } from './silence';
import { sendMetaMessage } from './send';
import { uploadMetaFile } from './upload';

export { accessOfLogin, loginOfCredential } from './access';
export type { MetaCredential } from './access';
export { getAppSubscriptions, subscribeApp, unsubscribeApp } from './appSubscriptions';
export type { AppSubscription, SubscribeAppInput, WebhookObject } from './appSubscriptions';
export { createMetaConnections } from './connections';
export { inspectToken } from './debugToken';
export type { AppAccess, TokenFacts } from './debugToken';
export { checkMetaCredential, discoverAccounts, discoverMetaAccounts } from './discover';
export {
  dialogUrl,
  exchangeCode,
  extendToken,
  readDialogReturn,
  readPermissions,
  renewToken,
  revokePermissions,
} from './oauth';
export type { DialogOptions, DialogReturn, MadeToken, MetaApp } from './oauth';
export { LOGIN_SCOPES, missingPermissions } from './permissions';
export { findConversationWith, listConversations, listMessages } from './conversations';
export type {
  FoundConversation,
  FoundMessage,
  PageOf,
  PageRequest,
  Participant,
} from './conversations';
export { downloadAttachment, hasFile } from './download';
export {
  deleteMessengerProfile,
  getMessengerProfile,
  setMessengerProfile,
} from './messengerProfile';
export type {
  Greeting,
  IceBreaker,
  MenuItem,
  MessengerProfile,
  ProfilePart,
} from './messengerProfile';
export { fetchPersonProfile, readPersonProfile } from './profile';
export type { DetailedProfile, PersonProfile } from './profile';
export { reactToMessage, showSenderAction } from './senderActions';
export type { Reaction, SenderAction } from './senderActions';
export { verifySignedRequest } from './signedRequest';
export type { SignedRequest } from './signedRequest';
export { getPageSubscription, subscribePage, unsubscribePage } from './subscribe';
export { usageReport } from '../graph/usage';
export type { MetaUsage } from '../graph/usage';
export { answerHandshake, parseMetaWebhook, readMetaBody, verifyMetaSignature } from './webhook';
export type { HandshakeAnswer } from './webhook';
export {
  APP_WEBHOOK_FIELDS,
  ASSET_WEBHOOK_FIELDS,
  INSTAGRAM_WEBHOOK_FIELDS,
  PAGE_WEBHOOK_FIELDS,
} from './webhookFields';

export interface MetaProviderDeps {
  http: HttpClient;
  clock: Clock;
  onUsage?: UsageListener | undefined;
}

/** Instagram (through a Page) and Messenger, straight to Meta. */
export function createMetaProvider({ http, clock, onUsage }: MetaProviderDeps): Provider {
  if (onUsage) listenToUsage(http, onUsage);
  const graph = createGraphClient({ http });
  return {
    id: 'meta',
    abilities: metaAbilities,
    checkContent: checkMetaContent,
    send: (connection, request) => sendMetaMessage(graph, connection, request),
    privateReply: (connection, request) => sendPrivateReply(graph, connection, request),
    pace: metaPace,
    upload: (connection, kind, file) => uploadMetaFile(graph, connection, kind, file),
    recentMessages: (connection, recipientExternalId, limit) =>
      readRecentMessages(graph, connection, recipientExternalId, limit),
    contentFingerprint: metaContentFingerprint,
    readPerson: (connection, personExternalId) =>
      readBasicProfile(http, connection, personExternalId),
    whenSilent: WHEN_SILENT,
    files: {
      has: hasFile,
      download: (connection, attachment) => downloadAttachment(http, connection, attachment),
    },
    missed: createMissedMessages(http),
    keeper: createMetaConnections(http, clock),
  };
}
