import type { ChannelAbilities, ContentType, SendReason, SendSettings } from '../model';
import type { Automation } from './item';
import type { Restraints } from './restraints.unit';
import { WINDOW_MARGIN_MS } from './timing';

/** What decides whether a message may go, as it is at this moment. */
export interface PolicyFacts {
  abilities: ChannelAbilities;
  contentType: ContentType;
  /** Epoch ms; null = no window is open, or none is known. */
  windowClosesAt: number | null;
  settings?: SendSettings | undefined;
  /** Of content that needs no window: what it is, where that is known (`marketing`, `utility`, …). */
  category?: string | undefined;
  /** Of content that needs no window. */
  restraints?: Restraints | undefined;
  automation: Automation;
  /** Epoch ms. */
  now: number;
}

export interface Refusal {
  reason: SendReason;
  /** For people: what happened and what to do next. */
  detail: string;
  /** Milliseconds after which a new try makes sense, where that is known. */
  retryAfterMs?: number;
}

export type Permission =
  | { refusal: Refusal }
  /** @property humanAgent it goes only because a person wrote it, and must say so to the channel */
  | { refusal: null; humanAgent: boolean };

type Rule = (facts: PolicyFacts) => Permission;

/**
 * The rules in the order in which they refuse. A conversation under hand-over is not among them: the triggers skip
 * it, and who sends into it directly means it.
 */
const RULES: readonly Rule[] = [requireOpenWindow, respectOptOut, respectHold];

/** Whether the message may go, and as what. */
export function permit(facts: PolicyFacts): Permission {
  let humanAgent = false;
  for (const rule of RULES) {
    const permission = rule(facts);
    if (permission.refusal) return permission;
    humanAgent ||= permission.humanAgent;
  }
  return { refusal: null, humanAgent };
}

/**
 * Free messages only within the channel's window after the customer's last action, less a margin for the way there.
 * A window that nobody knows counts as closed: the channel would refuse, and refusals cost quality. What a person wrote
 * has a longer one where the channel says so, and what the channel has approved beforehand needs none.
 */
function requireOpenWindow(facts: PolicyFacts): Permission {
  const { abilities, contentType, windowClosesAt, settings, now } = facts;
  const { windowMs, humanAgentWindowMs, windowFreeTypes = [] } = abilities;
  if (windowMs === null || windowFreeTypes.includes(contentType)) {
    return { refusal: null, humanAgent: false };
  }
  if (isOpen(windowClosesAt, now)) return { refusal: null, humanAgent: false };
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

const MARKETING = 'marketing';
const PERMITTED: Permission = { refusal: null, humanAgent: false };

/**
 * Who wants no marketing gets none, and who wants no messages is not written to first. An answer in an open window is
 * neither: they wrote.
 */
function respectOptOut({ abilities, category, restraints }: PolicyFacts): Permission {
  const out = restraints?.optedOutOf ?? [];
  const isRefused =
    out.includes('messages') || (isMarketing(category) && out.includes('marketing'));
  if (!isRefused) return PERMITTED;
  const [what, next] = out.includes('messages')
    ? ['messages', 'They can write to you, and you may answer then.']
    : ['marketing messages', 'A template of another category, such as utility, may still go.'];
  const detail = `This person has stopped ${what} of your business on ${abilities.displayName}. Nothing was sent. Leave them out. ${next}`;
  return { refusal: { reason: 'opted_out', detail } };
}

/** What the provider has refused for a time would be refused again, and cost the account its standing. */
function respectHold({ abilities, category, restraints, now }: PolicyFacts): Permission {
  const until = restraints?.marketingHeldUntil ?? null;
  if (!isMarketing(category) || until === null || until <= now) return PERMITTED;
  const detail = `${abilities.displayName} lets no marketing through to this person until ${iso(until)}, because they have had as much as it allows them. Nothing was sent. Try again after that, or send a template of another category.`;
  return { refusal: { reason: 'frequency_cap', detail, retryAfterMs: until - now } };
}

function isMarketing(category: string | undefined): boolean {
  return category?.toLowerCase() === MARKETING;
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
