/** Statistics of a day among 200,000 messages find their rows by indexes. */
import { getStatistics, rollUp } from '../../../core/insight';
import type { TenantStore } from '../../../core/store/store';
import { describeOnBothDatabases } from '../../support/storeContext';
import { explainFigureHours, explainTenants } from './support/figureUnits.cjs';
import { explainStatistics, fill } from './support/insightUnits.cjs';

const MESSAGES = 200_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const NOW = Date.parse('2031-11-26T15:00:00Z');

/** Rows are found by an index: none of these tables is walked through. */
const TABLES = 'messages|send_outcomes|journey_claims|ratings|stage_changes|contacts';
const WALKS = {
  sqlite: new RegExp(`SCAN (m|x|o|i|c|r|s|n|${TABLES})\\b(?! USING (COVERING )?INDEX)`),
  postgres: new RegExp(`Seq Scan on (${TABLES})\\b`),
};

describeOnBothDatabases('statistics among 200,000 messages', (context) => {
  let tenant: TenantStore;

  beforeAll(async () => {
    tenant = context.newTenant();
    context.clock.set(NOW);
    // 139 days.
    await tenant.run(fill, { messages: MESSAGES, everyMs: MINUTE_MS, now: NOW });
  });

  it('ask each question by an index', async () => {
    const span = { from: NOW / HOUR_MS - 24, to: NOW / HOUR_MS };
    const period = { from: span.from * HOUR_MS, to: NOW };
    const plans = await tenant.run(explainStatistics, { period, span });
    expect(Object.keys(plans)).toHaveLength(10);
    for (const [name, plan] of Object.entries(plans)) {
      expect([name, WALKS[context.kind].exec(plan)?.[0] ?? null]).toEqual([name, null]);
    }
    expect(plans.messages).toMatch(/messages_by_time/);
    expect(plans.turns).toMatch(/messages_by_time/);
    expect(plans.turns).toMatch(/messages_of_conversation/);
    expect(plans.outcomes).toMatch(/send_outcomes_by_time/);
  });

  it('say the same of a month before and after its hours were put down', async () => {
    const input = { tenantId: tenant.tenantId, period: 'last30Days' as const };
    const live = await getStatistics(context, input);
    // 29 days and 12 hours, one a minute, half of it ours.
    expect(live.messages.received + live.messages.sent).toBe(29 * 24 * 60 + 12 * 60);
    expect(live.answers.turns).toBeGreaterThan(0);
    await rollUp(context);
    expect(await getStatistics(context, input)).toEqual(live);
  });

  it('read what was put down by an index, and put it down by one', async () => {
    await rollUp(context);
    const span = { from: NOW / HOUR_MS - 24, to: NOW / HOUR_MS };
    const plans = await tenant.run(explainFigureHours, span);
    const tables = 'send_hours|moment_hours|contact_hours|step_hours|rating_hours|late_hours';
    const walk =
      context.kind === 'sqlite'
        ? new RegExp(`SCAN (t|${TABLES}|${tables})\\b(?! USING (COVERING )?INDEX)`)
        : new RegExp(`Seq Scan on (${TABLES}|send_hours|step_hours)\\b`);
    for (const [name, plan] of Object.entries(plans)) {
      expect([name, walk.exec(plan)?.[0] ?? null]).toEqual([name, null]);
    }
    expect(plans.read.match(/(send|moment|contact|step|rating)_hours_by_hour/g)).toHaveLength(5);
  });

  it('look one mark up for each tenant, however many it has', async () => {
    const marked = { id: 'imported', marks: 20_000 };
    const { tenants, plan } = await context.store.run(explainTenants, marked);
    expect(tenants).toEqual(expect.arrayContaining([marked.id, tenant.tenantId]));
    expect(plan).toMatch(/late_hours_of_tenant/);
    expect(plan).not.toMatch(/SCAN (l|late_hours)\b|Seq Scan on late_hours/);
  });
});
