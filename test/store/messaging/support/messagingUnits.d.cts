import type { Selectable } from 'kysely';
import type { Database } from '../../../../core/store/tables';
import type { InstanceUnit, TenantUnit } from '../../../../core/store/unit';

type Row = { [T in keyof Database]: Selectable<Database[T]> }[keyof Database];

export const readRows: TenantUnit<keyof Database, Row[]>;
export const ageKey: TenantUnit<{ key: string; milliseconds: number }, void>;
export const changeConversations: TenantUnit<Partial<Selectable<Database['conversations']>>, void>;
export const changeAccounts: TenantUnit<Partial<Selectable<Database['accounts']>>, void>;
export const deleteRows: TenantUnit<keyof Database, void>;
export const changeCatchUps: TenantUnit<Partial<Selectable<Database['catch_ups']>>, void>;
export const forgetListening: InstanceUnit<null, void>;
export const closeWindowOn: TenantUnit<string, void>;
