import type { SendResult } from '../model';
import { findContact } from '../store/statements/contacts';
import {
  findOpenSendKeysByMessages,
  releaseReservation,
  renewReservation,
  resultOf,
  type NewReservation,
  type SendKeyRow,
} from '../store/statements/idempotency';
import { findSendKeys, insertReservations } from '../store/statements/sendKeyBatches';
import { tenantUnit, type TenantTx } from '../store/unit';
import { findTooMany, type CappedSend } from './capped';
import type { Cap, CapReached } from './caps';
import { findWithdrawn, type Withdrawn } from './journey/withdrawn';
import { settle, type Settled } from '../store/settled';
import { LEASE_MS } from './timing';

/** One message as the provider gets it: a long text goes in several. */
export type PartReservation = Pick<
  NewReservation,
  'key' | 'messageId' | 'request' | 'contentHash' | 'choices' | 'category'
>;

export interface ReserveSendArgs
  extends Pick<NewReservation, 'accountId' | 'contactId' | 'conversationId' | 'owner' | 'sender'> {
  /** In the order in which they are sent. */
  parts: PartReservation[];
  /** How many of its kind the person may have; absent: it does not matter. */
  cap?: Cap | null | undefined;
}

export type ReservedPart =
  | { kind: 'reserved' }
  /** The key has its result already. */
  | { kind: 'completed'; result: SendResult };

export type SendReservation =
  | { kind: 'parts'; parts: ReservedPart[] }
  /** Another send with this key has no result yet; nothing was reserved. */
  | { kind: 'open'; messageId: string }
  /** The person has had as many of its kind as they may; nothing was reserved. */
  | ({ kind: 'capped' } & CapReached)
  /** What it is about is no longer so, or its person was erased; nothing was reserved. */
  | Withdrawn
  /** Another sender has used the key; nothing was reserved. */
  | { kind: 'taken' };

/**
 * Reserves the keys of many sends, each with all of its parts or none. Whoever inserts a key sends; everybody else with
 * this key hears what became of it.
 * @returns in the order of the sends
 */
export const reserveSends = tenantUnit(
  __filename,
  'reserveSends',
  async (tx, { sends }: { sends: ReserveSendArgs[] }): Promise<Settled<SendReservation>[]> => {
    const inserted = await insertReservations(tx, sends.flatMap(reservationsOf), LEASE_MS);
    const ours = sends.map(({ parts }) => parts.every(({ key }) => inserted.delete(key)));
    const fresh = sends.filter((_, index) => ours[index]);
    const withdrawn = await findWithdrawn(tx, {
      keys: fresh.map(firstKey),
      people: fresh.flatMap(cappedOf).map(({ contactId }) => contactId),
    });
    const tooMany = await findTooMany(
      tx,
      fresh.filter((send) => !withdrawn.has(firstKey(send))).flatMap(cappedOf),
    );
    const answers: Settled<SendReservation>[] = [];
    for (const [index, send] of sends.entries()) {
      const key = firstKey(send);
      const reached = tooMany.get(key);
      const refusal: SendReservation | undefined =
        withdrawn.get(key) ?? (reached && { kind: 'capped', ...reached });
      if (!ours[index]) answers.push(await settle(() => meetPresent(tx, send)));
      else if (refusal) {
        await releaseAll(tx, send);
        answers.push({ ok: true, value: refusal });
      } else {
        answers.push({ ok: true, value: { kind: 'parts', parts: send.parts.map(asReserved) } });
      }
    }
    return answers;
  },
);

/** By which a message is known. */
function firstKey({ parts: [first] }: ReserveSendArgs): string {
  return first?.key ?? '';
}

function asReserved(): ReservedPart {
  return { kind: 'reserved' };
}

function cappedOf({ cap, contactId, parts: [first] }: ReserveSendArgs): CappedSend[] {
  return cap && contactId !== null && first ? [{ cap, contactId, key: first.key }] : [];
}

async function releaseAll(tx: TenantTx, { parts, owner }: ReserveSendArgs): Promise<void> {
  for (const { key, messageId } of parts) await releaseReservation(tx, { key, messageId, owner });
}

function reservationsOf({
  parts,
  accountId,
  contactId,
  conversationId,
  owner,
  sender,
}: ReserveSendArgs): NewReservation[] {
  return parts.map((part, index) => ({
    ...part,
    accountId,
    contactId,
    conversationId,
    owner,
    sender,
    previousKey: parts[index - 1]?.key ?? null,
  }));
}

/**
 * Some of its keys were there before, or its person was erased. Where one of them is open, what was reserved beside it is
 * given back.
 */
async function meetPresent(tx: TenantTx, send: ReserveSendArgs): Promise<SendReservation> {
  const rows = new Map<string, SendKeyRow>();
  const keys = send.parts.map(({ key }) => key);
  for (const row of await findSendKeys(tx, keys)) rows.set(row.key, row);
  if (rows.size < keys.length && (await isErased(tx, send))) return ERASED;
  const isTaken = [...rows.values()].some(
    ({ sender }) => sender !== null && send.sender !== null && sender !== send.sender,
  );
  const states = send.parts.map((part) => stateOf(part, rows.get(part.key), send.owner));
  const open = states.find((state) => state.kind === 'open');
  if (!open && !isTaken) {
    return { kind: 'parts', parts: states.filter((state) => state.kind !== 'open') };
  }
  await releaseAll(tx, send);
  tx.signal({ topic: 'sends', tenantId: tx.tenantId });
  return isTaken || !open ? { kind: 'taken' } : open;
}

const ERASED: SendReservation = {
  kind: 'changed',
  reason: 'state_changed',
  detail: 'The contact was erased meanwhile.',
};

async function isErased(tx: TenantTx, { contactId }: ReserveSendArgs): Promise<boolean> {
  return contactId !== null && (await findContact(tx, contactId)) === undefined;
}

function stateOf(
  { messageId }: PartReservation,
  row: SendKeyRow | undefined,
  owner: string,
): ReservedPart | { kind: 'open'; messageId: string } {
  // Released between the two statements: what the caller may do is try again, not send now.
  if (!row) return { kind: 'open', messageId };
  if (row.message_id === messageId && row.owner === owner) return { kind: 'reserved' };
  const result = resultOf(row);
  if (row.state === 'completed' && result) return { kind: 'completed', result };
  return { kind: 'open', messageId: row.message_id };
}

/** Whether a send with this key has a result already, or is under way. */
export const isKeyUsed = tenantUnit(
  __filename,
  'isKeyUsed',
  async (tx, { key }: { key: string }): Promise<boolean> =>
    (await findSendKeys(tx, [key])).length > 0,
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
