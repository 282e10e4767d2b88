import type { Channel, EventItem, EventType, ProviderId } from '../../../../core/model';
import type { ConsumerDeliveriesTable, ConsumersTable } from '../../../../core/store/eventTables';
import type { TenantUnit } from '../../../../core/store/unit';

export interface DescribedEvent {
  /** Absent: an event of no conversation. */
  conversation?: string;
  type?: EventType;
  text?: string | null;
  isNew?: boolean;
  /** Of a tapped button. */
  payload?: string;
  paused?: boolean;
  provider?: ProviderId;
  channel?: Channel;
  account?: string;
  occurredAt?: number;
  caughtUp?: boolean;
}

export const appendEvents: TenantUnit<DescribedEvent[], EventItem[]>;
export const appendAndHold: TenantUnit<{ described: DescribedEvent; lock: number }, EventItem>;
export const readSeqs: TenantUnit<
  null,
  { id: string; seq: number; type: EventType; payload: string }[]
>;
export const readDeliveries: TenantUnit<string, ConsumerDeliveriesTable[]>;
export const readConsumer: TenantUnit<string, ConsumersTable | undefined>;
export const expireLeases: TenantUnit<string, void>;
export const expireLease: TenantUnit<{ consumerId: string; eventId: string }, void>;
export const breakPayload: TenantUnit<string, void>;
export const pauseConversation: TenantUnit<string, void>;
