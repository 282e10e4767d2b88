import { describeError, type ApprovedTemplate } from '../model';
import { openConnectionOf } from '../accounts/accounts';
import type { Provider } from '../providers/provider';
import type { AccountRow } from '../store/statements/accounts';
import type { Store } from '../store/store';
import type { MessagingContext } from './context';

/** So long a send waits to hear which templates there are. */
const READ_WITHIN_MS = 5_000;
/** An account whose templates could not be read is not asked again for each of a thousand messages. */
const ASK_AGAIN_AFTER_MS = 60_000;

/** When reading failed last, by account. */
const failures = new WeakMap<Store, Map<string, number>>();

/**
 * The approved templates of an account, as its provider lists them.
 * @returns null where the list cannot be had at this moment: nothing fails for it
 */
export async function readTemplates(
  ctx: MessagingContext,
  account: AccountRow,
  provider: Provider,
): Promise<readonly ApprovedTemplate[] | null> {
  const failed = ofStore(failures, ctx.store);
  const failedAt = failed.get(account.id);
  const isTooSoon = failedAt !== undefined && performance.now() - failedAt < ASK_AGAIN_AFTER_MS;
  if (!provider.approvedTemplates || isTooSoon) return null;
  try {
    const connection = await openConnectionOf(ctx, account);
    const templates = await within(READ_WITHIN_MS, provider.approvedTemplates(connection));
    failed.delete(account.id);
    return templates;
  } catch (error) {
    failed.set(account.id, performance.now());
    ctx.logger.debug('The templates of an account could not be read', {
      tenantId: account.tenant_id,
      accountId: account.id,
      error: describeError(error),
    });
    return null;
  }
}

/** Templates change rarely, and hundreds of messages may go in a minute. */
const FRESH_MS = 5 * 60_000;

interface Copy {
  readAt: number;
  templates: Promise<readonly ApprovedTemplate[] | null>;
}

const copies = new WeakMap<Store, Map<string, Copy>>();

/** As readTemplates, from a copy of at most five minutes. */
export async function recentTemplates(
  ctx: MessagingContext,
  account: AccountRow,
  provider: Provider,
): Promise<readonly ApprovedTemplate[] | null> {
  const known = ofStore(copies, ctx.store);
  const present = known.get(account.id);
  const now = performance.now();
  if (present && now - present.readAt < FRESH_MS) return present.templates;
  const copy = { readAt: now, templates: readTemplates(ctx, account, provider) };
  known.set(account.id, copy);
  const templates = await copy.templates;
  if (templates === null && known.get(account.id) === copy) known.delete(account.id);
  return templates;
}

function ofStore<V>(all: WeakMap<Store, Map<string, V>>, store: Store): Map<string, V> {
  const own = all.get(store) ?? new Map<string, V>();
  all.set(store, own);
  return own;
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
