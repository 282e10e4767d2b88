import type { SendCategory } from '../../../core/model';
import { permit, type PolicyFacts } from '../../../core/messaging/policy';
import { DEFAULT_SETTINGS } from '../../../core/tenants';
import { testAbilities } from '../../support/abilities';
import { randomFrom } from '../../support/random';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A Wednesday; 12:00 in São Paulo. */
const NOON = Date.parse('2026-11-25T15:00:00Z');

const whatsApp = {
  ...testAbilities,
  displayName: 'WhatsApp',
  windowFreeTypes: ['template'] as const,
};
const windowless = { ...testAbilities, displayName: 'WhatsApp by QR code', windowMs: null };

const facts = (parts: Partial<PolicyFacts>): PolicyFacts => ({
  abilities: whatsApp,
  contentType: 'template',
  windowClosesAt: null,
  lastInboundAt: null,
  restraints: { optedOutOf: [], optedInTo: ['marketing'], marketingHeldUntil: null },
  automation: { paused: false, reason: null, until: null },
  tenant: DEFAULT_SETTINGS,
  now: NOON,
  ...parts,
});

const reasonOf = (parts: Partial<PolicyFacts>) => permit(facts(parts)).refusal?.reason;

describe('messages of the own accord of a business', () => {
  it('need an opt-in on record outside of a conversation: marketing its own', () => {
    const agreed = (...optedInTo: Array<'marketing' | 'messages'>) => ({
      category: 'marketing' as const,
      restraints: { optedOutOf: [], optedInTo, marketingHeldUntil: null },
    });
    expect(reasonOf(agreed())).toBe('no_opt_in');
    expect(reasonOf(agreed('messages'))).toBe('no_opt_in');
    expect(reasonOf(agreed('marketing'))).toBeUndefined();
    // That they wrote once is no agreement to promotions.
    expect(reasonOf({ ...agreed(), lastInboundAt: NOON - 48 * HOUR_MS })).toBe('no_opt_in');
  });

  it('as utility may go to whoever agreed to anything, or has written there', () => {
    const utility = (parts: Partial<PolicyFacts>) =>
      reasonOf({
        category: 'utility',
        restraints: { optedOutOf: [], optedInTo: [], marketingHeldUntil: null },
        ...parts,
      });
    expect(utility({})).toBe('no_opt_in');
    expect(utility({ lastInboundAt: NOON - 400 * 24 * HOUR_MS })).toBeUndefined();
    for (const purpose of ['messages', 'marketing'] as const) {
      const restraints = { optedOutOf: [], optedInTo: [purpose], marketingHeldUntil: null };
      expect(utility({ restraints })).toBeUndefined();
    }
  });

  it('need none within a conversation', () => {
    const restraints = { optedOutOf: [], optedInTo: [], marketingHeldUntil: null };
    const open = { windowClosesAt: NOON + HOUR_MS, restraints };
    expect(reasonOf({ ...open, category: 'marketing' })).toBeUndefined();
    expect(reasonOf({ ...open, category: 'utility', contentType: 'text' })).toBeUndefined();
  });

  it('count, on a channel without a window, as within a conversation for a day', () => {
    const restraints = { optedOutOf: [], optedInTo: [], marketingHeldUntil: null };
    const on = { abilities: windowless, contentType: 'text' as const, restraints };
    const marketing = { ...on, category: 'marketing' as const };
    expect(reasonOf({ ...marketing, lastInboundAt: NOON - 23 * HOUR_MS })).toBeUndefined();
    expect(reasonOf({ ...marketing, lastInboundAt: NOON - 24 * HOUR_MS })).toBe('no_opt_in');
    expect(reasonOf(on)).toBeUndefined();
  });

  it('keep out of a conversation that a person has taken over, unless they are to go even then', () => {
    const automation = { paused: true, reason: 'handed_over', until: '2026-11-25T18:00:00.000Z' };
    expect(reasonOf({ automation, category: 'utility' })).toBe('handed_over');
    expect(reasonOf({ automation, category: 'marketing' })).toBe('handed_over');
    expect(reasonOf({ automation, category: 'utility', evenIfHandedOver: true })).toBeUndefined();
    expect(reasonOf({ automation, category: 'response' })).toBeUndefined();
    expect(reasonOf({ automation })).toBeUndefined();
    const { refusal } = permit(facts({ automation, category: 'utility' }));
    expect(refusal?.detail).toMatch(/until 2026-11-25T18:00:00.000Z.*Nothing was sent\./);
  });

  it('wait for the hours of their category, and say until when', () => {
    const night = Date.parse('2026-11-26T00:40:00Z');
    expect(permit(facts({ category: 'utility', now: night })).refusal).toEqual({
      reason: 'quiet_hours',
      detail:
        'It is Wednesday 21:40 where this person is (America/Sao_Paulo), and utility messages go from 08:00 to 20:00 every day. Nothing was sent. It may go from 2026-11-26T11:00:00.000Z on: schedule it for then.',
      retryAfterMs: 10 * HOUR_MS + 20 * MINUTE_MS,
      retryAt: '2026-11-26T11:00:00.000Z',
    });
    const sunday = Date.parse('2026-11-29T15:00:00Z');
    const { refusal } = permit(facts({ category: 'marketing', now: sunday }));
    expect(refusal?.detail).toMatch(/from 09:00 to 19:00 on Monday, Tuesday, .*, Saturday\./);
    expect(refusal?.retryAt).toBe('2026-11-30T12:00:00.000Z');
  });

  it('go by the clock of the place where the person is', () => {
    // 12:00 in São Paulo is midnight in Tokyo.
    const tokyo = { category: 'utility' as const, contactZone: 'Asia/Tokyo' };
    expect(reasonOf(tokyo)).toBe('quiet_hours');
    // What is no zone counts as none.
    expect(reasonOf({ ...tokyo, contactZone: 'Tokio' })).toBeUndefined();
    expect(reasonOf({ ...tokyo, contactZone: null })).toBeUndefined();
  });

  it('are marketing where their template is, whatever their sender says', () => {
    const given = { category: 'utility' as const, templateCategory: 'MARKETING' };
    const messages = { optedOutOf: [], optedInTo: ['messages' as const], marketingHeldUntil: null };
    expect(reasonOf({ ...given, restraints: messages })).toBe('no_opt_in');
    // 19:30 in São Paulo: utility may still go.
    const evening = Date.parse('2026-11-25T22:30:00Z');
    expect(reasonOf({ ...given, now: evening })).toBe('quiet_hours');
    expect(reasonOf({ ...given, templateCategory: 'UTILITY', now: evening })).toBeUndefined();
  });
});

