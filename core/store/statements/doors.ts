import type { Selectable } from 'kysely';
import type { DoorProvider, DoorSubscription } from '../../model';
import type { DoorsTable } from '../tables';
import type { TenantTx } from '../unit';

export type DoorRow = Selectable<DoorsTable>;

/** A trigger node's door: where a provider calls. */
export interface Door {
  /** workflow id + node id */
  id: string;
  tenantId: string;
  provider: DoorProvider;
  credentialId: string | null;
  url: string;
  subscription: DoorSubscription;
  /** Calls with a good signature for an account that is not connected here (any more), and the last such account's id. */
  unknownCalls: number;
  unknownExternalId: string | null;
  unknownLastAt: number | null;
  refusedCalls: number;
  refusedSince: number | null;
  unwantedSince: number | null;
}

export function toDoor(row: DoorRow): Door {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    provider: row.provider as DoorProvider,
    credentialId: row.credential_id,
    url: row.url,
    subscription: row.subscription as DoorSubscription,
    unknownCalls: row.unknown_calls,
    unknownExternalId: row.unknown_external_id,
    unknownLastAt: row.unknown_last_at,
    refusedCalls: row.refused_calls,
    refusedSince: row.refused_since,
    unwantedSince: row.unwanted_since,
  };
}

/** Makes or refreshes a door; wanting it again takes back that it was unwanted. */
export async function upsertDoor(
  tx: TenantTx,
  door: Pick<Door, 'id' | 'provider' | 'credentialId' | 'url' | 'subscription'>,
): Promise<DoorRow> {
  const present = {
    provider: door.provider,
    credential_id: door.credentialId,
    url: door.url,
    subscription: door.subscription,
    unwanted_since: null,
    updated_at: tx.now,
  };
  return tx.db
    .insertInto('doors')
    .values({ id: door.id, tenant_id: tx.tenantId, created_at: tx.now, ...present })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'id']).doUpdateSet(present))
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function findDoor(tx: TenantTx, id: string): Promise<DoorRow | undefined> {
  return tx.db
    .selectFrom('doors')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .executeTakeFirst();
}

export async function listDoors(
  tx: TenantTx,
  filter: { credentialId?: string },
): Promise<DoorRow[]> {
  let query = tx.db.selectFrom('doors').selectAll().where('tenant_id', '=', tx.tenantId);
  if (filter.credentialId !== undefined) {
    query = query.where('credential_id', '=', filter.credentialId);
  }
  return query.orderBy('created_at').orderBy('id').execute();
}

/** Remembers the first moment only: the runtime counts its 60 s from there. */
export async function setDoorUnwanted(tx: TenantTx, id: string): Promise<void> {
  await tx.db
    .updateTable('doors')
    .set({ unwanted_since: tx.now, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .where('unwanted_since', 'is', null)
    .execute();
}

export async function clearDoorUnwanted(tx: TenantTx, id: string): Promise<void> {
  await tx.db
    .updateTable('doors')
    .set({ unwanted_since: null, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}

/**
 * @param unwantedSince what the caller saw: a door that was wanted again meanwhile stays
 * @returns false when it stayed
 */
export async function deleteUnwantedDoor(
  tx: TenantTx,
  id: string,
  unwantedSince: number,
): Promise<boolean> {
  const deleted = await tx.db
    .deleteFrom('doors')
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .where('unwanted_since', '=', unwantedSince)
    .returning('id')
    .executeTakeFirst();
  return deleted !== undefined;
}

export async function countUnknownCalls(
  tx: TenantTx,
  id: string,
  calls: number,
  lastExternalId: string,
): Promise<void> {
  await tx.db
    .updateTable('doors')
    .set((set) => ({
      unknown_calls: set('unknown_calls', '+', calls),
      unknown_external_id: lastExternalId,
      unknown_last_at: tx.now,
    }))
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}

/** @returns whose calls come in there; undefined when no such door is registered */
export async function countRefusedCallOnDoor(
  tx: TenantTx,
  id: string,
): Promise<DoorProvider | undefined> {
  const counted = await tx.db
    .updateTable('doors')
    .set((set) => ({
      refused_calls: set('refused_calls', '+', 1),
      refused_since: set.fn.coalesce('refused_since', set.val(tx.now)),
    }))
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .returning('provider')
    .executeTakeFirst();
  return counted?.provider as DoorProvider | undefined;
}
