import {
  InvalidInputError,
  ProviderError,
  SendError,
  TokenExpiredError,
  describeError,
  type AccountStatus,
  type ProviderId,
} from '../model';
import type {
  AccountCheck,
  ConnectionKeeper,
  ProviderConnection,
  Subscription,
} from '../providers/provider';
import type { ConnectionRow } from '../store/statements/connections';
import { noteAccountStatus, openConnectionOf } from './accounts';
import { toConnectionItem, type ConnectionItem } from './connectionItem';
import { connectionRow } from './connections';
import type { LoginsContext } from './context';
import { openDoorsOf } from './doors';
import { keeperOf } from './loginSecrets';
import { tendLogin } from './tendLogin';

/** One thing that is wrong: what, and what to do next. */
export interface ConnectionProblem {
  about: 'token' | 'permissions' | 'webhooks' | 'provider';
  problem: string;
}

/** What a look at an account found, beside the account as it stands afterwards. */
export type CheckedConnection = ConnectionItem & {
  ok: boolean;
  /** All of it in one text, for people. */
  summary: string;
  problems: ConnectionProblem[];
  /** The webhook fields that arrive here; null where they could not be read, or the provider does not say. */
  webhookFields: string[] | null;
};

/**
 * Asks the provider about an account now: does its token work, was everything granted, do its webhooks arrive here (where
 * messages come by them)? What it finds is stored (status, reason, permissions, ends), with the events that say so.
 * @throws NotFoundError; StoreError. What is wrong with the account is an answer.
 */
export async function checkConnection(
  ctx: LoginsContext,
  tenantId: string,
  accountId: string,
): Promise<CheckedConnection> {
  const before = await connectionRow(ctx, tenantId, accountId);
  const problems: ConnectionProblem[] = [];
  let webhookFields: string[] | null = null;
  let works = 'the token is good, everything was granted, and its webhooks arrive here.';
  const keeper = keeperOf(ctx, before.provider);
  const check = ctx.checks?.get(before.provider as ProviderId);
  const connection = await opened(ctx, before, problems);
  if (check && connection) {
    works = await runCheck(ctx, check, connection, before, problems);
  } else if (keeper && connection) {
    const tokenProblem = await checkToken(ctx, keeper, connection, before);
    if (tokenProblem) problems.push(tokenProblem);
    else webhookFields = await checkWebhooks(ctx, keeper, connection, problems);
  }
  const after = await connectionRow(ctx, tenantId, accountId);
  const item = toConnectionItem(ctx, after);
  problems.push(...permissionProblems(item));
  addStatusReason(item, problems);
  return {
    ...item,
    ok: problems.length === 0,
    summary: inWords(item, problems, works),
    problems,
    webhookFields,
  };
}

/** @returns what works, in words */
async function runCheck(
  ctx: LoginsContext,
  check: AccountCheck,
  connection: ProviderConnection,
  row: ConnectionRow,
  problems: ConnectionProblem[],
): Promise<string> {
  const { id, tenantId } = connection.account;
  try {
    const works = await check.check(connection);
    if (!WORKING.includes(row.status)) await noteAccountStatus(ctx, tenantId, id, 'active', null);
    return works;
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
    const problem = describeError(error);
    const isKey = error instanceof TokenExpiredError;
    const isSharing = error instanceof ProviderError && error.retryClass === 'permission';
    problems.push({ about: isKey ? 'token' : isSharing ? 'permissions' : 'provider', problem });
    // What passes by itself leaves the account as it is.
    if (!error.retryable) {
      await noteAccountStatus(ctx, tenantId, id, isKey ? 'expired' : 'error', problem);
    }
    return '';
  }
}

async function opened(
  ctx: LoginsContext,
  row: ConnectionRow,
  problems: ConnectionProblem[],
): Promise<ProviderConnection | null> {
  // Its reason says how it ended; there is nothing to ask with.
  if (row.status === 'disconnected' && row.status_reason !== null) return null;
  try {
    return await openConnectionOf(ctx, row);
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
    problems.push({ about: 'token', problem: describeError(error) });
    return null;
  }
}

