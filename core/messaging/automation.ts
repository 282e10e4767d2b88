import { createKeywordMatcher } from '../events/keyword';
import type { EventType } from '../model';
import type { AccountRow } from '../store/statements/accounts';
import {
  updateConversation,
  type ConversationChange,
  type ConversationRow,
} from '../store/statements/conversations';
import { appendEvent } from '../store/statements/events';
import { findTenant } from '../store/statements/tenants';
import type { TenantTx } from '../store/unit';
import {
  DEFAULT_SETTINGS,
  settingsFrom,
  type SettingsPatch,
  type TenantSettings,
} from '../tenants/settings';
import { isOneOf } from '../tenants/words';
import { automationOf, eventOf } from './item';
import type { Partner } from './people';

/** Why automation rests while another app of the provider holds the conversation: only that app ends it. */
export const HANDED_OVER = 'handed_over';
/** Why it rests, or goes on, by itself. */
export type OwnReason = 'person' | 'requested' | 'time' | 'closed' | 'own_message';

/** Appends the event to the log; a call that answers with what it appended brings its own. */
export type Append = (
  type: EventType,
  parts: { data: Record<string, unknown>; raw: null },
) => Promise<unknown>;

export interface Pause {
  reason: string;
  /** Epoch ms; null = until it is given back. */
  until: number | null;
  /** Epoch ms of what caused it. */
  at: number;
  /** A person's message that caused it. */
  messageId?: string;
}

export function appendTo(tx: TenantTx, account: AccountRow, person: Partner): Append {
  return (type, parts) =>
    appendEvent(tx, eventOf(type, tx.now, { account, person, occurredAt: tx.now, ...parts }));
}

/**
 * Automation leaves the conversation to a person. Told once: a pause in a pause only changes what is said of it.
 * @returns whether it was not paused before
 */
export async function pauseAutomation(
  tx: TenantTx,
  conversation: ConversationRow,
  { reason, until, at, messageId }: Pause,
  append: Append,
): Promise<boolean> {
  const { paused } = automationOf(conversation, tx.now);
  await change(tx, conversation, {
    automation_paused: 1,
    automation_reason: reason,
    automation_until: until,
    automation_since: at,
    automation_message_id: messageId ?? null,
  });
  if (!paused) await append('conversation.handover', told('pause', reason, until));
  return !paused;
}

/**
 * Automation answers again.
 * @param at epoch ms; what happened before does not pause it any more
 * @returns whether it was paused
 */
export async function resumeAutomation(
  tx: TenantTx,
  conversation: ConversationRow,
  { reason, at }: { reason: string; at: number },
  append: Append,
): Promise<boolean> {
  if (conversation.automation_paused !== 1) return false;
  await change(tx, conversation, { ...NOT_PAUSED, automation_since: at });
  await append('conversation.handover', told('resume', reason, null));
  return true;
}

/** A pause whose time is over has ended, whoever looks first. */
export async function endOverduePause(
  tx: TenantTx,
  conversation: ConversationRow,
  append: Append,
): Promise<boolean> {
  const until = conversation.automation_until;
  if (conversation.automation_paused !== 1 || until === null || until > tx.now) return false;
  return resumeAutomation(tx, conversation, { reason: 'time', at: until }, append);
}

/** A person of the staff wrote: automation keeps quiet for as long as the tenant's settings say, from then on. */
export async function pauseForPerson(
  tx: TenantTx,
  conversation: ConversationRow,
  message: { id: string; at: number },
  append: Append,
): Promise<void> {
  const { minutes } = await handOverSettings(tx);
  const pause = { at: message.at, messageId: message.id, minutes };
  await pauseByItself(tx, conversation, { ...pause, reason: 'person' }, append);
}

/** What was taken for a person's message was one of ours: if it paused automation, it did so wrongly. */
export async function forgetPerson(
  tx: TenantTx,
  conversation: ConversationRow,
  messageId: string,
  append: Append,
): Promise<void> {
  if (conversation.automation_message_id !== messageId) return;
  // From before it, so that a person's own message of the same moment still counts.
  const at = (conversation.automation_since ?? tx.now) - 1;
  await resumeAutomation(tx, conversation, { reason: 'own_message', at }, append);
}

/**
 * What a customer's words ask for: a person, or automation again. A word for a person counts anywhere in the message, one
 * for automation only by itself: "quando vocês voltam?" to a person is no wish to talk to a robot.
 */
export async function followWords(
  tx: TenantTx,
  conversation: ConversationRow,
  { text, at }: { text: string | null; at: number },
  append: Append,
): Promise<void> {
  if (text === null || text === '') return;
  const { words, resumeWords, minutes } = await handOverSettings(tx);
  const { paused, reason } = automationOf(conversation, tx.now);
  if (paused && reason !== HANDED_OVER && isOneOf(resumeWords, text)) {
    await resumeAutomation(tx, conversation, { reason: 'requested', at }, append);
  } else if (createKeywordMatcher(words.join(','))?.(text)) {
    await pauseByItself(tx, conversation, { reason: 'requested', at, minutes }, append);
  }
}

interface OwnPause {
  reason: OwnReason;
  at: number;
  /** 0 = until it is given back. */
  minutes: number;
  messageId?: string;
}

/** Never shortens a pause, and is none any more when it is told too late: fetched afterwards, or after giving back. */
async function pauseByItself(
  tx: TenantTx,
  conversation: ConversationRow,
  { minutes, ...pause }: OwnPause,
  append: Append,
): Promise<void> {
  const until = minutes === 0 ? null : pause.at + minutes * 60_000;
  if (until !== null && until <= tx.now) return;
  if (!automationOf(conversation, tx.now).paused) {
    if (pause.at < (conversation.automation_since ?? 0)) return;
    await endOverduePause(tx, conversation, append);
    await pauseAutomation(tx, conversation, { ...pause, until }, append);
    return;
  }
  const present = conversation.automation_until;
  const isLonger = present !== null && (until === null || until > present);
  // A second message of a person: whatever becomes of the first, somebody is there.
  const isWitnessed = pause.messageId !== undefined && conversation.automation_message_id !== null;
  if (!isLonger && !isWitnessed) return;
  await change(tx, conversation, {
    ...(isLonger && { automation_until: until }),
    ...(isWitnessed && { automation_message_id: null }),
  });
}

export async function handOverSettings(tx: TenantTx): Promise<TenantSettings['handOver']> {
  const row = await findTenant(tx);
  if (!row) return DEFAULT_SETTINGS.handOver;
  return settingsFrom(row.name, JSON.parse(row.settings) as SettingsPatch).handOver;
}

export const NOT_PAUSED = {
  automation_paused: 0,
  automation_reason: null,
  automation_until: null,
  automation_message_id: null,
} as const satisfies ConversationChange;

async function change(
  tx: TenantTx,
  conversation: ConversationRow,
  what: ConversationChange,
): Promise<void> {
  Object.assign(conversation, what);
  await updateConversation(tx, conversation.id, what);
}

function told(action: 'pause' | 'resume', reason: string, until: number | null) {
  const data = {
    action,
    reason,
    until: until === null ? null : new Date(until).toISOString(),
    newOwnerAppId: null,
    previousOwnerAppId: null,
    metadata: null,
  };
  return { data, raw: null };
}
