import type {
  Channel,
  OutboundContent,
  ProviderId,
  ScheduledAs,
  SendCategory,
  SendReason,
  SendResult,
  SendSettings,
} from '../../model';
import type { DeliverInput, PerChannel } from '../../messaging';

/** Why a message waits. */
export type ScheduleWhy = 'at_time' | 'quiet_hours' | 'journey' | 'broadcast';

/** Who asked for it, as people know it. */
export interface ScheduleSource {
  workflowId?: string | undefined;
  workflowName?: string | undefined;
  nodeName?: string | undefined;
  executionId?: string | undefined;
  /** Who alone may have the result again (SendMessageInput.sender). */
  sender?: string | undefined;
  journeyKey?: string | undefined;
}

/** What must still hold when it goes; otherwise it is skipped (`state_changed`). */
export interface ScheduleConditions {
  /** The person has written nothing since, on any channel. */
  notAnswered?: boolean | undefined;
  /** The conversation is open. */
  conversationOpen?: boolean | undefined;
  /** This appointment stands, at the time that it had when the message was scheduled. */
  appointmentId?: string | undefined;
}

/** As they are kept: with what was so when it was scheduled. */
export interface KeptConditions extends ScheduleConditions {
  appointmentStartsAt?: number;
  /** Epoch ms. */
  since: number;
}

export interface ScheduleMessageInput extends Omit<DeliverInput, 'limitWait'> {
  /** Epoch ms. What is past goes at once, or not at all where it is later than `lateMs`. */
  dueAt: number;
  /** Epoch ms: it goes before this or not at all. */
  beforeAt?: number | undefined;
  /** So much later than `dueAt` it may still go, where n8n was down or the account could not send. Default 6 hours. */
  lateMs?: number | undefined;
  /**
   * Where its time is quiet, it moves to the end of that, or, with `beforeAt`, to before its beginning. Default: of the
   * categories utility and marketing.
   */
  waitForHours?: boolean | undefined;
  why: ScheduleWhy;
  source?: ScheduleSource | undefined;
  conditions?: ScheduleConditions | undefined;
}

/** The message as it is kept, sealed. */
export interface KeptRequest {
  accountId: string;
  recipientExternalId: string;
  /** The channel is chosen when it goes; account and id are those of today. */
  automatic?: boolean | undefined;
  channels?: readonly Channel[] | undefined;
  prefer?: readonly Channel[] | undefined;
  perChannel?: PerChannel | undefined;
  sender?: string | undefined;
  content: OutboundContent;
  whenWindowClosed?: OutboundContent | undefined;
  settings?: SendSettings | undefined;
  split?: boolean | undefined;
  category?: SendCategory | undefined;
  evenIfHandedOver?: boolean | undefined;
}

/** A scheduled message as nodes give it. */
export interface ScheduledItem extends ScheduledAs {
  /** What it waits as, or what became of it. */
  status: SendResult['status'] | 'cancelled';
  reason: SendReason | null;
  detail: string | null;
  /** ISO 8601; null = any time. */
  mustGoBefore: string | null;
  /** When the next try is, where one did not go. */
  nextTryAt: string | null;
  why: ScheduleWhy;
  source: ScheduleSource;
  conditions: ScheduleConditions;
  category: SendCategory | null;
  channel: Channel;
  provider: ProviderId;
  connection: { id: string; name: string } | null;
  contact: { id: string; name: string | null; phone: string | null } | null;
  conversationId: string;
  /** What goes, as people read it; null where it no longer opens. */
  message: { type: string; text: string | null; whenWindowClosed: string | null } | null;
  idempotencyKey: string;
  result: SendResult | null;
  createdAt: string;
  finishedAt: string | null;
}
