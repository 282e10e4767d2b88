import type { Clock } from '../model';
import type { Sealer } from './sealing';
import type { InstanceUnit, StoreSignal, TenantUnit } from './unit';

/** The only door to one tenant's data. */
export interface TenantStore {
  readonly tenantId: string;
  /**
   * Runs a unit of work in one transaction, filtered to this tenant. Rejects with a StoreError, or with the
   * OmnichannelError that the unit threw; then nothing of it is kept. The one exception no database can avoid: when
   * connection or thread is lost during the commit itself, the error arrives although the work may be there. So what
   * is tried again must be safe to do twice (a primary key decides).
   */
  run<A, R>(unit: TenantUnit<A, R>, args: A): Promise<R>;
}

export interface StoreDescription {
  kind: 'sqlite' | 'postgres';
  /** File path, or host, database and schema: never a password. */
  location: string;
  serverVersion: string;
  schemaVersion: string;
  /** False when the store was made with another encryption key: stored secrets do not open. */
  keyMatches: boolean;
}

/** The store of this n8n instance: one per process and target. */
export interface Store {
  readonly kind: 'sqlite' | 'postgres';
  readonly clock: Clock;
  readonly sealer: Sealer;
  /** False when the store was made with another encryption key: stored secrets do not open. */
  readonly keyMatches: boolean;
  describe(): Promise<StoreDescription>;
  forTenant(tenantId: string): TenantStore;
  /** Runs a unit that crosses tenants (store/instance/). */
  run<A, R>(unit: InstanceUnit<A, R>, args: A): Promise<R>;
  /** Hears of committed signals: of this process at once, of others by NOTIFY. Returns the unsubscriber. */
  onSignal(listener: (signal: StoreSignal) => void): () => void;
  close(): Promise<void>;
}
