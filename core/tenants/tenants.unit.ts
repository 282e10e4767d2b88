import { findTenant, holdTenant, updateTenant, type TenantRow } from '../store/statements/tenants';
import { tenantUnit } from '../store/unit';
import { checkSettings } from './checkSettings';
import {
  patched,
  settingsFrom,
  type SettingsPart,
  type SettingsPatch,
  type TenantSettings,
} from './settings';

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

export interface ChangeTenantArgs {
  patch: SettingsPatch;
  /** Parts that go back to their defaults before the change is laid over them. */
  reset?: readonly SettingsPart[] | undefined;
}

/** Lays a change over what is set; two at once come one after the other. Nothing changes where the whole is not right. */
export const changeTenant = tenantUnit(
  __filename,
  'changeTenant',
  async (
    tx,
    { patch, reset = [] }: ChangeTenantArgs,
  ): Promise<StoredTenant & { isNew: boolean }> => {
    const { row, isNew } = await holdTenant(tx);
    const before = JSON.parse(row.settings) as SettingsPatch;
    for (const part of reset) delete before[part];
    const stored = patched(before, patch);
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
