import { permit, type PolicyFacts } from '../../../core/messaging/policy';
import { testAbilities } from '../../support/abilities';

const HOUR_MS = 3_600_000;
const now = Date.UTC(2026, 10, 22, 12);

const abilities = testAbilities;
const findRefusal = (given: PolicyFacts) => permit(given).refusal;

const facts = (parts: Partial<PolicyFacts>): PolicyFacts => ({
  abilities,
  contentType: 'text',
  windowClosesAt: null,
  lastInboundAt: null,
  automation: { paused: false, reason: null, until: null },
  now,
  ...parts,
});

describe('the policy of a send', () => {
  it('lets a message go until five minutes before the window closes', () => {
    const margin = 5 * 60_000;
    expect(findRefusal(facts({ windowClosesAt: now + margin + 1 }))).toBeNull();
    expect(findRefusal(facts({ windowClosesAt: now + margin }))?.reason).toBe('window_closed');
  });

  it('says of a closed window when it closed, and what to do', () => {
    expect(findRefusal(facts({ windowClosesAt: now - 1 }))).toEqual({
      reason: 'window_closed',
      detail:
        "Instagram allows free messages for 24 hours after the customer's last action, and this window closed at 2026-11-22T11:59:59.999Z. Nothing was sent. Answer when the customer has written again, or reach them on a channel that allows it.",
    });
  });

  it('takes a window that nobody knows for closed', () => {
    expect(findRefusal(facts({}))?.detail).toMatch(/has not written here yet/);
  });

  it('knows no window where the channel has none', () => {
    expect(findRefusal(facts({ abilities: { ...abilities, windowMs: null } }))).toBeNull();
  });

  it('lets what the channel has approved go without a window, and that alone', () => {
    const whatsApp = { ...abilities, windowFreeTypes: ['template'] as const };
    for (const windowClosesAt of [null, now - HOUR_MS, now + 1]) {
      const given = { abilities: whatsApp, windowClosesAt };
      expect(findRefusal(facts({ ...given, contentType: 'template' }))).toBeNull();
      expect(findRefusal(facts({ ...given, contentType: 'text' }))?.reason).toBe('window_closed');
      expect(findRefusal(facts({ ...given, abilities, contentType: 'template' }))?.reason).toBe(
        'window_closed',
      );
    }
  });

  it('does not refuse a direct send into a conversation that is handed over', () => {
    const automation = { paused: true, reason: 'handed_over', until: null };
    expect(findRefusal(facts({ windowClosesAt: now + HOUR_MS, automation }))).toBeNull();
  });

  describe('of what may go without a window', () => {
    const whatsApp = { ...abilities, windowFreeTypes: ['template'] as const };
    const PURPOSES = [[], ['marketing'], ['messages'], ['marketing', 'messages']] as const;
    const CATEGORIES = [undefined, 'marketing', 'MARKETING', 'utility', 'authentication'];
    const HELD = [null, now - 1, now, now + HOUR_MS];

    /** The rules once more, in the plainest words. */
    const expected = (
      category: string | undefined,
      out: readonly string[],
      held: number | null,
    ) => {
      const isMarketing = category?.toLowerCase() === 'marketing';
      if (out.includes('messages')) return 'opted_out';
      if (isMarketing && out.includes('marketing')) return 'opted_out';
      return isMarketing && held !== null && held > now ? 'frequency_cap' : undefined;
    };

    it('respects what the person wants and what the provider holds back, in every combination', () => {
      for (const out of PURPOSES) {
        for (const category of CATEGORIES) {
          for (const marketingHeldUntil of HELD) {
            const restraints = { optedOutOf: [...out], optedInTo: [], marketingHeldUntil };
            const given = { abilities: whatsApp, contentType: 'template' as const };
            const refusal = findRefusal(
              facts({ ...given, templateCategory: category, restraints }),
            );
            expect([out, category, marketingHeldUntil, refusal?.reason]).toEqual([
              out,
              category,
              marketingHeldUntil,
              expected(category, out, marketingHeldUntil),
            ]);
          }
        }
      }
    });

    it('says until when the provider holds marketing back', () => {
      const restraints = { optedOutOf: [], optedInTo: [], marketingHeldUntil: now + HOUR_MS };
      const given = { abilities: whatsApp, contentType: 'template' as const };
      expect(findRefusal(facts({ ...given, templateCategory: 'marketing', restraints }))).toEqual({
        reason: 'frequency_cap',
        detail: expect.stringContaining('until 2026-11-22T13:00:00.000Z'),
        retryAfterMs: HOUR_MS,
        retryAt: '2026-11-22T13:00:00.000Z',
      });
    });
  });

  describe('of an answer that a person wrote', () => {
    const settings = { humanAgent: true };
    const closedSince = (days: number) => now - days * 24 * HOUR_MS;

    it('lets it go for seven days after the customer last wrote, and says that it needed that', () => {
      const inTime = facts({ settings, windowClosesAt: closedSince(5.9) });
      expect(permit(inTime)).toEqual({ refusal: null, humanAgent: true });
    });

    it('refuses it after the seven days', () => {
      const { refusal } = permit(facts({ settings, windowClosesAt: closedSince(6) }));
      expect(refusal?.detail).toMatch(/to a person who answers, allows free messages for 7 days/);
    });

    it('asks for nothing special while the ordinary window is open', () => {
      const open = facts({ settings, windowClosesAt: now + HOUR_MS });
      expect(permit(open)).toEqual({ refusal: null, humanAgent: false });
    });

    it('changes nothing for someone who never wrote, or on a channel without such a thing', () => {
      expect(permit(facts({ settings })).refusal?.reason).toBe('window_closed');
      const without = { ...abilities, humanAgentWindowMs: null };
      const closed = facts({ settings, abilities: without, windowClosesAt: closedSince(1) });
      expect(permit(closed).refusal?.detail).toMatch(/for 24 hours/);
    });
  });
});
