import { SendError, type Account } from '../model';
import { settingsOf } from '../tenants';
import type { MessagingContext } from './context';
import { isListed, keptBySafeMode } from './safeMode';
import { sendStoreOf } from './sendStore';

/**
 * For what a person sees and that is no message: a reaction, typing dots. In safe mode only listed people see it.
 * @throws SendError `safe_mode`; StoreError
 */
export async function requireSafeRecipient(
  ctx: MessagingContext,
  account: Account,
  recipientExternalId: string,
): Promise<void> {
  const { safeMode } = await settingsOf(ctx, account.tenantId);
  const provider = ctx.providers.get(account.provider);
  if (!safeMode.on || !provider) return;
  const store = sendStoreOf(ctx.store, account.tenantId);
  const known = await store.resolve({ accountId: account.id, recipientExternalId });
  const phone = known.kind === 'found' ? known.target.person.contact.phone : null;
  const person = { externalId: recipientExternalId, contact: { phone } };
  if (isListed(safeMode, person, account, provider)) return;
  const { reason, detail } = keptBySafeMode(`"${recipientExternalId}"`);
  throw new SendError(reason, detail, false);
}
