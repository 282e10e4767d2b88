import type { Permission, PolicyFacts, Rule } from './policyFacts';
import {
  requireNoHandOver,
  requireOptIn,
  respectColdSends,
  respectHold,
  respectOptOut,
  respectQuietHours,
} from './policyRules';
import { requireOpenWindow } from './window';

export type { Permission, PolicyFacts, Refusal } from './policyFacts';

/**
 * The rules in the order in which they refuse. Safe mode comes before them (safeMode.ts), and how many marketing messages
 * a person has had after them: that is counted where the message is reserved (reserve.unit.ts).
 */
const RULES: readonly Rule[] = [
  requireOpenWindow,
  respectColdSends,
  respectOptOut,
  requireOptIn,
  requireNoHandOver,
  respectQuietHours,
  respectHold,
];

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
