import type { EventItem } from '../../model';
import type { Automation } from '../item';
import { resultOf } from '../../store/statements/idempotency';
import { findSendKeys } from '../../store/statements/sendKeyBatches';
import { lockOpenWaits, lockWait, updateWait, type WaitRow } from '../../store/statements/waits';
import { findTenant } from '../../store/statements/tenants';
import type { TenantTx } from '../../store/unit';
import { settingsFrom, type SettingsPatch } from '../../tenants/settings';
import { isOneOf } from '../../tenants/words';
import { readAnswer, readPayload, type WaitAnswer, type WaitExpectation } from './expectation';

/**
 * Said of a message that answers a question: the workflow that asked goes on with it, and no other one is to start.
 * The conversation itself is not paused by it.
 */
const ANSWER: Automation = { paused: true, reason: 'answer', until: null };

/** Clocks of providers and ours differ, and some know seconds alone. */
const CLOCK_TOLERANCE_MS = 5_000;

/** What somebody said, in one conversation that is held. */
export interface Said {
  conversationId: string;
  text: string | null;
  buttonPayload: string | null;
  occurredAt: number;
  /** A person has taken the conversation over, or another app answers: a text is theirs. */
  isHandedOver: boolean;
}

/** A question and what was said to it. */
export interface FoundAnswer {
  /** What the message's event says of its conversation; undefined: as always. */
  automation: Automation | undefined;
  /** Keeps the answer for the execution, in the transaction that stored the message. */
  keep(item: EventItem): Promise<void>;
}

/**
 * Whether a message answers a question of a waiting workflow: a tap its own one, a text the newest one that it fits.
 * A tap on a question that nobody waits for any more is noted, and told later that it is too late.
 */
export async function findAnswer(tx: TenantTx, said: Said): Promise<FoundAnswer | null> {
  const tapped = readPayload(said.buttonPayload);
  if (tapped) {
    const wait = await lockWait(tx, { id: tapped.waitId });
    if (wait?.conversation_id !== said.conversationId) return null;
    if (!isOpen(wait, tx.now)) return tooLate(tx, wait);
    return answerTo(tx, wait, said, { approved: tapped.approved });
  }
  // The label of another button is no answer: somebody tapped below an older message.
  if (said.isHandedOver || said.text === null || said.buttonPayload !== null) return null;
  for (const wait of await lockOpenWaits(tx, said.conversationId)) {
    if (!isOpen(wait, tx.now)) continue;
    const askedAt = wait.asked_at ?? (await askedAtEarliest(tx, wait));
    if (askedAt === null || said.occurredAt < askedAt - CLOCK_TOLERANCE_MS) continue;
    const answer = readAnswer(JSON.parse(wait.expects) as WaitExpectation, said.text);
    if (!answer) continue;
    if ('text' in answer && (await isCommand(tx, answer.text))) return null;
    return answerTo(tx, wait, said, answer);
  }
  return null;
}

/** People can be faster than the provider's answer to us. @returns null while the question surely has not left */
async function askedAtEarliest(tx: TenantTx, wait: WaitRow): Promise<number | null> {
  const [key] = await findSendKeys(tx, [wait.key]);
  const hasLeft = key && (key.state !== 'completed' || resultOf(key)?.status === 'sent');
  return hasLeft ? wait.created_at : null;
}

/**
 * Whether a payload still leads somewhere in a conversation: one of a question does while it is waited for, every other
 * one always. The question is held until the end of the transaction.
 */
export async function leadsSomewhere(
  tx: TenantTx,
  { payload, conversationId }: { payload: string; conversationId: string },
): Promise<boolean> {
  const tapped = readPayload(payload);
  if (!tapped) return true;
  const wait = await lockWait(tx, { id: tapped.waitId });
  return wait?.conversation_id === conversationId && isOpen(wait, tx.now);
}

/** One of the tenant's words for "leave me alone" and "I want a person": said to the clinic, whatever was asked. */
async function isCommand(tx: TenantTx, text: string): Promise<boolean> {
  const row = await findTenant(tx);
  const stored = row ? (JSON.parse(row.settings) as SettingsPatch) : {};
  const { optOut, handOver } = settingsFrom(tx.tenantId, stored);
  return isOneOf([...optOut.words, ...handOver.words], text);
}

function isOpen({ state, expires_at: expiresAt }: WaitRow, now: number): boolean {
  return (state === 'asking' || state === 'waiting') && (expiresAt === null || expiresAt > now);
}

function answerTo(
  tx: TenantTx,
  wait: WaitRow,
  { occurredAt }: Said,
  what: { approved: boolean } | { text: string },
): FoundAnswer {
  return {
    automation: wait.keeps_answer === 1 ? ANSWER : undefined,
    async keep(item) {
      const answer: WaitAnswer = { ...what, respondedAt: new Date(occurredAt).toISOString() };
      await updateWait(tx, wait.id, {
        state: 'answered',
        asked_at: wait.asked_at ?? tx.now,
        answer: JSON.stringify(answer),
        answer_event_id: item.id,
        answered_at: tx.now,
        next_attempt_at: tx.now,
      });
      tx.signal({ topic: 'waits', tenantId: tx.tenantId });
    },
  };
}

/** It is no message to anybody else either. */
function tooLate(tx: TenantTx, wait: WaitRow): FoundAnswer {
  return {
    automation: wait.keeps_answer === 1 ? ANSWER : undefined,
    async keep() {
      if (wait.late_at !== null || wait.too_late_text === null) return;
      // Of one that is answered the answer comes first; the tap after it says the same again.
      if (wait.state === 'answered') return;
      const state = wait.state === 'resumed' ? 'resumed' : 'ended';
      await updateWait(tx, wait.id, { state, late_at: tx.now, next_attempt_at: tx.now });
      tx.signal({ topic: 'waits', tenantId: tx.tenantId });
    },
  };
}
