import type { AccountHealth, AccountSecrets, AccountStatus, Channel, ProviderId } from '../model';
import { toAccount } from '../store/statements/accounts';
import type { ConnectionRow } from '../store/statements/connections';
import type { LoginsContext } from './context';
import { keeperOf } from './loginSecrets';
import { openedText } from './sync';

/** An account as workflows see it: never a secret. Instants are ISO 8601. */
export interface ConnectionItem {
  id: string;
  name: string;
  username: string | null;
  pictureUrl: string | null;
  provider: ProviderId;
  channel: Channel;
  /** The id that the provider's webhooks carry. */
  externalId: string;
  /** The Page that it is, or speaks through; null where there is none. */
  page: { id: string; name: string | null } | null;
  status: AccountStatus;
  statusReason: string | null;
  connectedAt: string | null;
  lastSyncedAt: string | null;
  lastReceivedAt: string | null;
  /** When the login's token ends; null = never, or not known. */
  expiresAt: string | null;
  dataAccessExpiresAt: string | null;
  /** What was granted; null = the provider does not say. */
  permissions: string[] | null;
  /** What it should have been granted and was not, the essential first. */
  missingPermissions: string[] | null;
  /** Webhook calls refused for a wrong signature. */
  refusedCalls: number;
  refusedSince: string | null;
  credentialId: string | null;
  /** Its last letters, to tell which one it is; null where there is none, or it does not open. */
  accessToken: string | null;
  /** What the provider tells of it beside, such as quality and limit of a number. */
  health: AccountHealth | null;
}

export function toConnectionItem(ctx: LoginsContext, row: ConnectionRow): ConnectionItem {
  const account = toAccount(row);
  const permissions =
    row.login_permissions === null ? null : (JSON.parse(row.login_permissions) as string[]);
  return {
    id: account.id,
    name: account.name,
    username: account.username,
    pictureUrl: account.pictureUrl,
    provider: account.provider,
    channel: account.channel,
    externalId: account.externalId,
    page: keeperOf(ctx, row.provider)?.pageOf(account) ?? null,
    status: account.status,
    statusReason: account.statusReason,
    connectedAt: iso(account.connectedAt),
    lastSyncedAt: iso(account.lastSyncedAt),
    lastReceivedAt: iso(account.lastReceivedAt),
    expiresAt: iso(account.expiresAt),
    dataAccessExpiresAt:
      account.status === 'disconnected' ? null : iso(row.login_data_access_expires_at),
    permissions,
    missingPermissions: permissions && missingOf(ctx, row, permissions),
    refusedCalls: account.refusedCalls,
    refusedSince: iso(account.refusedSince),
    credentialId: account.credentialId,
    accessToken: maskedToken(ctx, row),
    health: account.health ?? null,
  };
}

/** A token shorter than this would be shown for the most part. */
const SHORTEST_MASKED = 12;

function maskedToken(ctx: LoginsContext, row: ConnectionRow): string | null {
  const text = openedText(ctx, row);
  const { accessToken } = (text === null ? {} : JSON.parse(text)) as AccountSecrets;
  if (!accessToken) return null;
  return accessToken.length < SHORTEST_MASKED ? '••••' : `••••${accessToken.slice(-4)}`;
}

function missingOf(ctx: LoginsContext, row: ConnectionRow, granted: string[]): string[] | null {
  const keeper = keeperOf(ctx, row.provider);
  if (!keeper) return null;
  const missing = keeper.missingPermissions(toAccount(row), granted);
  return [...missing.essential, ...missing.useful];
}

function iso(instant: number | null): string | null {
  return instant === null ? null : new Date(instant).toISOString();
}
