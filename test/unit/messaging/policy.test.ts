import { findRefusal, type PolicyFacts } from '../../../core/messaging/policy';
import type { ChannelAbilities } from '../../../core/model';

const HOUR_MS = 3_600_000;
const now = Date.UTC(2026, 10, 22, 12);

const abilities: ChannelAbilities = {
  provider: 'meta',
  channel: 'instagram',
  displayName: 'Instagram',
  windowMs: 24 * HOUR_MS,
  textLimit: { max: 1_000, unit: 'bytes' },
  contentTypes: ['text'],
  maxButtons: 3,
  maxQuickReplies: 13,
  maxButtonTitle: 20,
  maxPayload: 1_000,
  buttonTypes: ['postback'],
  buttonTextLimit: 640,
};

const facts = (parts: Partial<PolicyFacts>): PolicyFacts => ({
  abilities,
  windowClosesAt: null,
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

  it('does not refuse a direct send into a conversation that is handed over', () => {
    const automation = { paused: true, reason: 'handed_over', until: null };
    expect(findRefusal(facts({ windowClosesAt: now + HOUR_MS, automation }))).toBeNull();
  });
});
