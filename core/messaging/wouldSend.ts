import {
  type Channel,
  type ContentWithFiles,
  type OutboundContent,
  type ProviderId,
  type SendSettings,
  type SentInstead,
} from '../model';
import { toAccount, type AccountRow } from '../store/statements/accounts';
import type { ContactRow } from '../store/statements/contacts';
import { chooseContent } from './closedWindow';
import type { MessagingContext } from './context';
import type { SendMessageInput } from './outbound';
import { permissionOf } from './permission';
import type { Refusal } from './policy';
import { sendStoreOf } from './sendStore';
import type { SendTarget } from './target.unit';
import { withCategory } from './templateCategory';
import { readOwnerOfPhone } from './wouldSend.unit';

/** A message of which one wants to know whether it would go. */
export type SendQuestion = Pick<
  SendMessageInput,
  'tenantId' | 'accountId' | 'contactId' | 'recipientExternalId' | 'conversationId' | 'category'
> & {
  content: OutboundContent;
  whenWindowClosed?: OutboundContent | undefined;
  settings?: SendSettings | undefined;
};

export interface SendProspect {
  /** What would go. */
  content: OutboundContent;
  fallback?: SentInstead | undefined;
  refusal: Pick<Refusal, 'reason' | 'detail'> | null;
}

/**
 * Whether a message would go at this moment, and in which form. Sends nothing, meets nobody, takes nothing of the limits.
 * @throws NotFoundError, InvalidInputError for the target; StoreError
 */
export async function wouldSend(
  ctx: MessagingContext,
  question: SendQuestion,
): Promise<SendProspect> {
  const { tenantId, accountId, contactId, recipientExternalId, conversationId } = question;
  const { settings = {}, category, content } = question;
  const resolution = await sendStoreOf(ctx.store, tenantId).resolve({
    accountId,
    contactId,
    recipientExternalId,
    conversationId,
  });
  const { account } = resolution.kind === 'found' ? resolution.target : resolution;
  const provider = ctx.providers.get(account.provider as ProviderId);
  const abilities = provider?.abilities(account.channel as Channel);
  if (!provider || !abilities) {
    const detail = `Nothing can be sent on ${account.channel} through ${account.provider}.`;
    return { content, refusal: { reason: 'not_permitted_on_channel', detail } };
  }
  const target =
    resolution.kind === 'found'
      ? resolution.target
      : asStranger(account, await ownerOf(ctx, tenantId, account, recipientExternalId ?? ''));
  const chosen = chooseContent(ctx, target, question, abilities);
  // No files were handed in, so there are none.
  const asked = chosen.content as ContentWithFiles & OutboundContent;
  const going = await withCategory(ctx, target.account, asked);
  const send = { tenantId, ...target, content: going, settings, category };
  const { refusal } = await permissionOf(ctx, send, { provider, abilities });
  return { content: going, fallback: chosen.fallback, refusal };
}

const NO_CONTACT = {
  id: '',
  name: null,
  phone: null,
  email: null,
  stage: null,
  birthday: null,
  birth_day: null,
  language: null,
  time_zone: null,
  source: null,
  custom_fields: '{}',
  merged_into: null,
  erased_at: null,
};

const NO_CONVERSATION = {
  id: '',
  contact_id: '',
  status: 'open',
  window_closes_at: null,
  last_inbound_at: null,
  last_outbound_at: null,
  automation_paused: 0,
  automation_reason: null,
  automation_until: null,
  automation_since: null,
  automation_message_id: null,
  assignee: null,
  closed_at: null,
  continued_on: null,
  referral: null,
};

/** Whom the number belongs to where they are known elsewhere: what they agreed to holds here, too. */
async function ownerOf(
  ctx: MessagingContext,
  tenantId: string,
  row: AccountRow,
  text: string,
): Promise<ContactRow | null> {
  const account = toAccount(row);
  const read = ctx.providers.get(account.provider)?.readRecipient?.(text, account);
  if (!read?.phone) return null;
  return await ctx.store.forTenant(tenantId).run(readOwnerOfPhone, { phone: read.phone });
}

/** Somebody whom the account has never met: no window is open. */
function asStranger(account: AccountRow, contact: ContactRow | null): SendTarget {
  const none = { tenant_id: account.tenant_id, created_at: 0, updated_at: 0 };
  return {
    account,
    person: {
      externalId: '',
      contact: contact ?? { ...none, ...NO_CONTACT },
      conversation: {
        ...none,
        ...NO_CONVERSATION,
        account_id: account.id,
        provider: account.provider,
        channel: account.channel,
      },
      contactIsNew: true,
      conversationIsNew: true,
    },
  };
}
