import { appendTo, endOverduePause } from '../messaging/automation';
import { lockConversationById } from '../store/statements/conversations';
import { tenantUnit } from '../store/unit';
import { partnerIn } from './people';

/** @returns whether there was something to end; null = there is no such conversation */
export const endPause = tenantUnit(
  __filename,
  'endPause',
  async (tx, { conversationId }: { conversationId: string }): Promise<boolean | null> => {
    const conversation = await lockConversationById(tx, conversationId);
    const found = conversation && (await partnerIn(tx, conversation));
    if (!found) return null;
    return endOverduePause(tx, conversation, appendTo(tx, found.account, found.person));
  },
);
