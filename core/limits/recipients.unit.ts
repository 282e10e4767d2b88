import { holdRecipientPaces, saveRecipientPaces } from '../store/statements/recipientLimits';
import { tenantUnit } from '../store/unit';
import { exhausted, type Pace } from './pace';

export interface ExhaustRecipientArgs {
  accountId: string;
  contactId: string;
  recipient: NonNullable<Pace['recipient']>;
}

/** The provider has refused a message to this person for the pace: others write to them from the account as well. */
export const exhaustRecipient = tenantUnit(
  __filename,
  'exhaustRecipient',
  async (tx, { accountId, contactId, recipient }: ExhaustRecipientArgs): Promise<void> => {
    const [pace] = await holdRecipientPaces(tx, [{ accountId, contactId }]);
    if (!pace) throw new Error('The pace of a recipient vanished while it was held.');
    const until = exhausted(recipient, await tx.databaseNow());
    await saveRecipientPaces(tx, [{ ...pace, paceNextAt: Math.max(pace.paceNextAt, until) }]);
  },
  { durability: 'normal' },
);
