import {
  NotFoundError,
  SendError,
  StoreError,
  type Account,
  type AccountSecrets,
  type ProviderId,
} from '../model';
import type { ProviderConnection } from '../providers/provider';
import { toAccount, type AccountRow } from '../store/statements/accounts';
import {
  countRefused,
  noteConnectionStatus,
  readAccount,
  readAccounts,
  saveAccountWarning,
} from './accounts.unit';
import type { AccountsContext } from './context';

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

/** What was opened of a row that several sends have in hand together: opening it takes longer than all else here. */
const opened = new WeakMap<AccountRow, AccountSecrets>();

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
  let secrets: AccountSecrets;
  try {
    secrets =
      opened.get(row) ??
      (JSON.parse(ctx.store.sealer.open(row.sealed_secrets, row.id)) as AccountSecrets);
    opened.set(row, secrets);
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
  if (row.status === 'error' && !secrets.accessToken && !secrets.google) {
    // It was found, but the provider gave no token for it, and the reason is known.
    const reason = row.status_reason ?? 'The provider gave no access token for it.';
    throw new SendError(
      'no_connection',
      `Nothing can be sent from "${row.name}". ${reason}`,
      false,
    );
  }
  return { account: toAccount(row), secrets };
}

/** More ids than any real webhook body names: a refused body is anybody's words. */
const MAX_CLAIMED_IDS = 50;
const MAX_CLAIMED_ID_LENGTH = 128;

export interface CountRefusedCallInput {
  tenantId: string;
  doorId: string;
  /** The door's own credential: a stranger's body can count on no account of another one. */
  credentialId: string | null;
  /** The `entry[].id` of the refused body. Not trusted: they only choose among the accounts that this door may serve. */
  claimedExternalIds: string[];
}

/**
 * Counts a call with a wrong signature: on the door, and on the accounts it names among those of the door's credential
 * and those that people connected on a page, which have none. When it names none of them, it may have been meant for
 * any of the credential's.
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
