import { StoreError, ulids, type Account, type AccountSecrets, type ProviderId } from '../model';
import { choiceOf } from '../providers/choice';
import type { DiscoveredAccount } from '../providers/provider';
import type { AccountConnection, AccountRow } from '../store/statements/accounts';
import type { AccountsContext } from './context';
import { readAccountsByAddress, saveAccountHealth } from './accounts.unit';
import { EXPIRING_MS } from './loginStanding';
import { readAccountsOfCredential, saveConnection, type SaveConnectionArgs } from './sync.unit';

/** Two processes that connect the same account at once meet at most once; the third try is for the unthinkable. */
const SAVE_ATTEMPTS = 3;

/** How an account stands once its provider has told of it. */
export interface AccountStanding {
  status: SaveConnectionArgs['connection']['status'];
  reason: string | null;
}

export interface SyncCredentialAccountsInput {
  tenantId: string;
  provider: ProviderId;
  /** The n8n credential that leads to them; null = a customer connected them. */
  credentialId: string | null;
  loginId?: string | null;
  /** Of the credential's values that the accounts were discovered with; see credentialState. */
  credentialFingerprint?: string;
  discovered: DiscoveredAccount[];
  /** Default: by the account's own expiry and problem. */
  standingOf?: (discovered: DiscoveredAccount) => AccountStanding;
  /** See SaveConnectionArgs; default: what was disconnected is connected again, and warnings go. */
  keepsDisconnected?: boolean;
  keepsWarning?: boolean;
  /** Accounts that are connected again even so, as choiceOf names them. */
  reconnects?: readonly string[];
}

/**
 * Stores the accounts that a login leads to: new ones are made, present ones get the new token, name and expiry, with
 * the event `connection.connected` where one is new or was not connected. Secrets are sealed for their account. The same
 * account of the provider in two tenants is two accounts; neither touches the other.
 * @throws StoreError
 */
export async function syncCredentialAccounts(
  ctx: AccountsContext,
  input: SyncCredentialAccountsInput,
): Promise<Account[]> {
  const accounts: Account[] = [];
  for (const discovered of input.discovered) {
    accounts.push(await saveDiscovered(ctx, input, discovered));
  }
  return accounts;
}

async function saveDiscovered(
  ctx: AccountsContext,
  input: SyncCredentialAccountsInput,
  discovered: DiscoveredAccount,
): Promise<Account> {
  const tenant = ctx.store.forTenant(input.tenantId);
  const address = addressOf(input.provider, discovered);
  const standing = (input.standingOf ?? ((one) => ownStanding(one, ctx.clock.now())))(discovered);
  const { credentialFingerprint } = input;
  const plain = JSON.stringify({
    ...discovered.secrets,
    ...(credentialFingerprint ? { credentialFingerprint } : {}),
  });
  for (let attempt = 1; attempt <= SAVE_ATTEMPTS; attempt += 1) {
    const [present] = await tenant.run(readAccountsByAddress, { addresses: [address] });
    const id = present?.id ?? ulids.next(ctx.clock.now());
    const connection = {
      ...address,
      parentExternalId: discovered.parentExternalId,
      parentName: discovered.parentName ?? null,
      name: discovered.name,
      username: discovered.username ?? null,
      pictureUrl: discovered.pictureUrl ?? null,
      status: standing.status,
      statusReason: standing.reason,
      credentialId: input.credentialId,
      loginId: input.loginId ?? null,
      sealedSecrets: ctx.store.sealer.seal(plain, id),
      expiresAt: discovered.expiresAt,
    } satisfies AccountConnection;
    const secretsChanged = !present || openedText(ctx, present) !== plain;
    const { keepsWarning = false, reconnects = [] } = input;
    const keepsDisconnected =
      (input.keepsDisconnected ?? false) && !reconnects.includes(choiceOf(discovered));
    const args = { id, connection, secretsChanged, keepsDisconnected, keepsWarning };
    const saved = await tenant.run(saveConnection, args);
    if (saved && discovered.health) {
      const { health } = discovered;
      return { ...saved, health: await tenant.run(saveAccountHealth, { accountId: id, health }) };
    }
    if (saved) return saved;
  }
  throw new StoreError(
    'store_conflict',
    `The account "${discovered.name}" is being connected by another process at this moment.`,
    true,
    { hint: 'Try again.' },
  );
}

function addressOf(provider: ProviderId, { channel, externalId }: DiscoveredAccount) {
  return { provider, channel, externalId };
}

function ownStanding({ problem, expiresAt }: DiscoveredAccount, now: number): AccountStanding {
  if (problem !== undefined) return { status: 'error', reason: problem };
  const isExpiring = expiresAt !== null && expiresAt - now < EXPIRING_MS;
  return { status: isExpiring ? 'expiring' : 'active', reason: null };
}

/** The secrets of an account as they were sealed; null when there are none, or the key was lost. */
export function openedText(ctx: AccountsContext, row: AccountRow): string | null {
  if (row.sealed_secrets === null) return null;
  try {
    return ctx.store.sealer.open(row.sealed_secrets, row.id);
  } catch {
    // Sealed with a lost key: what it said no longer matters, the new secrets take its place.
    return null;
  }
}

/** How the accounts of a credential stand to its present values. */
export type CredentialState =
  /** No account was last connected by this credential. */
  | 'none'
  /** Its accounts were read with these values. */
  | 'current'
  /** Its accounts hold what other values of the credential led to. */
  | 'changed';

/**
 * Whether the accounts of a credential were read with its present values, where no login stands between (see
 * sourceState). One account that was suffices: a credential may no longer lead to another one, which then keeps what it
 * had.
 * @param credentialFingerprint as given to syncCredentialAccounts
 */
export async function credentialState(
  ctx: AccountsContext,
  input: { tenantId: string; credentialId: string; credentialFingerprint: string },
): Promise<CredentialState> {
  const tenant = ctx.store.forTenant(input.tenantId);
  const rows = await tenant.run(readAccountsOfCredential, { credentialId: input.credentialId });
  if (rows.length === 0) return 'none';
  const isCurrent = rows.some((row) => {
    const text = openedText(ctx, row);
    if (text === null) return false;
    const { credentialFingerprint } = JSON.parse(text) as AccountSecrets;
    return credentialFingerprint === input.credentialFingerprint;
  });
  return isCurrent ? 'current' : 'changed';
}
