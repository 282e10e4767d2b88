import { StoreError } from '../../../../core/model';
import type { Store } from '../../../../core/store/store';
import type { TenantUnit } from '../../../../core/store/unit';

/** One unit that was asked for, and what it was asked. */
export interface AskedUnit {
  name: string;
  args: unknown;
}

/** When a unit fails: without having run, or after its commit, when only the answer is lost. */
export type Fault = 'before' | 'after' | null;

/** A store that tells what it was asked, loses its answers on demand, and raises no signals when it is deaf. */
export function observe(store: Store, { isDeaf = false } = {}) {
  const observed = {
    asked: [] as AskedUnit[],
    /** Decides for each unit whether it fails. */
    fault: (_unit: AskedUnit): Fault => null,
  };
  const fail = () => {
    throw new StoreError('store_unavailable', 'The server does not answer.', true);
  };
  const wrapped: Store = {
    ...store,
    kind: store.kind,
    onSignal: isDeaf ? () => () => undefined : (listener) => store.onSignal(listener),
    forTenant: (tenantId) => ({
      tenantId,
      run: async <A, R>(unit: TenantUnit<A, R>, args: A): Promise<R> => {
        const asked = { name: unit.name, args };
        observed.asked.push(asked);
        const fault = observed.fault(asked);
        if (fault === 'before') fail();
        const result = await store.forTenant(tenantId).run(unit, args);
        if (fault === 'after') fail();
        return result;
      },
    }),
  };
  return { store: wrapped, observed };
}
