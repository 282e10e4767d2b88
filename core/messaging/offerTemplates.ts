import { describeError, type ApprovedTemplate } from '../model';
import { openConnectionOf } from '../accounts/accounts';
import type { Provider } from '../providers/provider';
import type { AccountRow } from '../store/statements/accounts';
import type { Store } from '../store/store';
import type { MessagingContext } from './context';

/** In a sentence nobody reads more of them, and a result is no catalogue. */
const MOST_IN_SENTENCE = 10;
const MOST_IN_RESULT = 50;
/** So long a refusal waits to hear which templates there are. */
const READ_WITHIN_MS = 5_000;
/** An account whose templates could not be read is not asked again for each of a thousand refusals. */
const ASK_AGAIN_AFTER_MS = 60_000;

/** When reading failed last, by account. */
const failures = new WeakMap<Store, Map<string, number>>();

/**
 * What could be sent although the window is closed: the account's approved templates.
 * @returns a sentence for people, also where the list cannot be had: the refusal stands in any case
 */
export async function offerTemplates(
  ctx: MessagingContext,
  account: AccountRow,
  provider: Provider,
): Promise<{ sentence: string; templates?: ApprovedTemplate[] }> {
  const failed = failures.get(ctx.store) ?? new Map<string, number>();
  failures.set(ctx.store, failed);
  const failedAt = failed.get(account.id);
  const isTooSoon = failedAt !== undefined && performance.now() - failedAt < ASK_AGAIN_AFTER_MS;
  if (!provider.approvedTemplates || isTooSoon) return { sentence: UNREADABLE };
  try {
    const connection = await openConnectionOf(ctx, account);
    const templates = await within(READ_WITHIN_MS, provider.approvedTemplates(connection));
    failed.delete(account.id);
    return { sentence: sentenceOf(templates, account.name), templates: bounded(templates) };
  } catch (error) {
    failed.set(account.id, performance.now());
    ctx.logger.debug('The templates of an account could not be read for a refusal', {
      tenantId: account.tenant_id,
      accountId: account.id,
      error: describeError(error),
    });
    return { sentence: UNREADABLE };
  }
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

/** @throws Error when the time is over first; what comes later of the work is of no interest */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`There was no answer within ${milliseconds / 1_000} seconds.`));
    }, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
