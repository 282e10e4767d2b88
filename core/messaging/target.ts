import { toAccount } from '../store/statements/accounts';
import type { MessagingContext } from './context';
import { sendStoreOf } from './sendStore';
import type { SendTarget, TargetQuery } from './target.unit';

/**
 * Finds account, person and conversation of a message; who is not known yet is met as the provider reads them.
 * @throws InvalidInputError, NotFoundError; StoreError
 */
export async function findTarget(
  ctx: MessagingContext,
  {
    tenantId,
    conversationId,
    accountId,
    contactId,
    recipientExternalId,
  }: TargetQuery & { tenantId: string },
): Promise<SendTarget> {
  const sendStore = sendStoreOf(ctx.store, tenantId);
  const query: TargetQuery = { conversationId, accountId, contactId, recipientExternalId };
  const first = await sendStore.resolve(query);
  if (first.kind === 'found') return first.target;
  const { recipientExternalId: written = '' } = query;
  const text = written.trim();
  const account = toAccount(first.account);
  const plain = { externalId: written, forms: [written], phone: null };
  const read = ctx.providers.get(account.provider)?.readRecipient?.(text, account) ?? plain;
  const second = await sendStore.resolve({ ...query, recipient: { ...read, text } });
  if (second.kind === 'found') return second.target;
  throw new Error('Somebody was not met although their provider had said who they are.');
}
