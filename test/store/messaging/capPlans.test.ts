import { describeOnBothDatabases } from '../../support/storeContext';
import { fill } from '../conversations/support/conversationUnits.cjs';
import { explainMarketing, markMarketing } from './support/marketingUnits.cjs';

/** 200,000 messages, of which half are marketing: the worst that there is to count in. */
const CONVERSATIONS = 40_000;
const MESSAGES_EACH = 5;

const WALKS = {
  sqlite: /SCAN (m|k|messages|idempotency_keys)\b/,
  postgres: /Seq Scan on (messages|idempotency_keys)\b/,
};

describeOnBothDatabases('the marketing that somebody has had among 200,000 messages', (context) => {
  it('is found by an index of its own', async () => {
    const tenant = context.newTenant();
    await tenant.run(fill, { conversations: CONVERSATIONS, messagesEach: MESSAGES_EACH });
    await tenant.run(markMarketing, null);
    const contactIds = Array.from({ length: 100 }, (_, n) => `PPPP${String(n).padStart(22, '0')}`);
    const args = { contactIds, since: 80_000, but: ['key-1'] };
    const { result, plans } = await tenant.run(explainMarketing, args);
    // Half of the contacts were sent all of theirs, and three of the five after 80,000.
    expect(new Set(result.map(({ contactId }) => contactId)).size).toBe(50);
    expect(result).toHaveLength(150);
    for (const plan of plans) {
      expect(plan).not.toMatch(WALKS[context.kind]);
      expect(plan).toMatch(/messages_marketing/);
      expect(plan).toMatch(/idempotency_keys_/);
    }
  });
});
