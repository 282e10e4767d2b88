import type { StoreSignal } from '../../core/store/unit';
import { describeOnBothDatabases } from '../support/storeContext';
import { waitFor } from '../support/waitFor';
import * as units from './support/units.cjs';

describeOnBothDatabases('signals', (context) => {
  it('gives a signal out when the row can be read by everybody', async () => {
    const tenant = context.newTenant();
    const reader = await context.openAnother();
    const seen = new Promise<string[]>((resolve, reject) => {
      const stop = context.store.onSignal((signal) => {
        if (signal.tenantId !== tenant.tenantId) return;
        stop();
        reader.forTenant(tenant.tenantId).run(units.listTexts, null).then(resolve, reject);
      });
    });
    await tenant.run(units.append, 'Oi');
    await expect(seen).resolves.toEqual(['Oi']);
  });

  it('forgets the signals of a unit that failed', async () => {
    const tenant = context.newTenant();
    const heard: StoreSignal[] = [];
    const stop = context.store.onSignal((signal) => heard.push(signal));
    await expect(tenant.run(units.appendAndRefuse, 'no')).rejects.toThrow();
    await tenant.run(units.listTexts, null);
    const fine = context.newTenant();
    await fine.run(units.append, 'yes');
    stop();
    expect(heard).toEqual([{ topic: 'events', tenantId: fine.tenantId }]);
  });

  it('stops calling a listener that has left', async () => {
    const heard: StoreSignal[] = [];
    context.store.onSignal((signal) => heard.push(signal))();
    await context.newTenant().run(units.append, 'Oi');
    expect(heard).toEqual([]);
  });

  it('spares the other listeners when one fails, and says so', async () => {
    const tenant = context.newTenant();
    const heard: StoreSignal[] = [];
    const stops = [
      context.store.onSignal(() => {
        throw new Error('a listener with a fault');
      }),
      context.store.onSignal((signal) => heard.push(signal)),
    ];
    await tenant.run(units.append, 'Oi');
    for (const stop of stops) stop();
    expect(heard).toEqual([{ topic: 'events', tenantId: tenant.tenantId }]);
    expect(context.logger.entries.at(-1)?.meta.reason).toContain('a listener with a fault');
  });

  it('raises one signal for a unit that signals many times', async () => {
    const tenant = context.newTenant();
    const heard: StoreSignal[] = [];
    const stop = context.store.onSignal((signal) => heard.push(signal));
    await tenant.run(units.appendMany, 25);
    await waitFor(() => heard.length > 0, { what: 'a signal' });
    stop();
    expect(heard).toEqual([{ topic: 'events', tenantId: tenant.tenantId }]);
  });
});