/** The account's own token first, then its login with everything that hangs on it. */
async function checkToken(
  ctx: LoginsContext,
  keeper: ConnectionKeeper,
  connection: ProviderConnection,
  row: ConnectionRow,
): Promise<ConnectionProblem | null> {
  const { id, tenantId } = connection.account;
  try {
    await keeper.verify(connection);
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
    if (!(error instanceof TokenExpiredError)) {
      return { about: 'provider', problem: describeError(error) };
    }
    await noteAccountStatus(ctx, tenantId, id, 'expired', describeError(error));
    // Its login may have a new one for it.
    if (row.login_id) await tendLogin(ctx, tenantId, row.login_id, { renews: false });
    const now = await connectionRow(ctx, tenantId, id);
    return WORKING.includes(now.status) ? null : { about: 'token', problem: describeError(error) };
  }
  if (row.status === 'expired') await noteAccountStatus(ctx, tenantId, id, 'active', null);
  if (!row.login_id) return null;
  const tended = await tendLogin(ctx, tenantId, row.login_id, { renews: false });
  return tended.kind === 'dead' ? { about: 'token', problem: tended.reason } : null;
}

const WORKING: readonly string[] = ['active', 'expiring'] satisfies AccountStatus[];

async function checkWebhooks(
  ctx: LoginsContext,
  keeper: ConnectionKeeper,
  connection: ProviderConnection,
  problems: ConnectionProblem[],
): Promise<string[] | null> {
  const doors = await openDoorsOf(ctx, connection.account);
  try {
    const found = await keeper.subscription(connection, doors);
    const { isSubscribed, fields } = found;
    if (isSubscribed) {
      problems.push(...deliveryProblems(found));
      return fields;
    }
    const next =
      doors.length > 0
        ? 'Publish the workflow with the trigger once more: that subscribes it.'
        : 'Publish a workflow with the trigger of this provider and this credential: that subscribes it.';
    problems.push({
      about: 'webhooks',
      problem: `The account is not subscribed to webhooks, so no message comes in. ${next}`,
    });
    return fields;
  } catch (error) {
    if (!(error instanceof SendError || error instanceof InvalidInputError)) throw error;
    problems.push({
      about: 'webhooks',
      problem: `Whether its webhooks arrive could not be read. ${describeError(error)}`,
    });
    return null;
  }
}

/** It is subscribed, and yet no message comes here. */
function deliveryProblems({ elsewhere, missing }: Subscription): ConnectionProblem[] {
  const problems: string[] = [];
  if (elsewhere !== undefined) {
    problems.push(
      `Its webhooks go to ${elsewhere} instead of a trigger of this n8n. Choose "Take Over" in the trigger and publish it once more, or have them passed on.`,
    );
  }
  if (missing.includes('messages')) {
    problems.push(
      "The app is not told of messages. Tick the field messages under Webhooks in the app's dashboard.",
    );
  }
  return problems.map((problem) => ({ about: 'webhooks', problem }));
}

function permissionProblems({ missingPermissions, status }: ConnectionItem): ConnectionProblem[] {
  if (!missingPermissions?.length || status === 'disconnected') return [];
  return [
    {
      about: 'permissions',
      problem: `Not granted: ${missingPermissions.join(', ')}. Connect again and leave everything ticked in the dialog; what is not offered there, the app lacks (App Review).`,
    },
  ];
}

/** An account that stands badly says why, also where this look found nothing new. */
function addStatusReason(item: ConnectionItem, problems: ConnectionProblem[]): void {
  const { status, statusReason } = item;
  const isTold = problems.some(({ problem }) => problem === statusReason);
  if (statusReason === null || isTold || problems.length > 0) return;
  problems.push({ about: status === 'active' ? 'provider' : 'token', problem: statusReason });
}

function inWords(
  { name, expiresAt }: ConnectionItem,
  problems: ConnectionProblem[],
  works: string,
): string {
  if (problems.length > 0) return problems.map(({ problem }) => problem).join(' ');
  const end = expiresAt === null ? '' : ` Its login is renewed by itself before ${expiresAt}.`;
  return `"${name}" works: ${works}${end}`;
}
