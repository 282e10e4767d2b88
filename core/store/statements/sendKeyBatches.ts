import { clockOf } from '../databaseClock';
import { lookUp, rowSource, unsought } from '../rowSource';
import { sql } from '../sql';
import type { TenantTx } from '../unit';
import type { NewReservation, SendKeyRow } from './idempotency';

/* The keys of many sends at once, see sendBatches.ts. */

const RESERVATION_COLUMNS = {
  key: 'text',
  account_id: 'text',
  contact_id: 'text',
  conversation_id: 'text',
  previous_key: 'text',
  message_id: 'text',
  request: 'text',
  content_hash: 'text',
  choices: 'text',
  category: 'text',
  owner: 'text',
  sender: 'text',
} as const;

/**
 * Claims keys, from now on for so many milliseconds by the database's clock: so long their owner alone may act on them. The
 * primary key decides, also between parallel calls. For somebody who was erased none is claimed; an erasure that begins
 * later finds the key, and waits for it.
 * @returns those that were free
 */
export async function insertReservations(
  tx: TenantTx,
  reservations: readonly NewReservation[],
  leaseMs: number,
): Promise<Set<string>> {
  const rows = rowSource(
    tx,
    'r',
    RESERVATION_COLUMNS,
    // In one order for everybody: two callers with the same keys wait for each other, but never in a circle.
    reservations.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(toReservationRow),
  );
  const columns = sql.join(Object.keys(RESERVATION_COLUMNS).map((name) => sql.ref(name)));
  const now = await clockOf(tx);
  const person = sql`(select 1 from contacts c
    where ${unsought(sql`c.tenant_id = ${tx.tenantId}`)} and c.id = r.contact_id)`;
  const { rows: inserted } = await sql<{ key: string }>`
    insert into idempotency_keys (tenant_id, state, reserved_at, lease_until, ${columns})
    select ${tx.tenantId}, 'reserved', ${now}, ${now} + ${leaseMs}, ${columns} from ${rows}
    where r.contact_id is null or ${person} = 1
    on conflict do nothing returning key`.execute(tx.db);
  return new Set(inserted.map(({ key }) => key));
}

function toReservationRow(reservation: NewReservation) {
  return {
    key: reservation.key,
    account_id: reservation.accountId,
    contact_id: reservation.contactId,
    conversation_id: reservation.conversationId,
    previous_key: reservation.previousKey,
    message_id: reservation.messageId,
    request: reservation.request,
    content_hash: reservation.contentHash,
    choices: reservation.choices ?? null,
    category: reservation.category ?? null,
    owner: reservation.owner,
    sender: reservation.sender,
  };
}

export async function findSendKeys(tx: TenantTx, keys: readonly string[]): Promise<SendKeyRow[]> {
  return tx.db
    .selectFrom('idempotency_keys')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('key', 'in', keys)
    .execute();
}

/** What completing needs to know of a key, and whether its account has a message of this provider id already. */
export type HeldSendKey = Pick<SendKeyRow, 'key' | 'state' | 'message_id' | 'owner'> & {
  is_stored: number;
};

/** Keys, held until the end of the transaction. Lock the conversations first. */
export async function lockSendKeys(
  tx: TenantTx,
  sends: readonly { key: string; accountId: string; providerMessageId: string }[],
): Promise<HeldSendKey[]> {
  const wanted = rowSource(
    tx,
    'v',
    { key: 'text', account_id: 'text', provider_id: 'text' },
    sends.map(({ key, accountId, providerMessageId }) => ({
      key,
      account_id: accountId,
      provider_id: providerMessageId,
    })),
  );
  const held = tx.dialect === 'postgres' ? sql`for update of k` : sql``;
  // Not `exists`: PostgreSQL may answer that by reading every message of the tenant once.
  const stored = sql`select 1 from messages m where m.tenant_id = ${tx.tenantId}
    and m.account_id = w.account_id and m.provider_id = w.provider_id`;
  // Apart from the above, so that each has its own index.
  const storedByOther = sql`select 1 from messages m where m.tenant_id = ${tx.tenantId}
    and m.account_id = w.account_id and m.other_provider_id = w.provider_id`;
  const { rows } = await sql<HeldSendKey>`select k.key, k.state, k.message_id, k.owner,
      coalesce((${stored}), (${storedByOther} limit 1), 0) as is_stored
    from (select * from ${wanted} order by key) as w
    ${lookUp(tx, 'idempotency_keys', 'k', { by: sql`k.tenant_id = ${tx.tenantId} and k.key = w.key` })}
    ${held}`.execute(tx.db);
  return rows;
}