describe('answers', () => {
  it('go at any hour, into any conversation, with nothing on record', () => {
    const night = Date.parse('2026-11-26T05:00:00Z');
    const given = {
      now: night,
      contentType: 'text' as const,
      windowClosesAt: night + HOUR_MS,
      restraints: {
        optedOutOf: ['messages', 'marketing'],
        optedInTo: [],
        marketingHeldUntil: null,
      },
      automation: { paused: true, reason: 'handed_over', until: null },
    } satisfies Partial<PolicyFacts>;
    expect(reasonOf({ ...given, category: 'response' })).toBeUndefined();
    expect(reasonOf(given)).toBeUndefined();
    // Their own accord is something else, open window or not.
    expect(reasonOf({ ...given, category: 'utility' })).toBe('opted_out');
  });
});

describe('any message', () => {
  const random = randomFrom(8);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const PURPOSES = [[], ['marketing'], ['messages'], ['marketing', 'messages']] as const;
  const CATEGORIES: ReadonlyArray<SendCategory | undefined> = [
    undefined,
    'response',
    'utility',
    'marketing',
  ];

  /** In the order in which they refuse, in the plainest words. */
  function expected(given: PolicyFacts): string | undefined {
    const { abilities, contentType, windowClosesAt, lastInboundAt, now, category } = given;
    const free = abilities.windowMs === null || contentType === 'template';
    const inWindow = windowClosesAt !== null && now < windowClosesAt - 5 * MINUTE_MS;
    const talking =
      abilities.windowMs === null
        ? lastInboundAt !== null && now - lastInboundAt < 24 * HOUR_MS
        : inWindow;
    if (!free && !inWindow) return 'window_closed';
    const promotion = category === 'marketing' || given.templateCategory === 'marketing';
    const own = category === 'utility' || category === 'marketing';
    const asMarketing = own && promotion;
    const out = given.restraints?.optedOutOf ?? [];
    const agreed = given.restraints?.optedInTo ?? [];
    const isApproved = abilities.windowMs !== null && contentType === 'template';
    if (out.includes('messages') && (own || isApproved || !talking)) return 'opted_out';
    if (promotion && out.includes('marketing')) return 'opted_out';
    if (own && free && !talking) {
      if (asMarketing && !agreed.includes('marketing')) return 'no_opt_in';
      if (!asMarketing && agreed.length === 0 && lastInboundAt === null) return 'no_opt_in';
    }
    if (own && given.automation.paused && !given.evenIfHandedOver) return 'handed_over';
    const hour = new Date(now - 3 * HOUR_MS).getUTCHours();
    const isSunday = new Date(now - 3 * HOUR_MS).getUTCDay() === 0;
    const open = asMarketing ? hour >= 9 && hour < 19 && !isSunday : hour >= 8 && hour < 20;
    if (own && !open) return 'quiet_hours';
    const held = given.restraints?.marketingHeldUntil ?? 0;
    return promotion && free && held > now ? 'frequency_cap' : undefined;
  }

  it('is refused for the first reason that holds, and for no other', () => {
    const seen = new Set<string | undefined>();
    for (let count = 0; count < 20_000; count += 1) {
      const now = NOON + Math.floor(random() * 7 * 24 * 60) * MINUTE_MS;
      const contentType = pick(['text', 'template'] as const);
      const given = facts({
        now,
        abilities: pick([whatsApp, whatsApp, windowless]),
        contentType,
        category: pick(CATEGORIES),
        templateCategory:
          contentType === 'template' ? pick([undefined, 'utility', 'marketing']) : undefined,
        windowClosesAt: pick([null, now - HOUR_MS, now + 4 * MINUTE_MS, now + HOUR_MS]),
        lastInboundAt: pick([null, now - HOUR_MS, now - 48 * HOUR_MS]),
        evenIfHandedOver: pick([undefined, true]),
        automation: { paused: pick([true, false, false]), reason: null, until: null },
        restraints: {
          optedOutOf: [...pick([[], [], ...PURPOSES])],
          optedInTo: [...pick(PURPOSES)],
          marketingHeldUntil: pick([null, now - 1, now + HOUR_MS]),
        },
      });
      const reason = permit(given).refusal?.reason;
      expect([given, reason]).toEqual([given, expected(given)]);
      seen.add(reason);
    }
    expect([...seen].sort()).toEqual(
      [
        undefined,
        'frequency_cap',
        'handed_over',
        'no_opt_in',
        'opted_out',
        'quiet_hours',
        'window_closed',
      ].sort(),
    );
  });
});
