export type { TenantsContext } from './context';
export { checkZone } from './checkSettings';
export { proceduresOf, type Procedure, type ProcedureDocument } from './procedures';
export { isQuiet, nextOpening, previousOpening } from './quietHours';
export {
  DEFAULT_SETTINGS,
  type DayHours,
  type QuietCategory,
  type RetentionKind,
  type SettingsPart,
  type SettingsPatch,
  type TenantLanguage,
  type TenantSettings,
} from './settings';
export { settingsOf } from './settingsOf';
export {
  getTenant,
  listTenants,
  saveSettings,
  setFeature,
  upsertTenant,
  type Tenant,
} from './tenants';
export { foldedWord, isOneOf } from './words';
