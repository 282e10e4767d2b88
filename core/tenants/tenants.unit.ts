import { findTenant, holdTenant, updateTenant, type TenantRow } from '../store/statements/tenants';
import { tenantUnit } from '../store/unit';
import { checkSettings } from './checkSettings';
import { patched, settingsFrom, type SettingsPatch, type TenantSettings } from './settings';

/** What is kept of a tenant. */
export interface StoredTenant {
  settings: TenantSettings;
  createdAt: number;
  updatedAt: number;
}

/** @returns null where nothing was ever set for this tenant: everything is as by default */
export const readTenantSettings = tenantUnit(
  __filename,
  'readTenantSettings',
  async (tx): Promise<StoredTenant | null> => {
    const row = await findTenant(tx);
    return row ? toStored(row) : null;
  },
);

/** Lays a change over what is set; two at once come one after the other. Nothing changes where the whole is not right. */
export const changeTenant = tenantUnit(
  __filename,
  'changeTenant',
  async (tx, { patch }: { patch: SettingsPatch }): Promise<StoredTenant & { isNew: boolean }> => {
    const { row, isNew } = await holdTenant(tx);
    const stored = patched(JSON.parse(row.settings) as SettingsPatch, patch);
    const name = (patch.name ?? row.name).trim();
    checkSettings(settingsFrom(name, stored));
    const changed = await updateTenant(tx, { name, settings: JSON.stringify(stored) });
    return { ...toStored(changed), isNew };
  },
);

export function toStored(row: TenantRow): StoredTenant {
  return {
    settings: settingsFrom(row.name, JSON.parse(row.settings) as SettingsPatch),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
