import type { ContentWithFiles, OutboundContent, SendCategory } from '../model';
import { isQuiet, nextOpening, type DayHours } from '../tenants';
import { PERMITTED, type Permission, type PolicyFacts } from './policyFacts';
import { isInConversation, needsNoWindow } from './window';

const MARKETING = 'marketing';

/** Utility or marketing: what the business sends of its own accord. An answer is neither. */
type OwnAccord = Exclude<SendCategory, 'response'>;

/**
 * What the rules take a message for. A template that its provider calls marketing is marketing, though its sender says
 * utility: the provider counts it so.
 */
export function categoryToAsk({
  category,
  templateCategory,
}: Pick<PolicyFacts, 'category' | 'templateCategory'>): OwnAccord | null {
  if (category === undefined || category === 'response') return null;
  return isMarketing(templateCategory) ? MARKETING : category;
}

/** What kind of message a template is, where the content itself says so. */
export function templateCategoryOf(
  content: ContentWithFiles | OutboundContent,
): string | undefined {
  return content.type === 'template' ? content.template.category : undefined;
}

/** What is noted of a message: how it was meant, but marketing wherever it is that. */
export function categoryToNote({
  category,
  templateCategory,
}: Pick<PolicyFacts, 'category' | 'templateCategory'>): string | null {
  if (isMarketing(templateCategory)) return MARKETING;
  return category ?? templateCategory?.toLowerCase() ?? null;
}

export function isMarketing(category: string | undefined): boolean {
  return category?.toLowerCase() === MARKETING;
}

/**
 * Who wants no marketing gets none, and who wants no messages is not written to first. An answer to what they just wrote
 * is neither.
 */
export function respectOptOut(facts: PolicyFacts): Permission {
  const { abilities, category, templateCategory, restraints } = facts;
  const out = restraints?.optedOutOf ?? [];
  const isFree = !abilities.windowFreeTypes?.includes(facts.contentType);
  const isAnswer = categoryToAsk(facts) === null && isFree && isInConversation(facts);
  const wantsNone = out.includes('messages') && !isAnswer;
  const isPromotion = isMarketing(category) || isMarketing(templateCategory);
  if (!wantsNone && !(isPromotion && out.includes(MARKETING))) return PERMITTED;
  const [what, next] = wantsNone
    ? ['messages', 'They can write to you, and you may answer then.']
    : ['marketing messages', 'A message of another category, such as utility, may still go.'];
  const detail = `This person has stopped ${what} of your business on ${abilities.displayName}. Nothing was sent. Leave them out. ${next}`;
  return { refusal: { reason: 'opted_out', detail } };
}

/**
 * Outside of a conversation, marketing needs an opt-in on record, and so does utility, but to people who have written on
 * this channel themselves: they know the business, and that it answers there.
 */
export function requireOptIn(facts: PolicyFacts): Permission {
  const { abilities, lastInboundAt, restraints } = facts;
  const category = categoryToAsk(facts);
  if (category === null || !needsNoWindow(facts) || isInConversation(facts)) return PERMITTED;
  const agreed = restraints?.optedInTo ?? [];
  const isAgreed =
    agreed.includes(MARKETING) ||
    (category !== MARKETING && (agreed.includes('messages') || lastInboundAt !== null));
  if (isAgreed) return PERMITTED;
  const [what, who] =
    category === MARKETING
      ? ['to marketing', '']
      : ['to messages', ', and they have never written to you there'];
  const detail = `No opt-in of this person ${what} is on record${who}, so ${category} messages on ${abilities.displayName} are not sent to them outside of a conversation. Nothing was sent. Record where, when and with which words they agreed ("Contact: Opt In"), or wait until they write.`;
  return { refusal: { reason: 'no_opt_in', detail } };
}

/** Whether a message goes to somebody who has never written, where that gets accounts blocked. */
export function isCold({
  abilities,
  lastInboundAt,
}: Pick<PolicyFacts, 'abilities' | 'lastInboundAt'>) {
  return abilities.coldSends === 'capped' && lastInboundAt === null;
}

