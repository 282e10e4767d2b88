import type { WebhookSubscriptionRow } from '../store/instance/webhookQueue';
import { roomOf } from './health';

/** How much may go out at once; what finds no place waits in the queue. */
export interface Claiming {
  owner: string;
  leaseMs: number;
  /** In all. */
  places: number;
  /** Of subscriptions that have something pending; the others have all of theirs. */
  rooms: Readonly<Record<string, number>>;
}

/** The places of one page of the log. */
export class Places {
  readonly #rooms = new Map<string, number>();
  readonly #claims: boolean;
  #left: number;

  /** @param now database time */
  constructor(
    claiming: Claiming | null,
    subscriptions: readonly WebhookSubscriptionRow[],
    now: number,
  ) {
    this.#claims = claiming !== null;
    this.#left = claiming?.places ?? 0;
    for (const row of subscriptions) {
      const isOpen = row.circuit_opens > 0 || row.blocked_until > now;
      const all = isOpen ? 0 : roomOf({ ...row, in_flight: 0 });
      this.#rooms.set(row.id, claiming?.rooms[row.id] ?? all);
    }
  }

  /** There were some, and none is left. */
  get areTaken(): boolean {
    return this.#claims && this.#left <= 0;
  }

  /** Takes a place of this subscription, if there is one. */
  take(subscriptionId: string): boolean {
    const room = this.#rooms.get(subscriptionId) ?? 0;
    if (room <= 0 || this.#left <= 0) return false;
    this.#rooms.set(subscriptionId, room - 1);
    this.#left -= 1;
    return true;
  }
}
