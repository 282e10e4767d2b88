import type { ProviderConnection, SendReceipt, SendRequest } from '../provider';
import { accessOfConnection, pageIdOf } from './access';
import type { GraphClient } from './client';
import { checkMetaContent, toGraphMessage } from './content';
import { unknownOutcome } from './errors';
import { asId } from './json';
import type { JsonObject } from './json';

/**
 * Sends one message inside the 24-hour window: POST /{page-id}/messages, for Instagram through the
 * Page it is linked to. Called once per message; there is no idempotency key at Meta.
 * @throws InvalidContentError before any call; OutcomeUnknownError when Meta may have accepted it;
 * any other SendError means that it was surely not sent
 */
export async function sendMetaMessage(
  graph: GraphClient,
  connection: ProviderConnection,
  request: SendRequest,
): Promise<SendReceipt> {
  const { account } = connection;
  checkMetaContent(account.channel, request.content);
  const answer = await graph.call(accessOfConnection(connection), {
    method: 'POST',
    path: [pageIdOf(account), 'messages'],
    body: {
      recipient: { id: request.recipientExternalId },
      messaging_type: 'RESPONSE',
      message: { ...toGraphMessage(request.content), ...metadataOf(connection, request) },
    },
    subject: `the message of "${account.name}"`,
    purpose: 'send',
  });
  const providerMessageId = asId(answer.message_id);
  if (providerMessageId === null) {
    throw unknownOutcome(`Meta accepted the message of "${account.name}" but gave no id for it.`);
  }
  return { providerMessageId };
}

/** Only Messenger is documented to return metadata with the echo. */
function metadataOf({ account }: ProviderConnection, { messageId }: SendRequest): JsonObject {
  return account.channel === 'messenger' ? { metadata: messageId } : {};
}
