import {
  completeDataDeletion,
  deletePictures,
  forgetPerson,
  insertDataDeletion,
} from '../store/statements/portal';
import { tenantUnit } from '../store/unit';

export const beginDeletion = tenantUnit(
  __filename,
  'beginDeletion',
  async (tx, deletion: { id: string; codeHash: string }): Promise<void> =>
    insertDataDeletion(tx, deletion),
);

export const endDeletion = tenantUnit(
  __filename,
  'endDeletion',
  async (tx, { id, accounts }: { id: string; accounts: number }): Promise<void> =>
    completeDataDeletion(tx, id, accounts),
);

/** What is stored about the person who logged in, and the pictures that came with it. */
export const erasePerson = tenantUnit(
  __filename,
  'erasePerson',
  async (
    tx,
    { loginId, accountIds }: { loginId: string; accountIds: readonly string[] },
  ): Promise<void> => {
    await forgetPerson(tx, loginId);
    await deletePictures(tx, accountIds);
  },
);
