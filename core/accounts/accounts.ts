import {
  NotFoundError,
  SendError,
  StoreError,
  ulids,
  type Account,
  type AccountSecrets,
  type ProviderId,
} from '../model';
import type { DiscoveredAccount, ProviderConnection } from '../providers/provider';
import { toAccount, type AccountConnection, type AccountRow } from '../store/statements/accounts';
import {
  countRefused,
  noteConnectionStatus,
  readAccount,
  readAccounts,
  readAccountsByAddress,
  readAccountsOfCredential,
  saveAccountHealth,
  saveAccountWarning,
  saveConnection,
} from './accounts.unit';
import type { AccountsContext } from './context';

/** Two processes that connect the same account at once meet at most once; the third try is for the unthinkable. */
const SAVE_ATTEMPTS = 3;

export interface SyncCredentialAccountsInput {
  tenantId: string;
  provider: ProviderId;
  credentialId: string;
  /** Of the credential's values that the accounts were discovered with. */
  credentialFingerprint?: string;
  discovered: DiscoveredAccount[];
}

/**
 * Stores the accounts that a credential leads to: new ones are made, present ones get the new token, name and expiry,
 * with event `connection.connected` where one is new or was not connected. Secrets are sealed for their account.
 * The same account of the provider in two tenants is two accounts; neither touches the other.
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
  const address = {
    provider: input.provider,
    channel: discovered.channel,
    externalId: discovered.externalId,
  };
  for (let attempt = 1; attempt <= SAVE_ATTEMPTS; attempt += 1) {
    const [present] = await tenant.run(readAccountsByAddress, { addresses: [address] });
    const id = present?.id ?? ulids.next(ctx.clock.now());
    const { credentialFingerprint } = input;
    const plain = JSON.stringify({
      ...discovered.secrets,
      ...(credentialFingerprint ? { credentialFingerprint } : {}),
    });
    const connection: AccountConnection = {
      ...address,
      parentExternalId: discovered.parentExternalId,
      name: discovered.name,
      status: statusFor(discovered.expiresAt, ctx.clock.now()),
      credentialId: input.credentialId,
      sealedSecrets: ctx.store.sealer.seal(plain, id),
      expiresAt: discovered.expiresAt,
    };
    const secretsChanged = !present || openedText(ctx, present) !== plain;
    const saved = await tenant.run(saveConnection, { id, connection, secretsChanged });
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

/** How the accounts of a credential stand to its present values. */
export type CredentialState =
  /** No account was last connected by this credential. */
  | 'none'
  /** Its accounts were read with these values. */
  | 'current'
  /** Its accounts hold what other values of the credential led to. */
  | 'changed';

/**
 * Whether the accounts of a credential were read with its present values. One account that was suffices: a credential
 * may no longer lead to another one, which then keeps what it had.
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

/** A week is when the admin is warned (a Meta token lives 60 days). */
const EXPIRING_MS = 7 * 24 * 60 * 60 * 1_000;

function statusFor(expiresAt: number | null, now: number): 'active' | 'expiring' {
  return expiresAt !== null && expiresAt - now < EXPIRING_MS ? 'expiring' : 'active';
}

function openedText(ctx: AccountsContext, row: AccountRow): string | null {
  if (row.sealed_secrets === null) return null;
  try {
    return ctx.store.sealer.open(row.sealed_secrets, row.id);
  } catch {
    // Sealed with a lost key: what it said no longer matters, the new secrets take its place.
    return null;
  }
}

/** @throws NotFoundError when this tenant has no such account */
export async function getAccount(
  ctx: AccountsContext,
  tenantId: string,
  accountId: string,
): Promise<Account> {
  const row = await ctx.store.forTenant(tenantId).run(readAccount, { accountId });
  if (!row) throw noSuchAccount(accountId);
  return toAccount(row);
}

/** The tenant's accounts, the oldest first. */
export async function listAccounts(
  ctx: AccountsContext,
  tenantId: string,
  filter: { provider?: ProviderId } = {},
): Promise<Account[]> {
  return ctx.store.forTenant(tenantId).run(readAccounts, filter);
}

