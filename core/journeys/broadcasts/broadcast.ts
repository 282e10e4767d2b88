import type { OutboundContent, SendReason, SendSettings } from '../../model';
import type { AccountRow } from '../../store/statements/accounts';
import type { RecipientCount } from '../../store/statements/broadcastRecipients';
import type { BroadcastRow } from '../../store/statements/broadcasts';

export type BroadcastState =
  | 'preparing'
  | 'draft'
  | 'running'
  | 'paused'
  | 'stopped'
  | 'completed'
  | 'cancelled';

/** What bulk may say it is: an answer goes to one person. */
export type BroadcastCategory = 'utility' | 'marketing';

export interface BroadcastSettings {
  /** Of the account's limits, in percent: the rest is left to answers. */
  share: number;
  /** It stops by itself when so many of the last messages failed, in percent; 0 = never. */
  stopAtFailed: number;
}

export const DEFAULT_SETTINGS: BroadcastSettings = { share: 80, stopAtFailed: 30 };

/** What is said to one person, as it was when the draft was made. */
export interface FrozenMessage {
  content: OutboundContent;
  whenWindowClosed?: OutboundContent | undefined;
  settings?: SendSettings | undefined;
}

/** How many of a broadcast's people stand where; together they are all of them. */
export interface BroadcastCounts {
  waiting: number;
  sent: number;
  skipped: number;
  failed: number;
  unknown: number;
}

/** A broadcast as the node shows it. */
export interface BroadcastItem {
  broadcastId: string;
  name: string;
  state: BroadcastState;
  /** Why it stopped by itself, or what it waits for. */
  note: string | null;
  category: BroadcastCategory;
  connection: { id: string; name: string; externalId: string };
  total: number;
  counts: BroadcastCounts;
  /** Of those that were sent, as far as the channel tells. */
  delivered: number;
  read: number;
  /** Accepted at first, refused by the provider afterwards. */
  failedAfterwards: number;
  /** Why people were left out or not reached, with their number. */
  reasons: Partial<Record<SendReason, number>>;
  /** Of all people in it, in percent. */
  progress: number;
  /** ISO 8601; in the future it waits for that. */
  nextAt: string | null;
  createdAt: string;
  startedAt: string | null;
  completedAt: string | null;
}

export function settingsOf(row: Pick<BroadcastRow, 'settings'>): BroadcastSettings {
  return { ...DEFAULT_SETTINGS, ...(JSON.parse(row.settings) as Partial<BroadcastSettings>) };
}

/** What gives the same message to the same person at most once, whoever sends it and however often. */
export function sendKeyOf(broadcastId: string, recipientId: string): string {
  return `broadcast/${broadcastId}/${recipientId}`;
}

export function itemOf(
  row: BroadcastRow,
  account: AccountRow | undefined,
  counted: readonly RecipientCount[],
): BroadcastItem {
  const sum = (matches: (one: RecipientCount) => boolean) =>
    counted.reduce((total, one) => (matches(one) ? total + one.count : total), 0);
  const of = (state: string) => sum((one) => one.state === state);
  const counts: BroadcastCounts = {
    waiting: of('pending'),
    sent: of('sent'),
    skipped: of('skipped'),
    failed: of('failed'),
    unknown: of('unknown'),
  };
  const isDone = ({ state }: RecipientCount) => state !== 'pending' && state !== 'unknown';
  return {
    broadcastId: row.id,
    name: row.name,
    state: row.state as BroadcastState,
    note: row.note,
    category: row.category as BroadcastCategory,
    connection: {
      id: row.account_id,
      name: account?.name ?? '',
      externalId: account?.external_id ?? '',
    },
    total: row.total,
    counts,
    delivered: sum(
      ({ messageStatus }) => messageStatus === 'delivered' || messageStatus === 'read',
    ),
    read: sum(({ messageStatus }) => messageStatus === 'read'),
    failedAfterwards: sum((one) => one.state === 'sent' && one.messageStatus === 'failed'),
    reasons: reasonsOf(counted),
    progress: row.total === 0 ? 0 : Math.floor((sum(isDone) * 100) / row.total),
    nextAt: row.state === 'running' ? iso(row.next_at) : null,
    createdAt: new Date(row.created_at).toISOString(),
    startedAt: iso(row.started_at),
    completedAt: iso(row.completed_at),
  };
}

function reasonsOf(counted: readonly RecipientCount[]): BroadcastItem['reasons'] {
  const reasons: BroadcastItem['reasons'] = {};
  for (const { reason, count } of counted) {
    if (reason === null) continue;
    reasons[reason as SendReason] = (reasons[reason as SendReason] ?? 0) + count;
  }
  return reasons;
}

function iso(instant: number | null): string | null {
  return instant === null ? null : new Date(instant).toISOString();
}
