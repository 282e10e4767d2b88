import type { SendResult } from '../../model';
import { rowSource } from '../rowSource';
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
  owner: 'text',
  lease_until: 'bigint',
  reserved_at: 'bigint',
} as const;

/**
 * Claims keys. The primary key decides, also between parallel calls.
 * @returns those that were free
 */
export async function insertReservations(
  tx: TenantTx,
  reservations: readonly NewReservation[],
): Promise<Set<string>> {
  const rows = rowSource(
    tx,
    'r',
    RESERVATION_COLUMNS,
    // In one order for everybody: two callers with the same keys wait for each other, but never in a circle.
    reservations.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(toReservationRow),
  );
  const columns = sql.join(Object.keys(RESERVATION_COLUMNS).map((name) => sql.ref(name)));
  const { rows: inserted } = await sql<{ key: string }>`
    insert into idempotency_keys (tenant_id, state, ${columns})
    select ${tx.tenantId}, 'reserved', ${columns} from ${rows} where true
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
    owner: reservation.owner,
    lease_until: reservation.leaseUntil,
    reserved_at: reservation.reservedAt,
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

/** As findSendKeys, held until the end of the transaction. Lock the conversations first. */
export async function lockSendKeys(tx: TenantTx, keys: readonly string[]): Promise<SendKeyRow[]> {
  const wanted = rowSource(
    tx,
    'w',
    { key: 'text' },
    keys.toSorted().map((key) => ({ key })),
  );
  const held = tx.dialect === 'postgres' ? sql`for update of k` : sql``;
  // Joined in this order for SQLite, see sendBatches.ts.
  const { rows } = await sql<SendKeyRow>`select k.* from ${wanted} cross join idempotency_keys k
    where k.tenant_id = ${tx.tenantId} and k.key = w.key
    order by k.key ${held}`.execute(tx.db);
  return rows;
}

/** As completeSendKey, for keys that are held. */
export async function completeSendKeys(
  tx: TenantTx,
  completed: readonly { key: string; result: SendResult }[],
  completedAt: number,
): Promise<void> {
  if (tx.dialect === 'sqlite') {
    for (const { key, result } of completed) {
      await sql`update idempotency_keys set state = 'completed', result = ${JSON.stringify(result)},
          owner = null, lease_until = null, next_check_at = null, completed_at = ${completedAt}
        where tenant_id = ${tx.tenantId} and key = ${key}`.execute(tx.db);
    }
    return;
  }
  const source = rowSource(
    tx,
    'v',
    { key: 'text', result: 'text' },
    completed.map(({ key, result }) => ({ key, result: JSON.stringify(result) })),
  );
  await sql`update idempotency_keys set state = 'completed', result = v.result, owner = null,
      lease_until = null, next_check_at = null, completed_at = ${completedAt}
    from ${source}
    where idempotency_keys.tenant_id = ${tx.tenantId} and idempotency_keys.key = v.key`.execute(
    tx.db,
  );
}