/**
 * An account with its secrets, for as long as a call is made.
 * @throws NotFoundError when this tenant has no such account
 * @throws SendError `no_connection` when it holds no secrets, or they do not open with the present encryption key
 * (the account then has the status `error` and says so)
 */
export async function openConnection(
  ctx: AccountsContext,
  tenantId: string,
  accountId: string,
): Promise<ProviderConnection> {
  const row = await ctx.store.forTenant(tenantId).run(readAccount, { accountId });
  if (!row) throw noSuchAccount(accountId);
  return openConnectionOf(ctx, row);
}

/** As openConnection, for a row that was read a moment ago. */
export async function openConnectionOf(
  ctx: AccountsContext,
  row: AccountRow,
): Promise<ProviderConnection> {
  if (row.sealed_secrets === null) {
    throw new SendError(
      'no_connection',
      `The account "${row.name}" has no access token stored.`,
      false,
      { hint: 'Reconnect this account.' },
    );
  }
  try {
    const secrets = JSON.parse(ctx.store.sealer.open(row.sealed_secrets, row.id)) as AccountSecrets;
    return { account: toAccount(row), secrets };
  } catch (cause) {
    if (!(cause instanceof StoreError && cause.code === 'store_key_lost')) throw cause;
    const message = `The access token of the account "${row.name}" does not open with the present encryption key.`;
    await ctx.store.forTenant(row.tenant_id).run(noteConnectionStatus, {
      accountId: row.id,
      status: 'error',
      reason: `${message} Put the old key back, or reconnect this account.`,
    });
    throw new SendError('no_connection', message, false, {
      cause,
      hint: 'Put the old encryption key back, or reconnect this account.',
    });
  }
}

/** More ids than any real webhook body names: a refused body is anybody's words. */
const MAX_CLAIMED_IDS = 50;
const MAX_CLAIMED_ID_LENGTH = 128;

export interface CountRefusedCallInput {
  tenantId: string;
  doorId: string;
  /** The door's own credential: a stranger's body can count on no other account. */
  credentialId: string | null;
  /** The `entry[].id` of the refused body. Not trusted: they only choose among the credential's accounts. */
  claimedExternalIds: string[];
}

/**
 * Counts a call with a wrong signature: on the door, and on the accounts it names among those of the door's
 * credential; when it names none of them, on all of them.
 */
export async function countRefusedCall(
  ctx: AccountsContext,
  input: CountRefusedCallInput,
): Promise<void> {
  const claimed = input.claimedExternalIds
    .slice(0, MAX_CLAIMED_IDS)
    .filter((id) => id.length > 0 && id.length <= MAX_CLAIMED_ID_LENGTH && !id.includes('\0'));
  await ctx.store.forTenant(input.tenantId).run(countRefused, {
    doorId: input.doorId,
    credentialId: input.credentialId,
    claimedExternalIds: claimed,
  });
}

/**
 * Notes that an account no longer works (or works again), with the event that says so, once.
 * @param reason one sentence for people: what happened and what to do next
 */
export async function noteAccountStatus(
  ctx: AccountsContext,
  tenantId: string,
  accountId: string,
  status: 'active' | 'expiring' | 'expired' | 'disconnected' | 'error',
  reason: string | null,
): Promise<void> {
  await ctx.store.forTenant(tenantId).run(noteConnectionStatus, { accountId, status, reason });
}

/** Shows a warning on an account that works in every other way; null takes it back. */
export async function setAccountWarning(
  ctx: AccountsContext,
  tenantId: string,
  accountId: string,
  reason: string | null,
): Promise<void> {
  await ctx.store.forTenant(tenantId).run(saveAccountWarning, { accountId, reason });
}

function noSuchAccount(accountId: string): NotFoundError {
  return new NotFoundError('The account', accountId, {
    hint: 'Choose an account of this tenant, or connect one.',
  });
}
