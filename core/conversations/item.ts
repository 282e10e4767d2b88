import type {
  Channel,
  ItemConnection,
  ItemContact,
  ItemConversation,
  ProviderId,
  Referral,
} from '../model';
import { automationOf } from '../messaging/item';
import type { ListedConversationRow } from '../store/statements/conversationPages';

/** A conversation as nodes give it: in the shape of a trigger's item, with what is only known of it now. */
export interface ConversationItem {
  tenantId: string;
  channel: Channel;
  provider: ProviderId;
  connection: ItemConnection;
  contact: Omit<ItemContact, 'isNew'>;
  conversation: Omit<ItemConversation, 'isNew'> & {
    assignee: string | null;
    /** The contact's message is the last, and it is open. */
    unanswered: boolean;
    /** ISO 8601 */
    lastInboundAt: string | null;
    lastOutboundAt: string | null;
    lastActivityAt: string;
    createdAt: string;
    closedAt: string | null;
    /** The conversation on another channel in which it went on. */
    continuedOn: string | null;
    referral: Referral | null;
  };
}

export function toConversationItem(row: ListedConversationRow, now: number): ConversationItem {
  const { last_inbound_at: inbound, last_outbound_at: outbound } = row;
  const closesAt = row.window_closes_at;
  return {
    tenantId: row.tenant_id,
    channel: row.channel as Channel,
    provider: row.provider as ProviderId,
    connection: {
      id: row.account_id,
      name: row.account_name,
      externalId: row.account_external_id,
    },
    contact: {
      id: row.contact_id,
      externalId: row.contact_external_id ?? '',
      name: row.contact_name,
      phone: row.contact_phone,
      stage: row.contact_stage,
    },
    conversation: {
      id: row.id,
      status: row.status === 'closed' ? 'closed' : 'open',
      windowClosesAt: closesAt !== null && closesAt > now ? iso(closesAt) : null,
      automation: automationOf(row, now),
      assignee: row.assignee,
      unanswered: row.status === 'open' && inbound !== null && inbound > (outbound ?? 0),
      lastInboundAt: inbound === null ? null : iso(inbound),
      lastOutboundAt: outbound === null ? null : iso(outbound),
      lastActivityAt: iso(row.activity),
      createdAt: iso(row.created_at),
      closedAt: row.closed_at === null ? null : iso(row.closed_at),
      continuedOn: row.continued_on,
      referral: row.referral === null ? null : (JSON.parse(row.referral) as Referral),
    },
  };
}

export function iso(at: number): string {
  return new Date(at).toISOString();
}
