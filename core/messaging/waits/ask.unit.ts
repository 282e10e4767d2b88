import { lockSendKey, resultOf } from '../../store/statements/idempotency';
import {
  deleteWait,
  insertWait,
  lockWait,
  updateWait,
  type NewWait,
  type WaitRow,
} from '../../store/statements/waits';
import { tenantUnit } from '../../store/unit';
import type { WaitAnswer } from './expectation';

/** What a run asks for that may be the repetition of another one. */
export type OpenWaitArgs = Pick<
  NewWait,
  | 'id'
  | 'key'
  | 'account_id'
  | 'contact_id'
  | 'conversation_id'
  | 'execution_id'
  | 'node_id'
  | 'sealed_resume'
  | 'resume_fingerprint'
  | 'expects'
  | 'keeps_answer'
  | 'too_late_text'
  | 'expires_at'
>;

export type OpenedWait =
  /** To be asked, or asked already and waited for again. */
  | { kind: 'open'; wait: WaitRow }
  | { kind: 'answered'; answer: WaitAnswer }
  /** n8n went on without an answer. */
  | { kind: 'over' };

/**
 * Writes down that an execution is going to wait, before anything is sent. A run with the same key repeats one that
 * did not come to its end: it waits in its place, or gets the answer that the other one got.
 */
export const openWait = tenantUnit(
  __filename,
  'openWait',
  async (tx, args: OpenWaitArgs): Promise<OpenedWait> => {
    const fresh = await insertWait(tx, { ...args, state: 'asking' });
    if (fresh) return { kind: 'open', wait: fresh };
    const present = await lockWait(tx, { key: args.key });
    if (!present) throw new Error('A wait vanished while it was being opened.');
    if (present.answer !== null) {
      await updateWait(tx, present.id, { state: 'resumed', next_attempt_at: null });
      return { kind: 'answered', answer: JSON.parse(present.answer) as WaitAnswer };
    }
    if (present.state === 'ended' || isPast(present.expires_at, tx.now)) return { kind: 'over' };
    const { execution_id, node_id, sealed_resume, resume_fingerprint, expires_at } = args;
    const place = { execution_id, node_id, sealed_resume, resume_fingerprint };
    const wait = await updateWait(tx, present.id, { ...place, expires_at });
    return { kind: 'open', wait: wait ?? present };
  },
);

function isPast(instant: number | null, now: number): boolean {
  return instant !== null && instant <= now;
}

/** How long after a send without a result somebody looks what became of it. */
export const LOOK_AFTER_SEND_MS = 15_000;

export interface NoteAskedArgs {
  id: string;
  messageId: string | null;
  /** Nobody knows yet whether the question arrived. */
  isUnknown: boolean;
}

/** The question has left, or may have. */
export const noteAsked = tenantUnit(
  __filename,
  'noteAsked',
  async (tx, { id, messageId, isUnknown }: NoteAskedArgs): Promise<void> => {
    const wait = await lockWait(tx, { id });
    if (wait?.state !== 'asking' && wait?.state !== 'waiting') return;
    await updateWait(tx, id, {
      state: 'waiting',
      message_id: messageId ?? wait.message_id,
      asked_at: wait.asked_at ?? tx.now,
      next_attempt_at: nextLook(wait, isUnknown, tx.now),
    });
    tx.signal({ topic: 'waits', tenantId: tx.tenantId });
  },
);

/** Surely nothing was sent: the key is free for another try. */
export const dropWait = tenantUnit(
  __filename,
  'dropWait',
  async (tx, { id }: { id: string }): Promise<void> => {
    const wait = await lockWait(tx, { id });
    if (wait?.state === 'asking') await deleteWait(tx, id);
  },
);

/**
 * Looks after a question that waits: one whose time is over is closed, for n8n goes on by itself; of one whose send had
 * no result it is asked what became of it. If it did not leave, or nobody will know, the execution is told.
 */
export const tendWait = tenantUnit(
  __filename,
  'tendWait',
  async (tx, { id }: { id: string }): Promise<void> => {
    const wait = await lockWait(tx, { id });
    if (wait?.state !== 'waiting') return;
    if (isPast(wait.expires_at, tx.now)) {
      await updateWait(tx, id, { state: 'ended', next_attempt_at: null });
      return;
    }
    const key = await lockSendKey(tx, wait.key);
    const result = key ? resultOf(key) : null;
    const isOpen = key !== undefined && key.state !== 'completed';
    if (isOpen || result?.status === 'sent') {
      const messageId = result?.messageId ?? wait.message_id;
      const next_attempt_at = nextLook(wait, isOpen, tx.now);
      await updateWait(tx, id, { message_id: messageId, next_attempt_at });
      return;
    }
    const answer: WaitAnswer = { notSent: result?.detail ?? 'The question was not sent.' };
    await updateWait(tx, id, {
      state: 'answered',
      answer: JSON.stringify(answer),
      answered_at: tx.now,
      next_attempt_at: tx.now,
    });
  },
);

function nextLook({ expires_at: end }: WaitRow, isUnknown: boolean, now: number): number | null {
  if (!isUnknown) return end;
  return Math.min(now + LOOK_AFTER_SEND_MS, end ?? Number.MAX_SAFE_INTEGER);
}
