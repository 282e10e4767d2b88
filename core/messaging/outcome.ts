import { describeError, type SendResult } from '../model';
import type { Outcome, ReservedSend } from './attempt';
import { wordsOf } from './content';
import type { MessagingContext } from './context';
import { failSend, noteUnknown, releaseSends, type SendRef } from './results.unit';
import { sendStoreOf } from './sendStore';
import { resultBase } from './sent';

/**
 * Stores what became of an attempt and says it. Never throws: where the store fails now, the reservation stays, and
 * the runtime settles it when its lease is over.
 */
export async function storeOutcome(
  ctx: MessagingContext,
  send: ReservedSend,
  outcome: Outcome,
): Promise<SendResult> {
  try {
    return await store(ctx, send, outcome);
  } catch (error) {
    ctx.logger.error('The result of a send could not be stored; the runtime settles it', {
      tenantId: send.tenantId,
      accountId: send.account.id,
      messageId: send.messageId,
      outcome: outcome.kind,
      error: describeError(error),
    });
    return unknownResult(
      send,
      `The store failed while the result was being written (${describeError(error)}). The runtime settles what became of the message; it is not sent again blindly.`,
    );
  }
}

async function store(
  ctx: MessagingContext,
  send: ReservedSend,
  outcome: Outcome,
): Promise<SendResult> {
  const tenant = ctx.store.forTenant(send.tenantId);
  const ref = refOf(send);
  switch (outcome.kind) {
    case 'sent': {
      const { kind: _, ...facts } = outcome;
      return sendStoreOf(ctx.store, send.tenantId).complete({ ...ref, ...facts });
    }
    case 'refused': {
      const { key, messageId, owner } = ref;
      await tenant.run(releaseSends, { keys: [{ key, messageId }], owner });
      const { kind: _, ...refusal } = outcome;
      return { status: 'skipped', ...refusal, ...resultBase(send), messageId: null };
    }
    case 'failed': {
      const { reason, detail, retryable, retryAfterMs, accountStatus } = outcome;
      const failure = { reason, detail, retryable, retryAfterMs, accountStatus };
      const result = await tenant.run(failSend, { ...ref, ...failure });
      if (result?.status !== 'failed' || retryAfterMs === null) return result ?? takenOver(send);
      return { ...result, retryAfterMs };
    }
    case 'unknown': {
      const { key, messageId, owner } = ref;
      const known = await tenant.run(noteUnknown, { key, messageId, owner });
      return known ?? unknownResult(send, outcome.detail);
    }
    case 'lost':
      return takenOver(send);
  }
}

function refOf(send: ReservedSend): SendRef {
  return {
    key: send.key,
    messageId: send.messageId,
    owner: send.owner,
    accountId: send.account.id,
    contactId: send.person.contact.id,
    conversationId: send.person.conversation.id,
    recipientExternalId: send.person.externalId,
    words: wordsOf(send),
  };
}

function unknownResult(send: ReservedSend, detail: string): SendResult {
  return {
    status: 'unknown',
    reason: 'outcome_unknown',
    detail,
    retryable: false,
    ...resultBase(send),
  };
}

function takenOver(send: ReservedSend): SendResult {
  return unknownResult(
    send,
    'This process was halted for so long that another one is settling the message. Nothing is sent twice.',
  );
}
