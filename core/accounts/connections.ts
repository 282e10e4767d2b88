import {
  InvalidInputError,
  NotFoundError,
  OutcomeUnknownError,
  SendError,
  TokenExpiredError,
  describeError,
  type AccountStatus,
  type Channel,
  type ProviderId,
} from '../model';
import { isAssetUsedByOther } from '../store/instance/logins';
import { toAccount } from '../store/statements/accounts';
import type { ConnectionCursor, ConnectionRow } from '../store/statements/connections';
import { openConnectionOf } from './accounts';
import { toConnectionItem, type ConnectionItem } from './connectionItem';
import { dropConnection, readConnection, readConnections } from './connections.unit';
import type { LoginsContext } from './context';
import { openDoorsOf } from './doors';
import { keeperOf } from './loginSecrets';
import { tendLogin } from './tendLogin';

export interface ListConnectionsInput {
  tenantId: string;
  provider?: ProviderId | undefined;
  channels?: Channel[] | undefined;
  statuses?: AccountStatus[] | undefined;
  limit: number;
  cursor: string | null;
}

/** @throws NotFoundError when this tenant has no such account */
export async function getConnection(
  ctx: LoginsContext,
  tenantId: string,
  accountId: string,
): Promise<ConnectionItem> {
  return toConnectionItem(ctx, await connectionRow(ctx, tenantId, accountId));
}

/** The tenant's accounts, the oldest first, page by page. */
export async function listConnections(
  ctx: LoginsContext,
  input: ListConnectionsInput,
): Promise<{ items: ConnectionItem[]; nextCursor: string | null }> {
  const { provider, channels, statuses, limit } = input;
  const rows = await ctx.store.forTenant(input.tenantId).run(readConnections, {
    filter: { provider, channels, statuses },
    after: readCursor(input.cursor),
    limit: limit + 1,
  });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map((row) => toConnectionItem(ctx, row)),
    nextCursor: rows.length > limit && last ? `${last.created_at}.${last.id}` : null,
  };
}

function readCursor(cursor: string | null): ConnectionCursor | null {
  if (cursor === null) return null;
  const [, createdAt, id] = /^(\d{1,16})\.([0-9A-Z]{26})$/.exec(cursor) ?? [];
  if (createdAt && id) return { createdAt: Number(createdAt), id };
  throw new InvalidInputError('Cursor', `"${cursor}" is no cursor of this list.`, {
    hint: 'Use the nextCursor of the last item of the page before.',
  });
}

/** Renews the login of an account now, not only when it is due, and gives its accounts their new tokens. */
export async function renewConnection(
  ctx: LoginsContext,
  tenantId: string,
  accountId: string,
): Promise<ConnectionItem & { renewed: boolean; detail: string }> {
  const row = await connectionRow(ctx, tenantId, accountId);
  mustBeConnected(row);
  const { renewed, detail } = row.login_id
    ? await renewLogin(ctx, tenantId, row.login_id)
    : { renewed: false, detail: 'This account has no login that could be renewed.' };
  return { ...(await getConnection(ctx, tenantId, accountId)), renewed, detail };
}

async function renewLogin(
  ctx: LoginsContext,
  tenantId: string,
  loginId: string,
): Promise<{ renewed: boolean; detail: string }> {
  const tended = await tendLogin(ctx, tenantId, loginId, { renews: true });
  switch (tended.kind) {
    case 'renewed':
      return { renewed: true, detail: 'The login was renewed, and its accounts have new tokens.' };
    case 'looked':
      return {
        renewed: false,
        detail:
          'The token works and has no end that a renewal could move: it is that of a Page or a system user, or id and secret of its app are missing.',
      };
    case 'refused':
      return { renewed: false, detail: `The token works, but was not renewed. ${tended.reason}` };
    case 'busy':
      return {
        renewed: false,
        detail: 'Another process is looking at this login at this moment. Try again in a minute.',
      };
    case 'dead':
      throw new TokenExpiredError(`The login cannot be renewed any more. ${tended.reason}`, {
        hint: 'Connect the account again.',
      });
    case 'failed':
      throw tended.error;
  }
}

function mustBeConnected({ status, name }: ConnectionRow): void {
  if (status !== 'disconnected') return;
  throw new SendError(
    'no_connection',
    `"${name}" was disconnected, its token is forgotten.`,
    false,
    {
      hint: 'Connect it again: log in once more, or put a new token into the credential.',
    },
  );
}

/**
 * Disconnects an account: ends its webhooks at the provider, unless another connected account has them from the same
 * Page, and forgets its secrets; the messages stay. Doing it twice does nothing more.
 * @throws SendError when the provider cannot be reached: nothing was changed, try again
 */
export async function disconnectAccount(
  ctx: LoginsContext,
  tenantId: string,
  accountId: string,
): Promise<ConnectionItem & { unsubscribed: boolean; detail: string }> {
  const row = await connectionRow(ctx, tenantId, accountId);
  const ended = row.status === 'disconnected' ? NOTHING_LEFT : await endWebhooks(ctx, row);
  const reason = 'Somebody disconnected it with "Disconnect". Connect again to use it.';
  // First the provider, then the secrets: who dies in between can do it again.
  await ctx.store.forTenant(tenantId).run(dropConnection, { accountId, reason });
  return { ...(await getConnection(ctx, tenantId, accountId)), ...ended };
}

interface Ended {
  unsubscribed: boolean;
  detail: string;
}

const NOTHING_LEFT: Ended = { unsubscribed: false, detail: 'It was disconnected already.' };

async function endWebhooks(ctx: LoginsContext, row: ConnectionRow): Promise<Ended> {
  const keeper = keeperOf(ctx, row.provider);
  if (!keeper) return { unsubscribed: false, detail: 'The account is disconnected.' };
  const { provider, id } = row;
  const asset = keeper.subscribedAsset(toAccount(row));
  if (await ctx.store.run(isAssetUsedByOther, { provider, asset, accountId: id })) {
    return {
      unsubscribed: false,
      detail:
        'The account is disconnected. The webhooks of its Page stay on, because another account of the Page is connected.',
    };
  }
  try {
    const doors = await openDoorsOf(ctx, toAccount(row));
    if (!(await keeper.unsubscribe(await openConnectionOf(ctx, row), doors))) {
      return {
        unsubscribed: false,
        detail: 'The account is disconnected. Its webhooks go to somebody else, and were left.',
      };
    }
    return { unsubscribed: true, detail: 'The account is disconnected, and its webhooks are off.' };
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
    if (error.retryable || error instanceof OutcomeUnknownError) throw error;
    return {
      unsubscribed: false,
      detail: `The account is disconnected. Its webhooks could not be switched off, which does no harm. ${describeError(error)}`,
    };
  }
}

export async function connectionRow(
  ctx: LoginsContext,
  tenantId: string,
  accountId: string,
): Promise<ConnectionRow> {
  const row = await ctx.store.forTenant(tenantId).run(readConnection, { accountId });
  if (row) return row;
  throw new NotFoundError('The account', accountId, {
    hint: 'Choose an account of this tenant, or connect one.',
  });
}
