/** What was put down of sends, moments, contacts, steps and ratings says at any moment what their rows say. */
import { rollUp } from '../../../core/insight';
import { describeOnBothDatabases, type StoreContext } from '../../support/storeContext';
import { insertRows, readTenant } from '../tenants/support/tenantUnits.cjs';
import { expectExact, FROM, HOUR_MS, NOW } from './support/exactFigures';
import { breakOff, shake } from './support/figureUnits.cjs';

/** Few hours, so that much happens in each and the same people come again in others. */
const TO = FROM + 8 * HOUR_MS;
const SHAKEN = { from: FROM, to: TO, steps: 40 };

function createShaken(context: StoreContext) {
  context.clock.set(NOW);
  return context.newTenant();
}

describeOnBothDatabases('figures by the hour', (context) => {
  it('are those of the rows, whatever happens to these afterwards', async () => {
    const tenant = createShaken(context);
    const made = { ...SHAKEN, only: 'makes' as const };
    const kinds = await tenant.run(shake, { ...made, seed: 1, steps: 500 });
    await expectExact(context, tenant);
    for (let round = 0; round < 3; round += 1) {
      for (let only = 0; only < kinds; only += 1) {
        const seed = 100 + 3 * (round * kinds + only);
        await tenant.run(shake, { ...made, seed, steps: 30 });
        await rollUp(context);
        // Few at a time: others would mark the same hours.
        await tenant.run(shake, { ...SHAKEN, seed: seed + 1, steps: 3, only });
        await expectExact(context, tenant);
        await rollUp(context);
        await tenant.run(shake, { ...made, seed: seed + 2, steps: 1 });
        await expectExact(context, tenant);
      }
    }
  });

  it('are put down in one transaction: killed in it, nothing is, and nothing is counted twice', async () => {
    const tenant = createShaken(context);
    await tenant.run(shake, { ...SHAKEN, seed: 20, steps: 300, only: 'makes' });
    const span = { from: FROM / HOUR_MS, to: TO / HOUR_MS };
    await expect(tenant.run(breakOff, span)).rejects.toThrow('killed');
    await expectExact(context, tenant);
    await rollUp(context);
    await tenant.run(shake, { ...SHAKEN, seed: 21 });
    await expect(tenant.run(breakOff, span)).rejects.toThrow('killed');
    await expectExact(context, tenant);
    await Promise.all([rollUp(context), rollUp(context)]);
    await expectExact(context, tenant);
  });

  it('miss nothing of what is written while they are put down', async () => {
    const tenant = createShaken(context);
    await tenant.run(shake, { ...SHAKEN, seed: 30, steps: 200, only: 'makes' });
    await Promise.all(
      Array.from({ length: 80 }, (_, index) =>
        // One change each: none holds what another wants while it waits.
        index % 10 === 0
          ? rollUp(context)
          : tenant.run(shake, { ...SHAKEN, seed: 40 + index, steps: 1 }),
      ),
    );
    await expectExact(context, tenant);
    await rollUp(context);
    await expectExact(context, tenant);
  });

  it('are put down for a tenant without an account, whose marks do not pile up', async () => {
    const tenant = createShaken(context);
    const imports = (name: string, at: number) =>
      tenant.run(insertRows, {
        contacts: [{ id: `${name}-${tenant.tenantId}`, name, created_at: at, updated_at: at }],
      });
    const kept = async () => {
      await rollUp(context);
      const found = await tenant.run(readTenant, null);
      const { accounts = [], late_hours: marks = [], contact_hours: hours = [] } = found;
      return { accounts: accounts.length, marks: marks.length, hours: hours.length };
    };
    await imports('Ana', FROM);
    await imports('Bia', FROM);
    expect(await kept()).toEqual({ accounts: 0, marks: 0, hours: 1 });
    // Of an hour that is not over: nothing marks it again when it is.
    await imports('Cleo', NOW);
    expect(await kept()).toEqual({ accounts: 0, marks: 0, hours: 1 });
    context.clock.advance(3 * HOUR_MS);
    expect(await kept()).toEqual({ accounts: 0, marks: 0, hours: 2 });
    await expectExact(context, tenant);
  });
});
