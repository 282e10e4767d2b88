import type { Account, InboundContact, InboundEvent } from '../../../model';
import type { FoundMessage } from '../conversations';
import { messageTypeOf } from './attachments';
import { inboundEvent } from './scope';
import type { EventFacts, Scope } from './scope';

/**
 * A message of the Conversations API as the event that its webhook would have been, with the same key: whichever of the
 * two comes first is stored. What only webhooks say is missing: the payload of a quick reply, a referral, which
 * message it answers.
 * @param createdAt epoch ms, whole seconds
 * @returns null when Meta does not show who wrote it, and so nothing else of it
 */
export function readBackEvent(
  account: Account,
  person: InboundContact,
  message: FoundMessage,
  createdAt: number,
): InboundEvent | null {
  const { providerId, direction, text, attachments } = message;
  if (direction === null) return null;
  const scope: Scope = {
    channel: account.channel,
    accountId: account.externalId,
    entryTime: createdAt,
    keyTime: createdAt,
    standby: false,
  };
  const type = messageTypeOf({}, text, attachments);
  const said = { contact: person, providerId, type, text, attachments };
  const facts: EventFacts =
    direction === 'outbound'
      ? { kind: 'echo', ...said, metadata: null, senderAppId: null }
      : {
          kind: 'message',
          ...said,
          buttonPayload: null,
          replyTo: message.replyTo,
          referral: null,
          standby: false,
        };
  return { ...inboundEvent(scope, null, createdAt, [providerId], facts), caughtUp: true };
}
