import { instanceUnit, type Tx } from '../unit';

/*
 * Leases cross tenants: one per background runner of the whole installation. All instants are the database's, since
 * the processes that compare them may run on machines whose clocks differ.
 */

export interface LeaseRequest {
  /** What is leased: `runner:settle`, … */
  name: string;
  /** Who asks: unique per process (or per runner). */
  owner: string;
  /** Milliseconds it is held without renewal. */
  ttlMs: number;
}

export interface HeldLease {
  name: string;
  owner: string;
  /** The fencing number: grows at every change of owner, so that work of a former owner can be told and refused. */
  fence: number;
}

/**
 * Takes a lease that is free, has run out, or is ours already.
 * @returns its fencing number, or null while another owner holds it
 */
export const acquireLease = instanceUnit(
  __filename,
  'acquireLease',
  async (tx, request: LeaseRequest): Promise<{ fence: number } | null> => {
    const now = await tx.databaseNow();
    const row = await tx.db
      .insertInto('leases')
      .values({
        name: request.name,
        owner: request.owner,
        fence: 1,
        lease_until: now + request.ttlMs,
      })
      .onConflict((conflict) =>
        conflict
          .column('name')
          .doUpdateSet((update) => ({
            owner: update.ref('excluded.owner'),
            lease_until: update.ref('excluded.lease_until'),
            fence: update
              .case()
              .when('leases.owner', '=', request.owner)
              .then(update.ref('leases.fence'))
              .else(update('leases.fence', '+', 1))
              .end(),
          }))
          .where((where) =>
            where.or([
              where('leases.lease_until', '<=', now),
              where('leases.owner', '=', request.owner),
            ]),
          ),
      )
      .returning('fence')
      .executeTakeFirst();
    return row ? { fence: row.fence } : null;
  },
);

/**
 * Holds a lease for another `ttlMs`, also one that ran out and that nobody else took meanwhile.
 * @returns false when it has another owner by now: stop the work at once
 */
export const renewLease = instanceUnit(
  __filename,
  'renewLease',
  async (tx, lease: HeldLease & { ttlMs: number }): Promise<boolean> => {
    const now = await tx.databaseNow();
    const row = await heldBy(tx, lease)
      .set({ lease_until: now + lease.ttlMs })
      .returning('name')
      .executeTakeFirst();
    return row !== undefined;
  },
);

/** Gives a lease back. The row stays, for its fencing number must go on growing; without an owner, so that it does. */
export const releaseLease = instanceUnit(
  __filename,
  'releaseLease',
  async (tx, lease: HeldLease): Promise<void> => {
    await heldBy(tx, lease).set({ owner: '', lease_until: 0 }).execute();
  },
);

function heldBy(tx: Tx, lease: HeldLease) {
  return tx.db
    .updateTable('leases')
    .where('name', '=', lease.name)
    .where('owner', '=', lease.owner)
    .where('fence', '=', lease.fence);
}
