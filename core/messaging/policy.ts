import type { ChannelAbilities, SendReason } from '../model';
import type { Automation } from './item';
import { WINDOW_MARGIN_MS } from './timing';

/** What decides whether a message may go, as it is at this moment. */
export interface PolicyFacts {
  abilities: ChannelAbilities;
  /** Epoch ms; null = no window is open, or none is known. */
  windowClosesAt: number | null;
  automation: Automation;
  /** Epoch ms. */
  now: number;
}

export interface Refusal {
  reason: SendReason;
  /** For people: what happened and what to do next. */
  detail: string;
}

type Rule = (facts: PolicyFacts) => Refusal | null;

/**
 * The rules in the order in which they refuse. A conversation under hand-over is not among them: the triggers skip
 * it, and who sends into it directly means it.
 */
const RULES: readonly Rule[] = [requireOpenWindow];

/** @returns why the message may not go, or null when it may */
export function findRefusal(facts: PolicyFacts): Refusal | null {
  for (const rule of RULES) {
    const refusal = rule(facts);
    if (refusal) return refusal;
  }
  return null;
}

/**
 * Free messages only within the channel's window after the customer's last action, less a margin for the way there.
 * A window that nobody knows counts as closed: the channel would refuse, and refusals cost quality.
 */
function requireOpenWindow({ abilities, windowClosesAt, now }: PolicyFacts): Refusal | null {
  if (abilities.windowMs === null) return null;
  if (windowClosesAt !== null && now < windowClosesAt - WINDOW_MARGIN_MS) return null;
  const hours = Math.round(abilities.windowMs / 3_600_000);
  const rule = `${abilities.displayName} allows free messages for ${hours} hours after the customer's last action`;
  const what =
    windowClosesAt === null
      ? 'and this customer has not written here yet'
      : windowClosesAt > now
        ? `and this window closes at ${iso(windowClosesAt)}, in less than ${WINDOW_MARGIN_MS / 60_000} minutes`
        : `and this window closed at ${iso(windowClosesAt)}`;
  return {
    reason: 'window_closed',
    detail: `${rule}, ${what}. Nothing was sent. Answer when the customer has written again, or reach them on a channel that allows it.`,
  };
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
