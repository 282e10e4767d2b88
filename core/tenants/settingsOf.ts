import type { Store } from '../store/store';
import type { TenantsContext } from './context';
import { settingsFrom, type TenantSettings } from './settings';
import { readTenantSettings } from './tenants.unit';

/** How long what another process has changed may go unheard of here. */
const FRESH_MS = 2_000;
const MOST_TENANTS = 5_000;

interface Reading {
  settings: Promise<TenantSettings>;
  /** `performance.now()` of this process. */
  readAt: number;
}

/** By store: settings are asked for with every message. */
const readings = new WeakMap<Store, Map<string, Reading>>();

/**
 * The settings of a tenant, defaults where it has set nothing. What this process changes is read at once, what others
 * change within two seconds. Shared by all who ask: not to be changed.
 * @throws StoreError
 */
export async function settingsOf(
  { store }: TenantsContext,
  tenantId: string,
): Promise<TenantSettings> {
  const known = readingsOf(store);
  const present = known.get(tenantId);
  if (present && performance.now() - present.readAt < FRESH_MS) return present.settings;
  const settings = read(store, tenantId);
  if (known.size >= MOST_TENANTS) known.clear();
  const reading = { settings, readAt: performance.now() };
  known.set(tenantId, reading);
  settings.catch(() => {
    if (known.get(tenantId) === reading) known.delete(tenantId);
  });
  return settings;
}

/** Has the next one who asks read them anew. */
export function forgetSettings({ store }: TenantsContext, tenantId: string): void {
  readings.get(store)?.delete(tenantId);
}

async function read(store: Store, tenantId: string): Promise<TenantSettings> {
  const stored = await store.forTenant(tenantId).run(readTenantSettings, null);
  return frozen(stored?.settings ?? settingsFrom(tenantId, {}));
}

function readingsOf(store: Store): Map<string, Reading> {
  const present = readings.get(store);
  if (present) return present;
  const made = new Map<string, Reading>();
  readings.set(store, made);
  return made;
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}
