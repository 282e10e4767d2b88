import type { SendResult } from '../model';
import {
  findOpenSendKeysByMessages,
  findSendKey,
  insertReservation,
  renewReservation,
  resultOf,
  type NewReservation,
} from '../store/statements/idempotency';
import { tenantUnit } from '../store/unit';
import { LEASE_MS } from './timing';

export type ReserveSendArgs = Omit<NewReservation, 'leaseUntil' | 'reservedAt'>;

export type Reservation =
  | { kind: 'reserved' }
  /** The key has its result already. */
  | { kind: 'completed'; result: SendResult }
  /** Another send with this key has no result yet. */
  | { kind: 'open'; messageId: string };

/** One unit of work: whoever inserts the key sends; everybody else with this key hears what became of it. */
export const reserveSend = tenantUnit(
  __filename,
  'reserveSend',
  async (tx, args: ReserveSendArgs): Promise<Reservation> => {
    const now = await tx.databaseNow();
    const reservation = { ...args, reservedAt: now, leaseUntil: now + LEASE_MS };
    if (await insertReservation(tx, reservation)) return { kind: 'reserved' };
    const present = await findSendKey(tx, args.key);
    // Released between the two statements: what the caller may do is try again, not send now.
    if (!present) return { kind: 'open', messageId: args.messageId };
    const result = resultOf(present);
    if (present.state === 'completed' && result) return { kind: 'completed', result };
    tx.signal({ topic: 'sends', tenantId: tx.tenantId });
    return { kind: 'open', messageId: present.message_id };
  },
);

/** @returns false when the reservation is no longer the owner's: do not send */
export const renewLease = tenantUnit(
  __filename,
  'renewLease',
  async (tx, args: { key: string; messageId: string; owner: string }): Promise<boolean> =>
    renewReservation(tx, { ...args, leaseUntil: (await tx.databaseNow()) + LEASE_MS }),
);

/** The sealed requests of those of the messages whose send has no result yet. */
export const readOpenRequests = tenantUnit(
  __filename,
  'readOpenRequests',
  async (
    tx,
    { messageIds }: { messageIds: string[] },
  ): Promise<Array<{ messageId: string; request: string }>> =>
    (await findOpenSendKeysByMessages(tx, messageIds)).map((row) => ({
      messageId: row.message_id,
      request: row.request,
    })),
);
