import { InvalidInputError, StoreError, type ChannelAbilities } from '../model';
import { waitForTokens } from '../limits';
import type { Provider } from '../providers/provider';
import { toAccount } from '../store/statements/accounts';
import type { MessagingContext } from './context';
import { permissionOf, type SendInQuestion } from './permission';
import { isKeyUsed } from './reserve.unit';
import { tokenOf, type SendToken } from './tokens';

/** How long a send waits for room in its account's limits before it is refused. */
export interface LimitWait {
  /** Milliseconds. */
  maxMs: number;
  /** Ends the wait: nothing is sent then. */
  signal?: AbortSignal | undefined;
}

/** Tokens that were taken for the parts of a message before anything of it was reserved. */
export interface Room {
  /** The token of the next part; undefined = none is left. */
  take(): SendToken | undefined;
  /** Gives back those that no part came for. */
  leave(): Promise<void>;
}

export interface WaitingSend {
  send: SendInQuestion;
  key: string;
  /** In how many parts it goes. */
  parts: number;
  provider: Provider;
  abilities: ChannelAbilities;
}

/**
 * Waits in the line of the account until all parts of a message may go. Before its key is reserved: a reservation is a
 * message that may be on its way, and one that only waits must not be looked for when its process ends.
 *
 * A repeat does not wait, nor what policy will hold back.
 * @returns undefined where there is nothing to wait for, or no room within the time: the send then hears of its limits
 *   in the usual way
 * @throws the signal's reason
 */
export async function waitForRoom(
  ctx: MessagingContext,
  { send, key, parts, provider, abilities }: WaitingSend,
  { maxMs, signal }: LimitWait,
): Promise<Room | undefined> {
  const { tenantId, account } = send;
  if (await ctx.store.forTenant(tenantId).run(isKeyUsed, { key })) return undefined;
  if ((await permissionOf(ctx, send, { provider, abilities })).refusal) return undefined;
  try {
    const pace = provider.pace?.(toAccount(account), send.content);
    const taken = await waitForTokens(ctx, {
      tenantId,
      accountId: account.id,
      count: parts,
      pace: pace && { ...pace, contactId: send.person.contact.id },
      maxWaitMs: maxMs,
      signal,
    });
    if (!taken.allowed) return undefined;
    const startAt = performance.now() + (taken.startInMs ?? 0);
    const ofSome = (consumed: number) =>
      tokenOf(ctx, account, {
        ...taken,
        consumed,
        startInMs: Math.max(0, Math.ceil(startAt - performance.now())),
      });
    let left = parts;
    return {
      take: () => {
        if (left === 0) return undefined;
        left -= 1;
        return ofSome(1);
      },
      leave: async () => {
        if (left > 0) await ofSome(left).giveBack();
        left = 0;
      },
    };
  } catch (error) {
    // Limits that cannot be read, or that never hold so many parts: the send itself knows what then.
    if (error instanceof StoreError || error instanceof InvalidInputError) return undefined;
    throw error;
  }
}
