import type {
  ApprovedTemplate,
  ChannelAbilities,
  OutboundContent,
  SendCategory,
  SendSettings,
} from '../model';
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
  /** A template with the kind that its provider counts it as (templateCategory.ts). */
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
  const restraints = isRestrained(send, abilities) ? await restrainedBy(ctx, send) : undefined;
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

async function restrainedBy(ctx: MessagingContext, send: SendInQuestion) {
  const { account, person, tenantId, content } = send;
  const pair = { accountId: account.id, contactId: person.contact.id };
  const restraints = await sendStoreOf(ctx.store, tenantId).restraints(pair);
  return { restraints, templateCategory: templateCategoryOf(content) };
}
