import { acquireLease, releaseLease, renewLease } from '../../core/store/instance/leases';
import type { Store } from '../../core/store/store';
import { describeOnBothDatabases } from '../support/storeContext';
import * as units from './support/units.cjs';

const TTL_MS = 60_000;

describeOnBothDatabases('leases', (context) => {
  const acquire = (name: string, owner: string, store: Store = context.store) =>
    store.run(acquireLease, { name, owner, ttlMs: TTL_MS });

  it('goes to one of two owners that race for it from two processes', async () => {
    const other = await context.openAnother();
    for (let round = 0; round < 10; round += 1) {
      const name = `race ${round}`;
      const outcomes = await Promise.all([acquire(name, 'a'), acquire(name, 'b', other)]);
      expect(outcomes.filter((lease) => lease !== null)).toEqual([{ fence: 1 }]);
    }
  });

  it('goes to one of two owners that race for it after it ran out, with a higher number', async () => {
    const other = await context.openAnother();
    await acquire('expired', 'old');
    for (let round = 0; round < 10; round += 1) {
      await context.store.run(units.expireLease, 'expired');
      const outcomes = await Promise.all([
        acquire('expired', `a${round}`),
        acquire('expired', `b${round}`, other),
      ]);
      expect(outcomes.filter((lease) => lease !== null)).toEqual([{ fence: round + 2 }]);
    }
  });

  it('is refused while another owner holds it', async () => {
    await acquire('held', 'a');
    await expect(acquire('held', 'b')).resolves.toBeNull();
  });

  it('keeps its number when the owner asks again', async () => {
    await expect(acquire('again', 'a')).resolves.toEqual({ fence: 1 });
    await expect(acquire('again', 'a')).resolves.toEqual({ fence: 1 });
  });

  it('is renewed by its owner, also late, as long as nobody else took it', async () => {
    await acquire('renewed', 'a');
    const lease = { name: 'renewed', owner: 'a', fence: 1 };
    await expect(context.store.run(renewLease, { ...lease, ttlMs: TTL_MS })).resolves.toBe(true);
    await context.store.run(units.expireLease, 'renewed');
    await expect(context.store.run(renewLease, { ...lease, ttlMs: TTL_MS })).resolves.toBe(true);
    await context.store.run(units.expireLease, 'renewed');
    await expect(acquire('renewed', 'b')).resolves.toEqual({ fence: 2 });
    await expect(context.store.run(renewLease, { ...lease, ttlMs: TTL_MS })).resolves.toBe(false);
  });

  it('gets a new number after it was given back, even for the same owner', async () => {
    await acquire('released', 'a');
    await context.store.run(releaseLease, { name: 'released', owner: 'a', fence: 1 });
    await expect(acquire('released', 'a')).resolves.toEqual({ fence: 2 });
  });

  it('is not given back by a former owner', async () => {
    await acquire('former', 'a');
    await context.store.run(units.expireLease, 'former');
    await acquire('former', 'b');
    await context.store.run(releaseLease, { name: 'former', owner: 'a', fence: 1 });
    await expect(context.store.run(units.readLease, 'former')).resolves.toMatchObject({
      owner: 'b',
      fence: 2,
    });
  });

  it("runs by the database's clock, whatever the process believes", async () => {
    context.clock.set(0);
    await acquire('clock', 'a');
    const { lease_until: until, databaseNow } = await context.store.run(units.readLease, 'clock');
    expect(until).toBeGreaterThan(databaseNow);
    expect(until).toBeLessThanOrEqual(databaseNow + TTL_MS);
    context.clock.set(Date.now() + 10 * TTL_MS);
    await expect(acquire('clock', 'b')).resolves.toBeNull();
  });
});
