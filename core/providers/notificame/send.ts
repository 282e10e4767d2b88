import { asId, asObject } from '../graph/json';
import type { ProviderConnection, SendReceipt, SendRequest } from '../provider';
import { accessOf } from './access';
import { checkNotificaMeContent } from './check';
import type { HubClient } from './client';
import { messageBody } from './content';
import { unknownOutcome } from './errors';
import { pathOfChannel } from './channels';

/**
 * Sends one message, once; there is no idempotency key. The id in the answer is the hub's own: the provider's id comes
 * with the first status, beside it.
 * @throws InvalidContentError before any call; OutcomeUnknownError when the hub may have accepted it;
 * any other SendError means that it was surely not sent
 */
export async function sendThroughHub(
  client: HubClient,
  connection: ProviderConnection,
  { recipientExternalId, content, settings }: SendRequest,
): Promise<SendReceipt> {
  const { account } = connection;
  checkNotificaMeContent(account.channel, content, settings);
  const access = accessOf(connection);
  const channel = pathOfChannel(account.channel);
  const version = access.settings.v2Channels.includes(channel) ? 'v2' : 'v1';
  const value = await client.call(access, {
    method: 'POST',
    path: `/${version}/channels/${channel}/messages`,
    body: messageBody({
      from: account.externalId,
      to: recipientExternalId,
      content,
      settings,
      channel,
      fileTypes: access.settings.fileTypes,
    }),
    subject: `the message of "${account.name}"`,
    purpose: 'send',
  });
  const answer = asObject(Array.isArray(value) ? value[0] : value);
  const providerMessageId = asId(answer?.id);
  if (providerMessageId === null) {
    throw unknownOutcome(`NotificaMe accepted the message of "${account.name}" without naming it.`);
  }
  return { providerMessageId };
}
