import { openConnection } from '../accounts/accounts';
import { NotFoundError, type Attachment, type DownloadedFile, type ProviderId } from '../model';
import type { MessagingContext } from './context';

/** Whether there is a file behind an attachment that its provider hands out. */
export function hasReceivedFile(
  ctx: Pick<MessagingContext, 'providers'>,
  provider: ProviderId,
  attachment: Attachment,
): boolean {
  return ctx.providers.get(provider)?.files?.has(attachment) ?? false;
}

/**
 * The file of a received message, with the access of the account that received it.
 * @throws NotFoundError; OmnichannelError saying why there is no file
 */
export async function downloadReceivedFile(
  ctx: MessagingContext,
  tenantId: string,
  accountId: string,
  attachment: Attachment,
): Promise<DownloadedFile> {
  const connection = await openConnection(ctx, tenantId, accountId);
  const files = ctx.providers.get(connection.account.provider)?.files;
  if (files?.has(attachment)) return await files.download(connection, attachment);
  throw new NotFoundError('The file', attachment.providerMediaId ?? attachment.type);
}
