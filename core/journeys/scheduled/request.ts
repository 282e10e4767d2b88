import type { Store } from '../../store/store';
import type { KeptRequest } from './types';

interface Sealing {
  store: Pick<Store, 'sealer'>;
}

/** Sealed, because it holds what is said to a customer; bound to its row. */
export function sealKept(ctx: Sealing, id: string, request: KeptRequest): string {
  return ctx.store.sealer.seal(JSON.stringify(request), id);
}

/** @throws StoreError `store_key_lost` */
export function openKept(ctx: Sealing, id: string, sealed: string): KeptRequest {
  return JSON.parse(ctx.store.sealer.open(sealed, id)) as KeptRequest;
}
