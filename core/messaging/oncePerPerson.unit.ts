import { claimPersonReply, releasePersonReply } from '../store/statements/personReplies';
import { tenantUnit } from '../store/unit';

export interface PersonReplyArgs {
  accountId: string;
  externalId: string;
  commentId: string;
}

/** @returns the comment whose private reply the person gets, of this account: this one, or an earlier one */
export const takePersonReply = tenantUnit(
  __filename,
  'takePersonReply',
  async (tx, { accountId, externalId, commentId }: PersonReplyArgs): Promise<string> =>
    claimPersonReply(tx, accountId, externalId, commentId),
);

/** Surely nothing was sent: the person may get one for another comment. */
export const givePersonReplyBack = tenantUnit(
  __filename,
  'givePersonReplyBack',
  async (tx, { accountId, externalId, commentId }: PersonReplyArgs): Promise<void> =>
    releasePersonReply(tx, accountId, externalId, commentId),
);
