import {
  describeError,
  type ApprovedTemplate,
  type ChannelAbilities,
  type OutboundContent,
  type SendSettings,
} from '../model';
import { openConnectionOf } from '../accounts/accounts';
import type { Provider } from '../providers/provider';
import { permitSend, takesTemplates } from './closedWindow';
import type { MessagingContext } from './context';
import { offerTemplates } from './offerTemplates';
import type { Refusal } from './policy';
import { sendStoreOf } from './sendStore';
import type { SendTarget } from './target.unit';

export interface SendInQuestion extends SendTarget {
  tenantId: string;
  content: OutboundContent;
  settings: SendSettings;
}

export type SendPermission =
  | { refusal: Refusal & { templates?: ApprovedTemplate[] } }
  | { refusal: null; humanAgent: boolean };

/**
 * Whether the message may go now, asking what there is to ask: what the person wants and what the provider holds back
 * where a message needs no window, and which templates there are where it needs one that is closed.
 * @throws StoreError
 */
export async function permissionOf(
  ctx: MessagingContext,
  send: SendInQuestion,
  { provider, abilities }: { provider: Provider; abilities: ChannelAbilities },
): Promise<SendPermission> {
  if (abilities.windowFreeTypes?.includes(send.content.type)) {
    return permitSend(ctx, { ...send, ...(await restrainedBy(ctx, send, provider)) }, abilities);
  }
  const permission = permitSend(ctx, send, abilities);
  if (permission.refusal?.reason !== 'window_closed' || !takesTemplates(abilities)) {
    return permission;
  }
  const { refusal } = permission;
  const { sentence, templates } = await offerTemplates(ctx, send.account, provider);
  const detail = `${refusal.detail} ${sentence}`;
  return { refusal: { ...refusal, detail, ...(templates && { templates }) } };
}

async function restrainedBy(ctx: MessagingContext, send: SendInQuestion, provider: Provider) {
  const { account, person, tenantId } = send;
  const pair = { accountId: account.id, contactId: person.contact.id };
  const restraints = await sendStoreOf(ctx.store, tenantId).restraints(pair);
  const isFree = restraints.optedOutOf.length === 0 && restraints.marketingHeldUntil === null;
  return { restraints, category: isFree ? undefined : await categoryOf(ctx, send, provider) };
}

/** What kind of message a template is: as the content says, else as its provider does. Undefined: nobody knows. */
async function categoryOf(
  ctx: MessagingContext,
  { account, content }: SendInQuestion,
  provider: Provider,
): Promise<string | undefined> {
  if (content.type !== 'template') return undefined;
  const { name, language, category } = content.template;
  if (category !== undefined || !provider.approvedTemplates) return category;
  try {
    const templates = await provider.approvedTemplates(await openConnectionOf(ctx, account));
    return templates.find((one) => one.name === name && one.language === language)?.category;
  } catch (error) {
    ctx.logger.debug('What kind of message a template is could not be read', {
      tenantId: account.tenant_id,
      accountId: account.id,
      error: describeError(error),
    });
    return undefined;
  }
}
