import { SendError, type Account } from '../model';
import { settingsOf } from '../tenants';
import type { MessagingContext } from './context';
import { isListed, keptBySafeMode } from './safeMode';
import { readWriter } from './safeRecipient.unit';
import { sendStoreOf } from './sendStore';

/**
 * Whether the tenant's safe mode lets something through to somebody: it is off, or they are listed by their id at the
 * account or by the number under which they are known.
 * @throws StoreError
 */
export async function isSafeRecipient(
  ctx: MessagingContext,
  account: Account,
  recipientExternalId: string,
): Promise<boolean> {
  const { safeMode } = await settingsOf(ctx, account.tenantId);
  const provider = ctx.providers.get(account.provider);
  if (!safeMode.on) return true;
  if (!provider) return false;
  const store = sendStoreOf(ctx.store, account.tenantId);
  const known = await store.resolve({ accountId: account.id, recipientExternalId });
  const phone = known.kind === 'found' ? known.target.person.contact.phone : null;
  const person = { externalId: recipientExternalId, contact: { phone } };
  return isListed(safeMode, person, account, provider);
}

/**
 * For what a person sees and that is no message: a reaction, typing dots. In safe mode only listed people see it.
 * @throws SendError `safe_mode`; StoreError
 */
export async function requireSafeRecipient(
  ctx: MessagingContext,
  account: Account,
  recipientExternalId: string,
): Promise<void> {
  if (await isSafeRecipient(ctx, account, recipientExternalId)) return;
  throw refusal(`"${recipientExternalId}"`);
}

/**
 * For what a person sees of a message of theirs: that it was read, and that an answer is being typed. In safe mode only
 * listed people see it; whose a message is that the store does not have, nobody knows.
 * @throws SendError `safe_mode`; StoreError
 */
export async function requireSafeWriter(
  ctx: MessagingContext,
  account: Account,
  providerMessageId: string,
): Promise<void> {
  const { safeMode } = await settingsOf(ctx, account.tenantId);
  if (!safeMode.on) return;
  const provider = ctx.providers.get(account.provider);
  const writer = await ctx.store
    .forTenant(account.tenantId)
    .run(readWriter, { accountId: account.id, providerMessageId });
  if (!writer) throw refusal('whoever wrote this message, which is not in the store,');
  const { externalId, phone, name } = writer;
  const person = { externalId, contact: { phone } };
  if (provider && isListed(safeMode, person, account, provider)) return;
  throw refusal(`"${name ?? externalId}"`);
}

function refusal(who: string): SendError {
  const { reason, detail } = keptBySafeMode(who);
  return new SendError(reason, detail, false);
}
