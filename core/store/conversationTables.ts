import type { Generated } from 'kysely';

export interface ConversationsTable {
  id: string;
  tenant_id: string;
  account_id: string;
  contact_id: string;
  provider: string;
  channel: string;
  /** open | closed */
  status: string;
  window_closes_at: number | null;
  last_inbound_at: number | null;
  last_outbound_at: number | null;
  automation_paused: Generated<number>;
  automation_reason: string | null;
  automation_until: number | null;
  /** When what is said of automation began or ended, by the instant of what caused it; epoch ms. */
  automation_since: number | null;
  /** The message of a person that paused it. */
  automation_message_id: string | null;
  /** Who looks after it: a person or a team, in the tenant's own words. */
  assignee: string | null;
  closed_at: number | null;
  /** The conversation on another channel in which it went on. */
  continued_on: string | null;
  referral: string | null;
  created_at: number;
  updated_at: number;
}
