import { appendTo, pauseAutomation } from '../messaging/automation';
import { automationOf } from '../messaging/item';
import {
  findConversation,
  lockConversationById,
  updateConversation,
} from '../store/statements/conversations';
import { tenantUnit } from '../store/unit';
import { partnerIn } from './people';

interface Pair {
  /** Ids of the conversation that was left, and of the one that goes on. */
  from: string;
  to: string;
}

/** Says of the conversation that was left where it goes on, once. @returns whether that is news; null = there is none */
export const noteContinued = tenantUnit(
  __filename,
  'noteContinued',
  async (tx, { from, to }: Pair): Promise<boolean | null> => {
    const conversation = await lockConversationById(tx, from);
    const found = conversation && (await partnerIn(tx, conversation));
    if (!found) return null;
    if (conversation.continued_on === to) return false;
    conversation.continued_on = to;
    await updateConversation(tx, from, { continued_on: to });
    const data = { changed: ['continuedOn'], continuedOn: to };
    await appendTo(tx, found.account, found.person)('conversation.updated', { data, raw: null });
    return true;
  },
);

/** Who looked after the one looks after the other, and what a person had taken over stays theirs. */
export const inheritCare = tenantUnit(
  __filename,
  'inheritCare',
  async (tx, { from, to }: Pair): Promise<boolean | null> => {
    const before = await findConversation(tx, from);
    const conversation = await lockConversationById(tx, to);
    const found = conversation && (await partnerIn(tx, conversation));
    if (!before || !found) return null;
    const append = appendTo(tx, found.account, found.person);
    let changed = false;
    if (conversation.assignee === null && before.assignee !== null) {
      const { assignee } = before;
      conversation.assignee = assignee;
      await updateConversation(tx, to, { assignee });
      await append('conversation.updated', {
        data: { changed: ['assignee'], assignee },
        raw: null,
      });
      changed = true;
    }
    const { paused, reason } = automationOf(before, tx.now);
    if (paused && !automationOf(conversation, tx.now).paused) {
      const pause = { reason: reason ?? 'operation', until: before.automation_until, at: tx.now };
      await pauseAutomation(tx, conversation, pause, append);
      changed = true;
    }
    return changed;
  },
);
