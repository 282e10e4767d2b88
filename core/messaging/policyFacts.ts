import type {
  ChannelAbilities,
  ContentType,
  SendCategory,
  SendReason,
  SendSettings,
} from '../model';
import type { TenantSettings } from '../tenants';
import type { Automation } from './item';
import type { Restraints } from './restraints.unit';

/** What decides whether a message may go, as it is at this moment. */
export interface PolicyFacts {
  abilities: ChannelAbilities;
  contentType: ContentType;
  /** Epoch ms; null = no window is open, or none is known. */
  windowClosesAt: number | null;
  /** Epoch ms of what the person did last; null = they never wrote here. */
  lastInboundAt: number | null;
  settings?: SendSettings | undefined;
  /** What the sender says it is; undefined: nothing, and then only windows, opt-outs and holds are asked about. */
  category?: SendCategory | undefined;
  /** What kind a template is, where that is known (`marketing`, `utility`, …). */
  templateCategory?: string | undefined;
  evenIfHandedOver?: boolean | undefined;
  restraints?: Restraints | undefined;
  automation: Automation;
  /** Of the tenant, and the person's own zone where one is known. */
  tenant?: Pick<TenantSettings, 'caps' | 'quietHours' | 'timeZone'> | undefined;
  contactZone?: string | null | undefined;
  /** Epoch ms. */
  now: number;
}

export interface Refusal {
  reason: SendReason;
  /** For people: what happened and what to do next. */
  detail: string;
  /** Milliseconds after which a new try makes sense, where that is known. */
  retryAfterMs?: number;
  /** ISO 8601: the same as an instant, where a rule of ours says it. */
  retryAt?: string;
}

export type Permission =
  | { refusal: Refusal }
  /** @property humanAgent it goes only because a person wrote it, and must say so to the channel */
  | { refusal: null; humanAgent: boolean };

export type Rule = (facts: PolicyFacts) => Permission;

export const PERMITTED: Permission = { refusal: null, humanAgent: false };
