import type { CatchUpReason, CatchUpResult, UnreadableConversation } from '../../model';
import type { CatchUpRow } from '../../store/statements/catchUps';

export function toCatchUpResult(row: CatchUpRow): CatchUpResult {
  return {
    reason: row.reason as CatchUpReason,
    since: new Date(row.since).toISOString(),
    status: row.state === 'waiting' ? 'running' : (row.state as 'done' | 'failed'),
    conversations: row.conversations,
    messages: row.messages,
    sentFromElsewhere: row.echoes,
    unreadable: JSON.parse(row.unreadable) as UnreadableConversation[],
    error: row.error,
  };
}
