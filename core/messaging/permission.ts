import {
  describeError,
  type ApprovedTemplate,
  type ChannelAbilities,
  type OutboundContent,
  type SendCategory,
  type SendSettings,
} from '../model';
import { openConnectionOf } from '../accounts/accounts';
import type { Provider } from '../providers/provider';
import { toAccount } from '../store/statements/accounts';
import { settingsOf } from '../tenants';
import { permitSend, takesTemplates } from './closedWindow';
import type { MessagingContext } from './context';
import { offerTemplates } from './offerTemplates';
import type { Refusal } from './policy';
import { templateCategoryOf } from './policyRules';
import { isListed, keptBySafeMode } from './safeMode';
import { sendStoreOf } from './sendStore';
import type { SendTarget } from './target.unit';

export interface SendInQuestion extends SendTarget {
  tenantId: string;
  content: OutboundContent;
  settings: SendSettings;
  category?: SendCategory | undefined;
  evenIfHandedOver?: boolean | undefined;
}

export type SendPermission =
  | { refusal: Refusal & { templates?: ApprovedTemplate[] } }
  | { refusal: null; humanAgent: boolean };

/**
 * Whether the message may go now, asking what there is to ask: the tenant's settings, what the person wants and what the
 * provider holds back where that matters, and which templates there are where it needs a window that is closed.
 * @throws StoreError
 */
export async function permissionOf(
  ctx: MessagingContext,
  send: SendInQuestion,
  { provider, abilities }: { provider: Provider; abilities: ChannelAbilities },
): Promise<SendPermission> {
  const tenant = await settingsOf(ctx, send.tenantId);
  const { safeMode } = tenant;
  if (safeMode.on && !isListed(safeMode, send.person, toAccount(send.account), provider)) {
    const who = send.person.contact.name ?? send.person.externalId;
    return { refusal: keptBySafeMode(`"${who}"`) };
  }
  const restraints = isRestrained(send, abilities)
    ? await restrainedBy(ctx, send, provider)
    : undefined;
  const permission = permitSend(ctx, { ...send, ...restraints, tenant }, abilities);
  if (permission.refusal?.reason !== 'window_closed' || !takesTemplates(abilities)) {
    return permission;
  }
  const { refusal } = permission;
  const { sentence, templates } = await offerTemplates(ctx, send.account, provider);
  const detail = `${refusal.detail} ${sentence}`;
  return { refusal: { ...refusal, detail, ...(templates && { templates }) } };
}

/** Whether it matters what the person wants: not for an answer within the window of a channel. */
function isRestrained(
  { content, category }: SendInQuestion,
  { windowMs, windowFreeTypes = [] }: ChannelAbilities,
): boolean {
  const isOwnAccord = category === 'utility' || category === 'marketing';
  return windowMs === null || windowFreeTypes.includes(content.type) || isOwnAccord;
}

async function restrainedBy(ctx: MessagingContext, send: SendInQuestion, provider: Provider) {
  const { account, person, tenantId, category } = send;
  const pair = { accountId: account.id, contactId: person.contact.id };
  const restraints = await sendStoreOf(ctx.store, tenantId).restraints(pair);
  const isFree = restraints.optedOutOf.length === 0 && restraints.marketingHeldUntil === null;
  // A template that its sender calls utility may be marketing, and then it is counted so.
  const isAsked = !isFree || category === 'utility';
  const templateCategory = isAsked
    ? await categoryOf(ctx, send, provider)
    : templateCategoryOf(send.content);
  return { restraints, templateCategory };
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
