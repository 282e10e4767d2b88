import { ProviderError } from '../../model';
import type { SendSettings } from '../../model';
import type { ProviderConnection, SendReceipt, SendRequest } from '../provider';
import { accessOfConnection, selfOf } from './access';
import type { GraphClient } from './client';
import { checkMetaContent } from './content';
import { unknownOutcome } from './errors';
import { otherForms, toGraphMessage } from './graphMessage';
import { asId } from '../graph/json';
import type { JsonObject } from '../graph/json';

/**
 * Sends one message: POST /{page-id}/messages, for Instagram through the Page it is linked to, or /me/messages after
 * Instagram Login. There is no idempotency key at Meta, so a message is written once; only where the documentation
 * contradicts itself, a form that Meta refused as malformed is followed by the other one.
 * @throws InvalidContentError before any call; OutcomeUnknownError when Meta may have accepted it;
 * any other SendError means that it was surely not sent
 */
export async function sendMetaMessage(
  graph: GraphClient,
  connection: ProviderConnection,
  request: SendRequest,
): Promise<SendReceipt> {
  const { content, settings = {}, recipientExternalId } = request;
  const { channel } = connection.account;
  checkMetaContent(channel, content, settings);
  const isInstagramLogin = connection.secrets.login === 'instagram';
  const forms = [toGraphMessage(content), ...otherForms(content, { isInstagramLogin, channel })];
  const envelope = {
    recipient: { id: recipientExternalId },
    ...envelopeOf(settings, isInstagramLogin),
  };
  const marker = markerOf(connection, request);
  for (const [index, message] of forms.entries()) {
    try {
      return await post(graph, connection, { ...envelope, message: { ...message, ...marker } });
    } catch (error) {
      if (!isMalformed(error)) throw error;
      if (index === forms.length - 1) throw settings.humanAgent ? refusedTag(error) : error;
    }
  }
  throw new Error('A message has at least one form.');
}

/** Code 100 without a subcode on a message with a tag: the app may not use it (Meta answers so to retired tags). */
function refusedTag(error: ProviderError): ProviderError {
  return new ProviderError(
    'provider_rejected',
    `Meta refused the tag HUMAN_AGENT (code ${BAD_PARAMETER}): the app may not use it. ${error.message}`,
    'policy',
    error.providerCode,
    error.providerSubcode,
    {
      cause: error,
      details: error.details,
      hint: 'Ask for the feature Human Agent in the Meta dashboard (App Review), or answer within 24 hours.',
    },
  );
}

async function post(
  graph: GraphClient,
  connection: ProviderConnection,
  body: JsonObject,
): Promise<SendReceipt> {
  const { account } = connection;
  const answer = await graph.call(accessOfConnection(connection), {
    method: 'POST',
    path: [selfOf(connection), 'messages'],
    body,
    subject: `the message of "${account.name}"`,
    purpose: 'send',
  });
  const providerMessageId = asId(answer.message_id);
  if (providerMessageId === null) {
    throw unknownOutcome(`Meta accepted the message of "${account.name}" but gave no id for it.`);
  }
  return { providerMessageId };
}

const NOTIFICATIONS: Record<NonNullable<SendSettings['notification']>, string> = {
  regular: 'REGULAR',
  silent: 'SILENT_PUSH',
  none: 'NO_PUSH',
};

/** `messaging_type` belongs to Page tokens; after Instagram Login it is documented for the tag alone. */
function envelopeOf(settings: SendSettings, isInstagramLogin: boolean): JsonObject {
  const { humanAgent, replyTo, notification } = settings;
  const type = humanAgent
    ? { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' }
    : isInstagramLogin
      ? {}
      : { messaging_type: 'RESPONSE' };
  return {
    ...type,
    ...(notification === undefined ? {} : { notification_type: NOTIFICATIONS[notification] }),
    ...(replyTo === undefined ? {} : { reply_to: { mid: replyTo } }),
  };
}

/** Only Messenger is documented to return metadata with the echo. */
function markerOf({ account }: ProviderConnection, { messageId }: SendRequest): JsonObject {
  return account.channel === 'messenger' ? { metadata: messageId } : {};
}

const BAD_PARAMETER = 100;

/** A form that Meta does not know: code 100 that names nothing else (a subcode names person, file or window). */
function isMalformed(error: unknown): error is ProviderError {
  return (
    error instanceof ProviderError &&
    error.providerCode === BAD_PARAMETER &&
    error.providerSubcode === null &&
    error.retryClass === 'invalid'
  );
}
