import type { ApprovedTemplate } from '../model';
import type { Provider } from '../providers/provider';
import type { AccountRow } from '../store/statements/accounts';
import type { MessagingContext } from './context';
import { readTemplates } from './templateList';

/** In a sentence nobody reads more of them, and a result is no catalogue. */
const MOST_IN_SENTENCE = 10;
const MOST_IN_RESULT = 50;

/**
 * What could be sent although the window is closed: the account's approved templates.
 * @returns a sentence for people, also where the list cannot be had: the refusal stands in any case
 */
export async function offerTemplates(
  ctx: MessagingContext,
  account: AccountRow,
  provider: Provider,
): Promise<{ sentence: string; templates?: ApprovedTemplate[] }> {
  const templates = await readTemplates(ctx, account, provider);
  if (templates === null) return { sentence: UNREADABLE };
  return { sentence: sentenceOf(templates, account.name), templates: bounded(templates) };
}

const UNREADABLE = 'Which ones this account has could not be read at this moment.';

function sentenceOf(templates: readonly ApprovedTemplate[], accountName: string): string {
  if (templates.length === 0) return `"${accountName}" has no approved template yet: create one.`;
  const named = templates
    .slice(0, MOST_IN_SENTENCE)
    .map(({ name, language }) => `${name} (${language})`);
  const more = templates.length - named.length;
  const rest = more > 0 ? ` and ${more} more` : '';
  return `Approved for "${accountName}": ${named.join(', ')}${rest}.`;
}

function bounded(templates: readonly ApprovedTemplate[]): ApprovedTemplate[] {
  return templates.slice(0, MOST_IN_RESULT);
}
