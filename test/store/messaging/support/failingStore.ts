import { StoreError } from '../../../../core/model';
import type { Store } from '../../../../core/store/store';

/** The store, but one unit fails as if the database had gone away at that moment. */
export function failingAt(store: Store, name: string): Store {
  return around(store, name, () =>
    Promise.reject(new StoreError('store_unavailable', 'The server does not answer.', true)),
  );
}

/** The store, but something else happens right behind one unit. */
export function followedAt(store: Store, name: string, what: () => Promise<unknown>): Store {
  return around(store, name, async (run) => {
    const result = await run();
    await what();
    return result;
  });
}

function around(
  store: Store,
  name: string,
  instead: <R>(run: () => Promise<R>) => Promise<R>,
): Store {
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
        run: (unit, args) => {
          const run = () => tenant.run(unit, args);
          return unit.name === name ? instead(run) : run();
        },
      };
    },
  };
}
