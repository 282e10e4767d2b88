import type { HttpClient } from '../../http/client';
import { SendError } from '../../model';
import type { ProviderConnection } from '../provider';
import { accessOfConnection, selfOf } from './access';
import { createGraphClient } from './client';
import type { JsonObject } from '../graph/json';

/** What the person sees without a message: three dots, no dots, "seen". */
export type SenderAction = 'typing_on' | 'typing_off' | 'mark_seen';

/**
 * Shows the person that somebody types, or has read. Meta takes the dots away after 20 seconds, or with the next
 * message. It works inside the 24-hour window.
 */
export async function showSenderAction(
  http: HttpClient,
  connection: ProviderConnection,
  recipientExternalId: string,
  action: SenderAction,
): Promise<void> {
  const { name } = connection.account;
  await post(http, connection, `the sender action of "${name}"`, {
    recipient: { id: recipientExternalId },
    sender_action: action,
  });
}

export interface Reaction {
  recipientExternalId: string;
  /** The message reacted to, by Meta's id. */
  messageProviderId: string;
  /** Meta documents `love` alone; null takes the reaction back. */
  reaction: string | null;
}

/**
 * Reacts to a message, or takes the reaction back. Either may be repeated without harm.
 * @throws SendError `not_permitted_on_channel` on Messenger, where Meta documents no reactions of an account
 */
export async function reactToMessage(
  http: HttpClient,
  connection: ProviderConnection,
  { recipientExternalId, messageProviderId, reaction }: Reaction,
): Promise<void> {
  const { name, channel } = connection.account;
  if (channel !== 'instagram') {
    throw new SendError(
      'not_permitted_on_channel',
      `"${name}" cannot react to a message: Meta offers that on Instagram only.`,
      false,
      { hint: 'Answer with a message, or choose an Instagram account.' },
    );
  }
  await post(http, connection, `the reaction of "${name}"`, {
    recipient: { id: recipientExternalId },
    sender_action: reaction === null ? 'unreact' : 'react',
    payload: {
      message_id: messageProviderId,
      ...(reaction === null ? {} : { reaction }),
    },
  });
}

/** Not a send in the sense of doubles: repeated, it shows the same. */
async function post(
  http: HttpClient,
  connection: ProviderConnection,
  subject: string,
  body: JsonObject,
): Promise<void> {
  await createGraphClient({ http }).call(accessOfConnection(connection), {
    method: 'POST',
    path: [selfOf(connection), 'messages'],
    body,
    subject,
  });
}
