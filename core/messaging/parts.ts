import { describeError, type SendResult } from '../model';
import { attemptSend, type Attempt, type ReservedSend } from './attempt';
import type { MessagingContext } from './context';
import { storeOutcome } from './outcome';
import type { ReservedPart } from './reserve.unit';
import { noteUnknown, releaseSends } from './results.unit';

/**
 * Sends what is reserved of a message, one part after the other; what has its result already is left alone. The first
 * part that does not go ends it: a customer never gets the end of a sentence without its beginning.
 * @param parts how the reservation found each of the sends
 */
export async function sendParts(
  ctx: MessagingContext,
  sends: readonly ReservedSend[],
  parts: readonly ReservedPart[],
): Promise<SendResult> {
  const results: SendResult[] = [];
  for (const [index, send] of sends.entries()) {
    const part = parts[index];
    const rest = sends
      .slice(index + 1)
      .filter((_, at) => parts[index + 1 + at]?.kind === 'reserved');
    const result =
      part?.kind === 'completed'
        ? { ...part.result, duplicate: true }
        : await sendPart(ctx, send, rest);
    results.push(result);
    if (result.status === 'sent') continue;
    await leaveRest(ctx, result, rest);
    break;
  }
  return combined(results, sends.length);
}

/** @throws StoreError before anything was sent; then nothing stays reserved, where the store still can */
async function sendPart(
  ctx: MessagingContext,
  send: ReservedSend,
  rest: readonly ReservedSend[],
): Promise<SendResult> {
  let attempt: Attempt;
  try {
    attempt = await attemptSend(ctx, send);
  } catch (error) {
    await release(ctx, [send, ...rest]);
    throw error;
  }
  const { rateLimit } = attempt;
  return { ...(await storeOutcome(ctx, send, attempt)), ...(rateLimit && { rateLimit }) };
}

/**
 * The parts behind one that did not go. Where it surely did not, they are given back with it; where nobody knows, they
 * wait for it: once it turns out to have been sent, the runtime sends them.
 */
async function leaveRest(
  ctx: MessagingContext,
  { status }: SendResult,
  rest: readonly ReservedSend[],
): Promise<void> {
  const [first] = rest;
  if (!first) return;
  if (status !== 'unknown') return release(ctx, rest);
  const tenant = ctx.store.forTenant(first.tenantId);
  for (const { key, messageId, owner } of rest) {
    // Where the store fails now, the reservation stays, and waits in the same way when its lease is over.
    await tenant.run(noteUnknown, { key, messageId, owner }).catch((error: unknown) => {
      warn(ctx, 'A part of a message waits until its lease is over', messageId, error);
    });
  }
}

async function release(ctx: MessagingContext, sends: readonly ReservedSend[]): Promise<void> {
  const [first] = sends;
  if (!first) return;
  const { tenantId, owner } = first;
  const keys = sends.map(({ key, messageId }) => ({ key, messageId }));
  await ctx.store
    .forTenant(tenantId)
    .run(releaseSends, { keys, owner })
    .catch((error: unknown) => {
      warn(ctx, 'A reservation stays until its lease is over', first.messageId, error);
    });
}

function warn(ctx: MessagingContext, what: string, messageId: string, error: unknown): void {
  ctx.logger.warn(what, { messageId, error: describeError(error) });
}

/** One result for all parts: of the whole where all went, else of the part that ended it. */
function combined(results: readonly SendResult[], total: number): SendResult {
  const [first] = results;
  const last = results.at(-1);
  if (!first || !last) throw new Error('A message has at least one part.');
  if (total === 1) return first;
  const isSent = last.status === 'sent';
  const { duplicate: _, detail, ...deciding } = isSent ? { ...last, ...ownIds(first) } : last;
  const note = `${results.length - 1} of the ${total} parts of this message were sent before it.`;
  return {
    ...deciding,
    ...(detail === undefined ? {} : { detail: results.length > 1 ? `${detail} ${note}` : detail }),
    // Nothing was done by this call.
    ...(results.every(({ duplicate }) => duplicate) ? { duplicate: true } : {}),
    parts: results.map(({ status, messageId, providerMessageId }) => ({
      status,
      messageId,
      providerMessageId,
    })),
    partsTotal: total,
  };
}

/** A message in parts is known by its first. */
function ownIds({ messageId, providerMessageId }: SendResult) {
  return { messageId, providerMessageId };
}
