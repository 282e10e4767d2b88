import type { SendResult } from '../model';
import type { Pair } from '../store/statements/recipientLimits';
import type { Store } from '../store/store';
import { Batcher } from '../store/batcher';
import { completeSends, type CompleteSendArgs } from './completeSends.unit';
import { reserveSends, type ReserveSendArgs, type SendReservation } from './reserve.unit';
import { unsettle, type Settled } from '../store/settled';
import { readRestraints, type Restraints } from './restraints.unit';
import { resolveTargets, type Resolution, type TargetQuery } from './target.unit';

/** Callers in one unit of work: on SQLite a group of units ends after 20 ms. */
const MOST = 100;

/** The store work that every send needs, done for many sends at once. */
export interface SendStore {
  /** @throws NotFoundError, InvalidInputError, StoreError */
  resolve(query: TargetQuery): Promise<Resolution>;
  /** @throws StoreError */
  restraints(pair: Pair): Promise<Restraints>;
  /** @throws StoreError */
  reserve(args: ReserveSendArgs): Promise<SendReservation>;
  /** @throws StoreError */
  complete(args: CompleteSendArgs): Promise<SendResult>;
}

/** By store and tenant: what waits here is asked for by somebody who still waits for it. */
const sendStores = new WeakMap<Store, Map<string, SendStore>>();

export function sendStoreOf(store: Store, tenantId: string): SendStore {
  const byTenant = sendStores.get(store) ?? new Map<string, SendStore>();
  sendStores.set(store, byTenant);
  const present = byTenant.get(tenantId);
  if (present) return present;
  const made = createSendStore(store, tenantId);
  byTenant.set(tenantId, made);
  return made;
}

function createSendStore(store: Store, tenantId: string): SendStore {
  const tenant = store.forTenant(tenantId);
  const targets = batcher((queries: TargetQuery[]) => tenant.run(resolveTargets, { queries }));
  const reservations = batcher((sends: ReserveSendArgs[]) => tenant.run(reserveSends, { sends }));
  const restraints = new Batcher({
    run: (pairs: Pair[]) => tenant.run(readRestraints, { pairs }),
    most: MOST,
  });
  const completions = batcher((sends: CompleteSendArgs[]) => tenant.run(completeSends, { sends }));
  return {
    resolve: async (query) => unsettle(await targets.add(query)),
    restraints: (pair) => restraints.add(pair),
    reserve: async (args) => unsettle(await reservations.add(args)),
    complete: async (args) => unsettle(await completions.add(args)),
  };
}

function batcher<A, R>(run: (items: A[]) => Promise<Settled<R>[]>): Batcher<A, Settled<R>> {
  return new Batcher({ run, most: MOST });
}
