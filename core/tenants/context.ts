import type { Store } from '../store/store';

/** What the functions of this room need of the process. */
export interface TenantsContext {
  store: Store;
}
