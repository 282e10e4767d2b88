import type { ChannelAbilities } from '../model';
import { PERMITTED, type Permission, type PolicyFacts, type Refusal } from './policyFacts';
import { WINDOW_MARGIN_MS } from './timing';

/** On a channel without a window: so long after what somebody wrote, a message is still an answer to it. */
const ANSWER_MS = 24 * 3_600_000;

/**
 * Free messages only within the channel's window after the customer's last action, less a margin for the way there.
 * A window that nobody knows counts as closed: the channel would refuse, and refusals cost quality. What a person wrote
 * has a longer one where the channel says so, and what the channel has approved beforehand needs none.
 */
export function requireOpenWindow(facts: PolicyFacts): Permission {
  const { abilities, windowClosesAt, settings, now } = facts;
  const { windowMs, humanAgentWindowMs } = abilities;
  if (windowMs === null || needsNoWindow(facts)) return PERMITTED;
  if (isOpen(windowClosesAt, now)) return PERMITTED;
  if (!settings?.humanAgent || humanAgentWindowMs === null) {
    return {
      refusal: closedWindow(abilities, abilities.displayName, windowMs, windowClosesAt, now),
    };
  }
  const lastActionAt = windowClosesAt === null ? null : windowClosesAt - windowMs;
  const closesAt = lastActionAt === null ? null : lastActionAt + humanAgentWindowMs;
  if (isOpen(closesAt, now)) return { refusal: null, humanAgent: true };
  const name = `${abilities.displayName}, to a person who answers,`;
  return { refusal: closedWindow(abilities, name, humanAgentWindowMs, closesAt, now) };
}

/** Whether the channel lets it through whether or not a window is open. */
export function needsNoWindow({ abilities, contentType }: PolicyFacts): boolean {
  const { windowMs, windowFreeTypes = [] } = abilities;
  return windowMs === null || windowFreeTypes.includes(contentType);
}

/** Whether the person is in a conversation with us at this moment: they wrote, and may be answered. */
export function isInConversation(facts: PolicyFacts): boolean {
  const { abilities, windowClosesAt, lastInboundAt, now } = facts;
  if (abilities.windowMs !== null) return isOpen(windowClosesAt, now);
  return lastInboundAt !== null && now - lastInboundAt < ANSWER_MS;
}

function isOpen(closesAt: number | null, now: number): boolean {
  return closesAt !== null && now < closesAt - WINDOW_MARGIN_MS;
}

function closedWindow(
  { windowFreeTypes = [] }: ChannelAbilities,
  who: string,
  windowMs: number,
  windowClosesAt: number | null,
  now: number,
): Refusal {
  const rule = `${who} allows free messages for ${span(windowMs)} after the customer's last action`;
  const what =
    windowClosesAt === null
      ? 'and this customer has not written here yet'
      : windowClosesAt > now
        ? `and this window closes at ${iso(windowClosesAt)}, in less than ${WINDOW_MARGIN_MS / 60_000} minutes`
        : `and this window closed at ${iso(windowClosesAt)}`;
  const next = windowFreeTypes.includes('template')
    ? 'Send an approved template, or set one that goes in place of a message when the window is closed.'
    : 'Answer when the customer has written again, or reach them on a channel that allows it.';
  return { reason: 'window_closed', detail: `${rule}, ${what}. Nothing was sent. ${next}` };
}

const HOUR_MS = 3_600_000;

function span(milliseconds: number): string {
  const hours = Math.round(milliseconds / HOUR_MS);
  return hours > 48 ? `${Math.round(hours / 24)} days` : `${hours} hours`;
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
