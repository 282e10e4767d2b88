import { appendTo, endOverduePause } from '../messaging/automation';
import { lockConversationById } from '../store/statements/conversations';
import { tenantUnit } from '../store/unit';
import { partnerIn } from './people';

/** @returns whether there was something to end */
export const endPause = tenantUnit(
  __filename,
  'endPause',
  async (tx, { conversationId }: { conversationId: string }): Promise<boolean> => {
    const conversation = await lockConversationById(tx, conversationId);
    const found = conversation && (await partnerIn(tx, conversation));
    if (!found) return false;
    return endOverduePause(tx, conversation, appendTo(tx, found.account, found.person));
  },
);
