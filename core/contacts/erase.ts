import { NotFoundError } from '../model';
import { listDueErasures } from '../store/instance/erasures';
import type { ContactsContext } from './context';
import { beginErasure } from './erase.unit';
import { eraseStep } from './eraseStep.unit';
import { readContactRef } from './ref';

export interface ErasedContact {
  contactId: string;
  /** ISO 8601. */
  erasedAt: string;
  /** `erasing`: what is left goes within a minute or so, also when this process ends. */
  status: 'erased' | 'erasing';
}

/**
 * Erases a person (LGPD, art. 18): names, numbers, words, files, payloads, requests and what was to be sent. That
 * messages were sent, and when, stays, to nobody in particular; the audit log says who asked for it. Whoever writes from
 * the same number next is somebody new. Killed in between, the runtime goes on.
 * @throws InvalidInputError, NotFoundError
 */
export async function eraseContact(
  ctx: ContactsContext,
  { tenantId, contact }: { tenantId: string; contact: string },
  actor = 'workflow',
): Promise<ErasedContact> {
  const ref = readContactRef(contact);
  const tenant = ctx.store.forTenant(tenantId);
  const begun = await tenant.run(beginErasure, { ref, actor });
  if (!begun) {
    throw new NotFoundError('The contact', ref.text, {
      hint: 'Whoever was erased before is found by nothing: the audit log has the day.',
    });
  }
  const isDone = await goOn(ctx, tenantId, begun.contactId);
  return {
    contactId: begun.contactId,
    erasedAt: new Date(begun.at).toISOString(),
    status: isDone ? 'erased' : 'erasing',
  };
}

/** Works on one until nothing is left, or something is to be waited for. */
async function goOn(
  ctx: ContactsContext,
  tenantId: string,
  contactId: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const tenant = ctx.store.forTenant(tenantId);
  while (!signal?.aborted) {
    const result = await tenant.run(eraseStep, { contactId });
    if (result !== 'more') return result === 'done';
  }
  return false;
}

const AT_ONCE = 20;

/** Goes on with the erasures that a process has left, of all tenants. */
export async function runErasures(ctx: ContactsContext, signal?: AbortSignal): Promise<void> {
  const due = await ctx.store.run(listDueErasures, { limit: AT_ONCE });
  for (const { tenantId, contactId } of due) {
    if (signal?.aborted) return;
    await goOn(ctx, tenantId, contactId, signal);
  }
}
