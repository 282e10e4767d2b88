import {
  getTenant,
  listTenants,
  saveSettings,
  setFeature,
  settingsOf,
  upsertTenant,
} from '../../../core/tenants';
import { describeOnBothDatabases } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor';

describeOnBothDatabases('the settings of tenants', (context) => {
  const ctx = () => ({ store: context.store });

  it('are the defaults for a tenant of whom nothing is kept', async () => {
    const { tenantId } = context.newTenant();
    const settings = await settingsOf(ctx(), tenantId);
    expect(settings).toMatchObject({ name: tenantId, timeZone: 'America/Sao_Paulo' });
    await expect(getTenant(ctx(), tenantId)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('are read anew at once where this process changes them', async () => {
    const { tenantId } = context.newTenant();
    await settingsOf(ctx(), tenantId);
    const saved = await saveSettings(ctx(), tenantId, { name: 'Clínica Sol', language: 'en' });
    expect(saved).toMatchObject({ name: 'Clínica Sol', language: 'en' });
    expect(await settingsOf(ctx(), tenantId)).toEqual(saved);
  });

  it('are heard of within seconds where another process changes them', async () => {
    const { tenantId } = context.newTenant();
    const other = { store: await context.openAnother() };
    await settingsOf(other, tenantId);
    await saveSettings(ctx(), tenantId, { timeZone: 'Europe/Lisbon' });
    const began = performance.now();
    await waitFor(async () => (await settingsOf(other, tenantId)).timeZone === 'Europe/Lisbon', {
      what: 'the other process to hear of it',
    });
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('of two changes at once both hold', async () => {
    const { tenantId } = context.newTenant();
    const other = { store: await context.openAnother() };
    await Promise.all([
      saveSettings(ctx(), tenantId, { quietHours: { utility: { from: '07:00' } } }),
      saveSettings(other, tenantId, { quietHours: { utility: { to: '21:00' } } }),
      setFeature(other, tenantId, { feature: 'a', on: true }),
      setFeature(ctx(), tenantId, { feature: 'b', on: true }),
    ]);
    expect(await getTenant(ctx(), tenantId)).toMatchObject({
      quietHours: { utility: { from: '07:00', to: '21:00' } },
      features: { a: true, b: true },
    });
  });

  it('stay as they were where a change is refused', async () => {
    const { tenantId } = context.newTenant();
    await saveSettings(ctx(), tenantId, { name: 'Clínica Sol' });
    const wrong = saveSettings(ctx(), tenantId, { name: 'Outra', timeZone: 'Mars/Olympus' });
    await expect(wrong).rejects.toMatchObject({ code: 'invalid_input', field: 'Time Zone' });
    expect(await getTenant(ctx(), tenantId)).toMatchObject({
      name: 'Clínica Sol',
      timeZone: 'America/Sao_Paulo',
    });
  });

  it('cannot be changed by whoever reads them', async () => {
    const { tenantId } = context.newTenant();
    const settings = await settingsOf(ctx(), tenantId);
    expect(() => settings.optOut.words.push('mine')).toThrow(TypeError);
  });

  it('tell whether the tenant is new, and when it was made', async () => {
    const { tenantId } = context.newTenant();
    const first = await upsertTenant(ctx(), tenantId, { name: 'Clínica Sol' });
    context.clock.advance(1_000);
    const second = await upsertTenant(ctx(), tenantId, { language: 'en' });
    expect([first.isNew, second.isNew]).toEqual([true, false]);
    expect(second).toMatchObject({ id: tenantId, name: 'Clínica Sol', createdAt: first.createdAt });
    expect(second.updatedAt).not.toBe(first.updatedAt);
  });

  it('refuse an id that nobody could type', async () => {
    for (const id of ['', 'a b', 'ü', '../x', 'x'.repeat(101)]) {
      await expect(saveSettings(ctx(), id, {})).rejects.toMatchObject({ field: 'Tenant' });
    }
  });

  it('are listed page by page', async () => {
    const own = [context.newTenant(), context.newTenant(), context.newTenant()];
    for (const { tenantId } of own) await upsertTenant(ctx(), tenantId, {});
    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listTenants>> = await listTenants(ctx(), {
        limit: 2,
        cursor,
      });
      expect(page.items.length).toBeLessThanOrEqual(2);
      found.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(new Set(found).size).toBe(found.length);
    expect(found).toEqual(expect.arrayContaining(own.map(({ tenantId }) => tenantId)));
  });
});
