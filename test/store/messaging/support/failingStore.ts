import { StoreError } from '../../../../core/model';
import type { Store } from '../../../../core/store/store';

/** The store, but one unit fails as if the database had gone away at that moment. */
export function failingAt(store: Store, name: string): Store {
  return {
    ...store,
    kind: store.kind,
    sealer: store.sealer,
    clock: store.clock,
    run: store.run.bind(store),
    forTenant: (tenantId) => {
      const tenant = store.forTenant(tenantId);
      return {
        tenantId,
        run: (unit, args) =>
          unit.name === name
            ? Promise.reject(
                new StoreError('store_unavailable', 'The server does not answer.', true),
              )
            : tenant.run(unit, args),
      };
    },
  };
}
