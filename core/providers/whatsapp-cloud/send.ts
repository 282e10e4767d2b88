import type { ProviderConnection, SendReceipt, SendRequest } from '../provider';
import { asId, asList, asObject, asText } from '../graph/json';
import { accessOf } from './client';
import type { CloudClient } from './client';
import { checkWhatsAppContent } from './content/check';
import { messageBody } from './content/message';
import { unknownOutcome } from './errors';

/**
 * Sends one message: POST /{phone-number-id}/messages, once; there is no idempotency key. Our message id travels with
 * it, so that every status says whose it is. Accepted is not delivered: what goes wrong later comes as a status.
 * @throws InvalidContentError before any call; OutcomeUnknownError when WhatsApp may have accepted it;
 * any other SendError means that it was surely not sent
 */
export async function sendWhatsAppMessage(
  client: CloudClient,
  connection: ProviderConnection,
  request: SendRequest,
): Promise<SendReceipt> {
  const { account } = connection;
  const { recipientExternalId, content, settings, messageId } = request;
  checkWhatsAppContent(account.channel, content, settings);
  const answer = await client.call(accessOf(connection), {
    method: 'POST',
    path: [account.externalId, 'messages'],
    body: messageBody({ recipientExternalId, content, settings, marker: messageId }),
    subject: `the message of "${account.name}"`,
    purpose: 'send',
  });
  const providerMessageId = asId(asObject(asList(answer.messages)[0])?.id);
  if (providerMessageId === null) {
    throw unknownOutcome(
      `WhatsApp accepted the message of "${account.name}" but gave no id for it.`,
    );
  }
  const contact = asObject(asList(answer.contacts)[0]);
  const ids = [asId(contact?.wa_id), asText(contact?.user_id)];
  return {
    providerMessageId,
    // Brazil: the number may come back without its ninth digit; that is how webhooks will name the person.
    recipientAliases: ids.filter((id) => id !== null && id !== recipientExternalId) as string[],
  };
}

/** Marks a message of the person as read (and with it the earlier ones), on request with "typing…" until the answer. */
export async function markAsRead(
  client: CloudClient,
  connection: ProviderConnection,
  { providerMessageId, typing }: { providerMessageId: string; typing: boolean },
): Promise<void> {
  const { account } = connection;
  await client.call(accessOf(connection), {
    method: 'POST',
    path: [account.externalId, 'messages'],
    body: {
      messaging_product: 'whatsapp',
      status: 'read',
      message_id: providerMessageId,
      ...(typing ? { typing_indicator: { type: 'text' } } : {}),
    },
    subject: `the read mark of "${account.name}"`,
  });
}
