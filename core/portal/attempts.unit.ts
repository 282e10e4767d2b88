import {
  countOauthStates,
  insertOauthState,
  listOauthStates,
  moveOauthState,
  type NewOauthState,
  type OauthStateRow,
} from '../store/statements/oauthStates';
import { tenantUnit } from '../store/unit';

/** @returns false when the link has offered `most` since `since`: nothing is stored then */
export const offerAttempt = tenantUnit(
  __filename,
  'offerAttempt',
  async (
    tx,
    { offer, since, most }: { offer: NewOauthState; since: number; most: number },
  ): Promise<boolean> => {
    if ((await countOauthStates(tx, offer.link_id, since)) >= most) return false;
    await insertOauthState(tx, offer);
    return true;
  },
);

export const readLoginAttempts = tenantUnit(
  __filename,
  'readLoginAttempts',
  async (tx, { linkId, since }: { linkId: string; since: number }): Promise<OauthStateRow[]> =>
    listOauthStates(tx, linkId, since),
);

export interface MoveAttemptArgs {
  id: string;
  from: Parameters<typeof moveOauthState>[2];
  changes: Parameters<typeof moveOauthState>[3];
}

export const moveAttempt = tenantUnit(
  __filename,
  'moveAttempt',
  async (tx, { id, from, changes }: MoveAttemptArgs): Promise<OauthStateRow | undefined> =>
    moveOauthState(tx, id, from, changes),
);