/** Where writing first gets accounts blocked, nobody is written to first, unless the tenant allows so many a day. */
export function respectColdSends(facts: PolicyFacts): Permission {
  const { abilities, tenant } = facts;
  if (!tenant || !isCold(facts) || tenant.caps.coldSends.perDay > 0) return PERMITTED;
  const detail = `This person has never written to you on ${abilities.displayName}, where numbers that write first are soon blocked. Nothing was sent. Wait until they write, or reach them on another channel.`;
  return { refusal: { reason: 'not_permitted_on_channel', detail } };
}

/** While a person answers, automation keeps out of the conversation, but for answers that were asked for. */
export function requireNoHandOver(facts: PolicyFacts): Permission {
  const { automation, evenIfHandedOver } = facts;
  const category = categoryToAsk(facts);
  if (category === null || !automation.paused || evenIfHandedOver) return PERMITTED;
  const until = automation.until === null ? 'until it is given back' : `until ${automation.until}`;
  const detail = `A person has taken this conversation over ${until}, so no ${category} message of a workflow goes into it. Nothing was sent. Send it when the conversation is given back, or choose that it goes even then.`;
  return { refusal: { reason: 'handed_over', detail } };
}

const DAY_NAMES = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** Messages of the business's own accord go in the hours of their category, by the clock where the person lives. */
export function respectQuietHours(facts: PolicyFacts): Permission {
  const { tenant, now } = facts;
  const category = categoryToAsk(facts);
  if (category === null || !tenant) return PERMITTED;
  const hours = tenant.quietHours[category];
  const zone = zoneOfPerson(facts, tenant.timeZone);
  if (!isQuiet(hours, zone, now)) return PERMITTED;
  const opensAt = nextOpening(hours, zone, now);
  const place = `It is ${clockOf(zone, now)} where this person is (${zone})`;
  const rule = `${category} messages go from ${hours.from} to ${hours.to} ${daysOf(hours)}`;
  const next =
    opensAt === null
      ? "Change these hours in the tenant's settings."
      : `It may go from ${iso(opensAt)} on: schedule it for then.`;
  const detail = `${place}, and ${rule}. Nothing was sent. ${next}`;
  const later = opensAt === null ? {} : { retryAfterMs: opensAt - now, retryAt: iso(opensAt) };
  return { refusal: { reason: 'quiet_hours', detail, ...later } };
}

/** The person's own zone where it is one, else the tenant's. */
function zoneOfPerson({ contactZone }: PolicyFacts, tenantZone: string): string {
  if (!contactZone) return tenantZone;
  try {
    new Intl.DateTimeFormat('en', { timeZone: contactZone });
    return contactZone;
  } catch {
    return tenantZone;
  }
}

function clockOf(zone: string, now: number): string {
  const format = { timeZone: zone, weekday: 'long', hour: '2-digit', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat('en-GB', format).format(now);
}

function daysOf({ days }: DayHours): string {
  if (new Set(days).size === 7) return 'every day';
  return `on ${days
    .toSorted((a, b) => a - b)
    .map((day) => DAY_NAMES[day - 1])
    .join(', ')}`;
}

/** What the provider has refused for a time would be refused again, and cost the account its standing. */
export function respectHold(facts: PolicyFacts): Permission {
  const { abilities, category, templateCategory, restraints, now } = facts;
  const until = restraints?.marketingHeldUntil ?? null;
  const isHeld = isMarketing(category) || isMarketing(templateCategory);
  if (!isHeld || !needsNoWindow(facts) || until === null || until <= now) return PERMITTED;
  const detail = `${abilities.displayName} lets no marketing through to this person until ${iso(until)}, because they have had as much as it allows them. Nothing was sent. Try again after that, or send a template of another category.`;
  const later = { retryAfterMs: until - now, retryAt: iso(until) };
  return { refusal: { reason: 'frequency_cap', detail, ...later } };
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
