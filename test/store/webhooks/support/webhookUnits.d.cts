import type { Selectable, Updateable } from 'kysely';
import type { InstanceUnit, TenantUnit } from '../../../../core/store/unit';
import type {
  WebhookCursorTable,
  WebhookDeliveriesTable,
  WebhookSubscriptionsTable,
} from '../../../../core/store/webhookTables';

export const readSubscriptionRow: TenantUnit<
  string,
  Selectable<WebhookSubscriptionsTable> | undefined
>;
export const patchSubscription: TenantUnit<
  Updateable<WebhookSubscriptionsTable> & { id: string },
  void
>;
export const readDeliveryRows: TenantUnit<null, Selectable<WebhookDeliveriesTable>[]>;
export const expireClaims: TenantUnit<null, void>;
export const readCursor: InstanceUnit<null, Selectable<WebhookCursorTable> | undefined>;
export const countWebhookRows: TenantUnit<null, Record<string, number>>;
type ColumnRow = Record<string, string | number | null>;

export const readColumnSource: InstanceUnit<
  { columns: Record<string, 'text' | 'bigint'>; rows: ColumnRow[] },
  ColumnRow[]
>;
