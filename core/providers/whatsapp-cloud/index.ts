import { createHash } from 'node:crypto';
import type { HttpClient } from '../../http/client';
import type { OutboundContent } from '../../model';
import type { Provider } from '../provider';
import { whatsAppAbilities } from './abilities';
import { whatsAppPace } from './pace';
import { createCloudClient } from './client';
import type { CloudUsageListener } from './client';
import { createWhatsAppConnections } from './connections';
import { checkWhatsAppContent } from './content/check';
import { uploadWhatsAppFile } from './media';
import { readRecipient } from './phone';
import { createReceivedFiles } from './receivedFiles';
import { sendWhatsAppMessage } from './send';
import { templatesOf } from './templates/book';

export { blockUsers, listBlockedUsers, unblockUsers } from './block';
export type { BlockResult } from './block';
export type { CloudUsageListener } from './client';
export { loginOfWhatsApp } from './connections';
export { CREDENTIAL_FIELDS } from './credential';
export type { WhatsAppCredential } from './credential';
export { discoverWhatsAppAccounts, findNumbers } from './discover';
export { flowsOf } from './flows';
export type { Flow } from './flows';
export { deleteMedia, downloadMedia, uploadMedia } from './media';
export type { DownloadedMedia, MediaFacts, NewMedia } from './media';
export { getNumber, listNumbers, listNumbersOf, markRead, registerPhoneNumber } from './operations';
export { describeNumber } from './numbers';
export type { PhoneNumber } from './numbers';
export type { Page, PageRequest } from './paging';
export { formsOf, isUserId, readRecipient } from './phone';
export type { WhatsAppRecipient } from './phone';
export { getProfile, updateProfile } from './profile';
export type { BusinessProfile, ProfileChange } from './profile';
export { getSubscribedApps, subscribeBusiness, unsubscribeBusiness } from './subscribe';
export type { CallbackOverride, SubscribedApp } from './subscribe';
export { forgetTemplates, templatesOf } from './templates/book';
export type { MessageTemplate } from './templates/definition';
export { componentsOf, formatOf } from './templates/draft';
export type { DraftButton, DraftHeader, TemplateDraft } from './templates/draft';
export { fillTemplate } from './templates/fill';
export type { TemplateChoice } from './templates/fill';
export { createTemplate, deleteTemplate, listTemplates } from './templates/manage';
export type { CreatedTemplate, NewTemplate, TemplateFilter } from './templates/manage';
export { previewOf } from './templates/preview';
export {
  READY_LANGUAGES,
  READY_NAMES,
  READY_TEMPLATES,
  createReadyAtMeta,
  createReadyTemplates,
} from './templates/ready';
export type {
  ReadyAtMeta,
  ReadyLanguage,
  ReadyName,
  ReadyOutcome,
  ReadyRequest,
} from './templates/ready';
export { variablesOf } from './templates/variables';
export type { TemplateVariable } from './templates/variables';
export {
  answerHandshake,
  parseWhatsAppWebhook,
  readMetaBody,
  verifyMetaSignature,
} from './webhook';

export interface WhatsAppProviderDeps {
  http: HttpClient;
  onUsage?: CloudUsageListener | undefined;
}

/** WhatsApp Business Cloud, straight to Meta. */
export function createWhatsAppProvider({ http, onUsage }: WhatsAppProviderDeps): Provider {
  const client = createCloudClient({ http, onUsage });
  return {
    id: 'whatsapp_cloud',
    abilities: whatsAppAbilities,
    checkContent: checkWhatsAppContent,
    send: (connection, request) => sendWhatsAppMessage(client, connection, request),
    upload: (connection, kind, file) => uploadWhatsAppFile(client, connection, kind, file),
    // The Cloud API shows no conversations: what became of a message is told by its status alone.
    recentMessages: async () => ({ messages: [], reachesBeginning: false }),
    contentFingerprint,
    showsOwnSends: false,
    pace: whatsAppPace,
    readRecipient: (text, account) => readRecipient(text, account.health?.phoneNumber),
    async approvedTemplates(connection) {
      const templates = await templatesOf(http, connection);
      return templates
        .filter(({ status }) => status === 'APPROVED')
        .map(({ name, language, category }) => ({
          name,
          language,
          ...(category ? { category: category.toLowerCase() } : {}),
        }));
    },
    files: createReceivedFiles(http),
    keeper: createWhatsAppConnections(http),
  };
}

/** Nothing is ever read back, so only equal content has to look equal. */
function contentFingerprint(content: OutboundContent): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
