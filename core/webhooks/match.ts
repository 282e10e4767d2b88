import type { EventHead } from '../store/instance/webhookFanOut';
import type { WebhookSubscriptionRow } from '../store/instance/webhookQueue';
import { isNeverInAll } from './input';

/** What a subscription wants, read from its row once. */
export interface Wants {
  id: string;
  tenantId: string;
  events: ReadonlySet<string>;
  accounts: ReadonlySet<string>;
  channels: ReadonlySet<string>;
  sinceSeq: number;
  lateSeqs: [number, number][];
}

export function wantsOf(row: WebhookSubscriptionRow): Wants {
  const list = (text: string) => new Set(JSON.parse(text) as string[]);
  return {
    id: row.id,
    tenantId: row.tenant_id,
    events: list(row.events),
    accounts: list(row.accounts),
    channels: list(row.channels),
    sinceSeq: row.since_seq,
    lateSeqs: JSON.parse(row.late_seqs) as [number, number][],
  };
}

/** Whether the event is of a kind that the subscription is for. */
export function wantsKind(wants: Wants, event: EventHead): boolean {
  if (event.tenant_id !== wants.tenantId) return false;
  const named = wants.events.has(event.type);
  if (!named && !(wants.events.has('*') && !isNeverInAll(event.type))) return false;
  if (wants.channels.size > 0 && !(event.channel && wants.channels.has(event.channel)))
    return false;
  return (
    wants.accounts.size === 0 || (event.account_id !== null && wants.accounts.has(event.account_id))
  );
}

/** Whether the event happened (committed) after the subscription was made. */
export function isSince(wants: Wants, seq: number): boolean {
  return seq > wants.sinceSeq || wants.lateSeqs.some(([from, to]) => seq >= from && seq <= to);
}

/** What a webhook tells about a subscription never goes to that subscription itself. */
export function tellsOf(wants: Wants, payload: string): boolean {
  const { data } = JSON.parse(payload) as { data?: { subscriptionId?: unknown } };
  return data?.subscriptionId === wants.id;
}
