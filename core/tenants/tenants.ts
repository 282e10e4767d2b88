import { InvalidInputError, NotFoundError } from '../model';
import { readTenants } from '../store/instance/tenants';
import type { TenantsContext } from './context';
import type { SettingsPart, SettingsPatch, TenantSettings } from './settings';
import { forgetSettings } from './settingsOf';
import { changeTenant, readTenantSettings, toStored, type StoredTenant } from './tenants.unit';

/** A tenant as workflows see it. */
export interface Tenant extends TenantSettings {
  id: string;
  /** ISO 8601 */
  createdAt: string;
  updatedAt: string;
}

/** Ids stand in links and in options: what a person can read and type. */
const ID = /^[A-Za-z0-9][\w.@-]{0,99}$/;

/**
 * Changes what a tenant has set, and makes the tenant where there is none. What the change does not name stays.
 * @throws InvalidInputError naming the field; nothing is changed then. StoreError
 */
export async function saveSettings(
  ctx: TenantsContext,
  tenantId: string,
  patch: SettingsPatch,
): Promise<TenantSettings> {
  return (await change(ctx, tenantId, patch)).settings;
}

/**
 * As saveSettings, with all that is known of the tenant.
 * @param reset parts that go back to their defaults before the change is laid over them
 * @throws InvalidInputError naming the field; StoreError
 */
export async function upsertTenant(
  ctx: TenantsContext,
  tenantId: string,
  patch: SettingsPatch,
  reset: readonly SettingsPart[] = [],
): Promise<Tenant & { isNew: boolean }> {
  const { isNew, ...stored } = await change(ctx, tenantId, patch, reset);
  return { ...toTenant(tenantId, stored), isNew };
}

/** @throws NotFoundError for a tenant for which nothing was ever set; StoreError */
export async function getTenant(ctx: TenantsContext, tenantId: string): Promise<Tenant> {
  const stored = await ctx.store.forTenant(tenantId).run(readTenantSettings, null);
  if (!stored) throw new NotFoundError('The tenant', tenantId);
  return toTenant(tenantId, stored);
}

/**
 * Switches a feature of a tenant; null makes it as by default again.
 * @throws InvalidInputError naming the field; StoreError
 */
export async function setFeature(
  ctx: TenantsContext,
  tenantId: string,
  { feature, on }: { feature: string; on: boolean | null },
): Promise<Tenant> {
  const stored = await change(ctx, tenantId, { features: { [feature.trim()]: on } });
  return toTenant(tenantId, stored);
}

/**
 * All tenants of the installation, by their ids: for those who look after it, and for nobody's customers.
 * @param cursor the last id of the page before
 */
export async function listTenants(
  ctx: TenantsContext,
  { limit, cursor }: { limit: number; cursor: string | null },
): Promise<{ items: Tenant[]; nextCursor: string | null }> {
  const rows = await ctx.store.run(readTenants, { after: cursor, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map((row) => toTenant(row.id, toStored(row))),
    nextCursor: rows.length > limit && last ? last.id : null,
  };
}

async function change(
  ctx: TenantsContext,
  tenantId: string,
  patch: SettingsPatch,
  reset: readonly SettingsPart[] = [],
) {
  if (!ID.test(tenantId)) {
    throw new InvalidInputError('Tenant', `"${tenantId}" cannot be the id of a tenant.`, {
      hint: 'Use up to 100 letters, digits, dots, dashes and underscores.',
    });
  }
  const changed = await ctx.store.forTenant(tenantId).run(changeTenant, { patch, reset });
  forgetSettings(ctx, tenantId);
  return changed;
}

function toTenant(id: string, { settings, createdAt, updatedAt }: StoredTenant): Tenant {
  const iso = (at: number) => new Date(at).toISOString();
  return { id, ...settings, createdAt: iso(createdAt), updatedAt: iso(updatedAt) };
}
