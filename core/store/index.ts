export { openStore, type OpenStoreOptions } from './openStore';
export { acquireStore, closeStores, type AcquireStoreOptions } from './registry';
export { createSealer, type Sealer } from './sealing';
export type { Store, StoreDescription, TenantStore } from './store';
export { testStoreConnection, type ConnectionTestResult } from './testConnection';
export {
  instanceUnit,
  tenantUnit,
  type InstanceUnit,
  type StoreSignal,
  type TenantTx,
  type TenantUnit,
  type Tx,
  type UnitOptions,
} from './unit';
