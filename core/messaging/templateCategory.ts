import type { OutboundContent, ProviderId, TemplateMessage, TemplateNotice } from '../model';
import { healthOfRow } from '../store/statements/accountHealth';
import type { AccountRow } from '../store/statements/accounts';
import type { MessagingContext } from './context';
import { isMarketing } from './policyRules';
import { recentTemplates } from './templateList';

/** A change is told a day before it happens, and by then the list of the provider tells it, too. */
const NOTICE_MS = 48 * 3_600_000;

/**
 * A template with the kind that its provider counts it as, whatever its sender calls it: of what the account was told of
 * the template and of what the provider lists, marketing wins. Where nobody can say, it stays as it is.
 */
export async function withCategory(
  ctx: MessagingContext,
  account: AccountRow,
  content: OutboundContent,
): Promise<OutboundContent> {
  if (content.type !== 'template' || isMarketing(content.template.category)) return content;
  const category = await categoryOf(ctx, account, content.template);
  return category === undefined
    ? content
    : { ...content, template: { ...content.template, category } };
}

async function categoryOf(
  ctx: MessagingContext,
  account: AccountRow,
  { name, language, category }: TemplateMessage,
): Promise<string | undefined> {
  const isIt = (one: { name: string; language: string }) =>
    one.name === name && one.language === language;
  const notice = healthOfRow(account).templates?.find(isIt);
  const told = notice?.category?.toLowerCase();
  if (notice && isMarketing(told) && isNews(ctx, notice)) return told;
  const provider = ctx.providers.get(account.provider as ProviderId);
  const templates = provider && (await recentTemplates(ctx, account, provider));
  const listed = templates?.find(isIt)?.category?.toLowerCase();
  return listed ?? told ?? category;
}

function isNews({ clock }: MessagingContext, { at }: TemplateNotice): boolean {
  return clock.now() - Date.parse(at) < NOTICE_MS;
}
