import type { EventItem } from '../../model';
import { findConversation } from '../../store/statements/conversations';
import { moveEventToEnd } from '../../store/statements/events';
import { hasNewerWait, lockWait, updateWait, type WaitRow } from '../../store/statements/waits';
import { tenantUnit, type TenantTx } from '../../store/unit';
import { automationOf } from '../item';
import type { WaitAnswer } from './expectation';

/** Longer than a call to n8n may take. */
export const ATTEMPT_MS = 60_000;
/** How long an execution that n8n calls running is waited for. */
const CONFLICT_MS = 30_000;
const CONFLICT_PAUSE_MS = 1_000;
/** How long somebody has to bring n8n back, or to put its address right. */
const TROUBLE_MS = 24 * 3_600_000;
const LONGEST_PAUSE_MS = 60_000;

/** An answer on its way to its execution. */
export interface Resumption {
  key: string;
  sealedResume: string;
  attempt: number;
}

/** Takes an answer that is due to n8n: the attempt has a number of its own, which counts once. */
export const beginResume = tenantUnit(
  __filename,
  'beginResume',
  async (tx, { id }: { id: string }): Promise<Resumption | null> => {
    const wait = await lockWait(tx, { id });
    if (wait?.state !== 'answered' || (wait.next_attempt_at ?? tx.now) > tx.now) return null;
    const attempt = wait.attempt + 1;
    await updateWait(tx, id, { attempt, next_attempt_at: tx.now + ATTEMPT_MS });
    return { key: wait.key, sealedResume: wait.sealed_resume, attempt };
  },
);

export type TakenAnswer =
  | { kind: 'taken'; answer: WaitAnswer }
  /** Brought by an attempt that is over, or to a question that is not the one the execution waits for. */
  | { kind: 'refused' };

export interface TakeAnswerArgs {
  id: string;
  attempt: number;
  /** Of the address by which the call came. */
  fingerprint: string;
}

/**
 * Our webhook runs: the execution waits here, and goes on with what this gives. An attempt counts once, and not for
 * another question that the same node of the same execution has asked since.
 */
export const takeAnswer = tenantUnit(
  __filename,
  'takeAnswer',
  async (tx, { id, attempt, fingerprint }: TakeAnswerArgs): Promise<TakenAnswer> => {
    const wait = await lockWait(tx, { id });
    const isThis =
      wait?.state === 'answered' &&
      wait.resume_fingerprint === fingerprint &&
      wait.attempt === attempt &&
      wait.taken_attempt < attempt;
    if (!isThis || wait.answer === null || (await hasNewerWait(tx, wait))) {
      return { kind: 'refused' };
    }
    await updateWait(tx, id, { taken_attempt: attempt });
    return { kind: 'taken', answer: JSON.parse(wait.answer) as WaitAnswer };
  },
);

/** What n8n answered to an attempt. */
export type ResumeReply =
  /** Our webhook's own answer, or n8n's page that says that nobody waits. */
  | { kind: 'answered' }
  | { kind: 'running' }
  /** There is no such execution, or it is over. */
  | { kind: 'over' }
  /** Not reached, broken off, or it was not n8n's own answer. */
  | { kind: 'trouble'; detail: string };

export type Resumed = 'resumed' | 'ended' | 'again';

/**
 * What became of an attempt. That our webhook has run is the only success; an execution that no longer waits although
 * an earlier attempt had run it, has gone on. Where nobody waits any more, a message that was kept from the other
 * workflows is given to them.
 */
export const settleResume = tenantUnit(
  __filename,
  'settleResume',
  async (
    tx,
    { id, attempt, reply }: { id: string; attempt: number; reply: ResumeReply },
  ): Promise<Resumed> => {
    const wait = await lockWait(tx, { id });
    if (wait?.state !== 'answered' || wait.attempt !== attempt) return 'again';
    const pause = pauseAfter(wait, reply, tx.now);
    if (pause !== null) {
      await updateWait(tx, id, {
        next_attempt_at: tx.now + pause,
        conflict_since: reply.kind === 'running' ? (wait.conflict_since ?? tx.now) : null,
        last_error: reply.kind === 'trouble' ? reply.detail : null,
      });
      return 'again';
    }
    const hasResumed = wait.taken_attempt > 0;
    await updateWait(tx, id, {
      state: hasResumed ? 'resumed' : 'ended',
      next_attempt_at: null,
      last_error: reply.kind === 'trouble' ? reply.detail : null,
    });
    if (!hasResumed) await release(tx, wait);
    return hasResumed ? 'resumed' : 'ended';
  },
);

/** @returns milliseconds until the next attempt; null = this was the last one */
function pauseAfter(wait: WaitRow, reply: ResumeReply, now: number): number | null {
  switch (reply.kind) {
    case 'answered':
    case 'over':
      return null;
    case 'running': {
      if (wait.taken_attempt > 0) return null;
      const isLong = now - (wait.conflict_since ?? now) >= CONFLICT_MS;
      return isLong ? null : CONFLICT_PAUSE_MS;
    }
    case 'trouble': {
      if (now - (wait.answered_at ?? now) >= TROUBLE_MS) return null;
      return Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** Math.min(wait.attempt - 1, 6));
    }
  }
}

async function release(tx: TenantTx, wait: WaitRow): Promise<void> {
  if (wait.keeps_answer !== 1 || wait.answer_event_id === null) return;
  const conversation = await findConversation(tx, wait.conversation_id);
  if (!conversation) return;
  const automation = automationOf(conversation, tx.now);
  await moveEventToEnd(tx, wait.answer_event_id, (item: EventItem) => ({
    ...item,
    conversation: item.conversation && { ...item.conversation, automation },
  }));
}

/** Takes the telling of one too late; afterwards nothing is due. */
export const takeLateTap = tenantUnit(
  __filename,
  'takeLateTap',
  async (tx, { id }: { id: string }): Promise<{ conversationId: string; text: string } | null> => {
    const wait = await lockWait(tx, { id });
    const isClosed = wait?.state === 'resumed' || wait?.state === 'ended';
    if (!isClosed || wait.late_at === null || wait.too_late_text === null) return null;
    return { conversationId: wait.conversation_id, text: wait.too_late_text };
  },
);

/** @param again milliseconds until the next try; null = told, or not to be told any more */
export const noteLateTapTold = tenantUnit(
  __filename,
  'noteLateTapTold',
  async (tx, { id, again }: { id: string; again: number | null }): Promise<void> => {
    const wait = await lockWait(tx, { id });
    if (wait?.state !== 'resumed' && wait?.state !== 'ended') return;
    const isOver = again === null || tx.now - (wait.late_at ?? tx.now) > CONFLICT_MS * 20;
    await updateWait(tx, id, { next_attempt_at: isOver ? null : tx.now + again });
  },
);
