import type { SendResult } from '../../model';

/** What became of a send, as statistics count it. */
export function outcomeOf({ status, reason, messageId, connectionId, channel }: SendResult) {
  return {
    outcome: status,
    reason: reason ?? null,
    message_id: messageId || null,
    account_id: connectionId,
    channel,
  };
}
