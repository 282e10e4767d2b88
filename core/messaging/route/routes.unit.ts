import { InvalidInputError, NotFoundError } from '../../model';
import { listAccountRows, type AccountRow } from '../../store/statements/accounts';
import { findContactByReach } from '../../store/statements/appointments';
import {
  findContact,
  findContactsByIdentities,
  insertIdentity,
  type ContactRow,
  type IdentityRow,
} from '../../store/statements/contacts';
import { listIdentitiesOfContact } from '../../store/statements/identities';
import { findConversation, listConversationsOfContact } from '../../store/statements/conversations';
import { tenantUnit, type TenantTx } from '../../store/unit';

/** Whom a message is for, wherever they can be reached. */
export interface RouteQuery {
  conversationId?: string | undefined;
  contactId?: string | undefined;
  /** By account: every id under which it may know a number; the person with this number is meant. */
  forms?: { accountId: string; forms: string[] }[] | undefined;
  /** Every way in which contacts may have the number written. */
  phones?: string[] | undefined;
}

/** One way to a person. */
export interface Route {
  account: AccountRow;
  /** The account's id of the person. */
  externalId: string;
  /** Epoch ms; null = none is open, or none is known. */
  windowClosesAt: number | null;
  /** When the person wrote there last. */
  lastInboundAt: number | null;
}

export interface Routes {
  /** null: nobody with this number is known. */
  contact: Pick<ContactRow, 'id' | 'name' | 'phone'> | null;
  /** The channel last used first. */
  routes: Route[];
  /** Accounts that do not know the person. */
  others: AccountRow[];
}

/** The ways to a person. @throws NotFoundError, InvalidInputError */
export const findRoutes = tenantUnit(
  __filename,
  'findRoutes',
  async (tx, query: RouteQuery): Promise<Routes> => {
    const contact = await findWhom(tx, query);
    const accounts = await listAccountRows(tx, {});
    if (!contact) return { contact: null, routes: [], others: accounts };
    const identities = await listIdentitiesOfContact(tx, contact.id);
    const conversations = await listConversationsOfContact(tx, contact.id);
    const routes = accounts.flatMap((account): Route[] => {
      const identity = preferred(identities.filter(({ account_id: id }) => id === account.id));
      const conversation = conversations.find(({ account_id: id }) => id === account.id);
      if (!identity) return [];
      return [
        {
          account,
          externalId: identity.external_id,
          windowClosesAt: conversation?.window_closes_at ?? null,
          lastInboundAt: conversation?.last_inbound_at ?? null,
        },
      ];
    });
    const { id, name, phone } = contact;
    return {
      contact: { id, name, phone },
      routes: routes.sort((a, b) => (b.lastInboundAt ?? 0) - (a.lastInboundAt ?? 0)),
      others: accounts.filter((one) => !routes.some(({ account }) => account.id === one.id)),
    };
  },
);

async function findWhom(tx: TenantTx, query: RouteQuery): Promise<ContactRow | undefined> {
  const { conversationId, contactId, phones, forms = [] } = query;
  if (conversationId !== undefined) {
    const conversation = await findConversation(tx, conversationId);
    if (!conversation) throw new NotFoundError('The conversation', conversationId);
    return present(tx, conversation.contact_id);
  }
  if (contactId !== undefined) {
    const contact = await present(tx, contactId);
    if (contact) return contact;
    throw new NotFoundError('The contact', contactId);
  }
  if (!phones?.length) {
    throw new InvalidInputError('recipient', 'The message has no recipient.', {
      hint: 'Give a conversation, a contact or a phone number.',
    });
  }
  for (const { accountId, forms: ids } of forms) {
    const [known] = await findContactsByIdentities(tx, accountId, ids);
    if (known) return known;
  }
  const byPhone = await findContactByReach(tx, { phones, email: null });
  return byPhone && present(tx, byPhone.id);
}

/** Who was made one with another person is that person. */
async function present(tx: TenantTx, id: string): Promise<ContactRow | undefined> {
  const contact = await findContact(tx, id);
  return contact?.merged_into ? findContact(tx, contact.merged_into) : contact;
}

/** Rather by a name of their own than by an alias, and by the newest. */
function preferred(identities: IdentityRow[]): IdentityRow | undefined {
  return identities.toSorted((a, b) => a.is_alias - b.is_alias || b.created_at - a.created_at)[0];
}

/** Lets an account know a person of the house by their number. @returns false where somebody else goes by it there */
export const adoptIdentity = tenantUnit(
  __filename,
  'adoptIdentity',
  async (
    tx,
    args: { accountId: string; contactId: string; externalId: string; forms: string[] },
  ): Promise<boolean> => {
    const { accountId, contactId, externalId, forms } = args;
    if (!(await findContact(tx, contactId))) return false;
    const known = await findContactsByIdentities(tx, accountId, forms);
    if (known.length > 0) return known.every(({ id }) => id === contactId);
    const others = forms.filter((form) => form !== externalId);
    for (const id of [externalId, ...others]) {
      const identity = { accountId, externalId: id, contactId, username: null };
      await insertIdentity(tx, { ...identity, isAlias: id !== externalId });
    }
    return true;
  },
);
