import type { Account, AccountStatus, EventItem, EventType } from '../model';
import {
  changeAccountStatus,
  findAccount,
  toAccount,
  type AccountRow,
} from '../store/statements/accounts';
import { appendEvent, type NewEvent } from '../store/statements/events';
import { makeLoginDue } from '../store/statements/logins';
import type { TenantTx } from '../store/unit';

/** What a change to this status is called in the log; `pending` is where an account begins and is no event. */
const EVENT_OF_STATUS: Record<Exclude<AccountStatus, 'pending'>, EventType> = {
  active: 'connection.connected',
  expiring: 'connection.expiring',
  expired: 'connection.expired',
  disconnected: 'connection.disconnected',
  error: 'connection.error',
};

/** An event that is about the account itself and about no contact. */
export function connectionEvent(
  account: Account | AccountRow,
  type: EventType,
  occurredAt: number,
  data: Record<string, unknown>,
  raw: unknown = null,
): NewEvent {
  const { id, name, externalId, channel, provider } =
    'tenant_id' in account ? toAccount(account) : account;
  return {
    event: type,
    channel,
    provider,
    connection: { id, name, externalId },
    contact: null,
    conversation: null,
    message: null,
    data,
    raw,
    occurredAt,
  };
}

/**
 * Changes an account's status and appends the event that says so. Part of a unit. Does nothing when the account has
 * this status already, so that of many sends that meet the same dead token one tells; nor when it was disconnected.
 * @param reason one sentence for people: what happened and what to do next
 * @param looksAtLogin whether an account that has expired makes its login due (false: the caller has just looked)
 * @returns the event, or null when nothing changed
 */
export async function changeConnectionStatus(
  tx: TenantTx,
  accountId: string,
  status: Exclude<AccountStatus, 'pending'>,
  reason: string | null,
  { looksAtLogin = true }: { looksAtLogin?: boolean } = {},
): Promise<EventItem | null> {
  const before = await findAccount(tx, accountId);
  if (!before) return null;
  if (!(await changeAccountStatus(tx, accountId, status, reason))) return null;
  // Its other accounts may be dead too, or this one's token may be had anew.
  if (status === 'expired' && before.login_id !== null && looksAtLogin) {
    await makeLoginDue(tx, before.login_id);
  }
  return appendStatusEvent(tx, before, { status, reason, previousStatus: before.status });
}

/** Appends the event that tells of an account's new status. */
export async function appendStatusEvent(
  tx: TenantTx,
  account: AccountRow,
  data: {
    status: Exclude<AccountStatus, 'pending'>;
    previousStatus: string | null;
    reason: string | null;
  },
): Promise<EventItem> {
  return appendEvent(tx, connectionEvent(account, EVENT_OF_STATUS[data.status], tx.now, data));
}
