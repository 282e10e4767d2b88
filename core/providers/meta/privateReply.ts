import type { ProviderConnection, ReplyReceipt, ReplyRequest } from '../provider';
import { accessOfConnection, selfOf } from './access';
import type { GraphClient } from './client';
import { checkMetaContent } from './content';
import { unknownOutcome } from './errors';
import { asId } from '../graph/json';

/**
 * Answers a comment by a message to whoever wrote it: one for each comment, within 7 days. It lands among the requests
 * of people who do not follow the account, and only their answer opens the 24-hour window.
 * @throws like sendMetaMessage
 */
export async function sendPrivateReply(
  graph: GraphClient,
  connection: ProviderConnection,
  { commentId, text, messageId }: ReplyRequest,
): Promise<ReplyReceipt> {
  const { account } = connection;
  checkMetaContent(account.channel, { type: 'text', text });
  // Only Messenger is documented to return metadata with the echo.
  const marker = account.channel === 'messenger' ? { metadata: messageId } : {};
  const answer = await graph.call(accessOfConnection(connection), {
    method: 'POST',
    path: [selfOf(connection), 'messages'],
    body: { recipient: { comment_id: commentId }, message: { text, ...marker } },
    subject: `the private reply of "${account.name}"`,
    purpose: 'send',
  });
  const providerMessageId = asId(answer.message_id);
  if (providerMessageId === null) {
    throw unknownOutcome(`Meta accepted the reply of "${account.name}" but gave no id for it.`);
  }
  return { providerMessageId, recipientExternalId: asId(answer.recipient_id) };
}
