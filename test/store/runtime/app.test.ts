import { upsertAppointment } from '../../../core/appointments';
import { startJourneyTrigger } from '../../../core/journeys/due';
import { claimJourneys } from '../../../core/journeys/due/claim.unit';
import type { Host } from '../../../core/model';
import { startConsumer } from '../../../core/events';
import { acquireRuntime, closeApps, openApp, type App } from '../../../core/runtime';
import { DEFAULT_SETTINGS } from '../../../core/tenants';
import { describeOnBothDatabases } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor';
import { append, runsStarted } from '../events/support/consumers';
import { TestHost } from '../events/support/host';
import { watchOf } from '../journeys/support/due';
import { readLease } from './support/runtimeUnits.cjs';

describeOnBothDatabases('the App of a process', (context) => {
  afterEach(closeApps);

  const hostOf = (version = '1.2.0'): Host => ({
    store: context.target,
    encryptionKey: { secret: context.secret, source: 'N8N_ENCRYPTION_KEY' },
    executionsMode: 'regular',
    localUrl: 'http://127.0.0.1:5678',
    publicUrl: 'https://n8n.example',
    version,
    logger: context.logger,
  });
  const holderOf = async (name: string) =>
    (await context.store.run(readLease, `runner:${name}`))?.owner ?? '';

  it('is opened once, also by callers at the same moment', async () => {
    const [first, second] = await Promise.all([openApp(hostOf()), openApp(hostOf())]);
    expect(second).toBe(first);
    expect(await openApp(hostOf())).toBe(first);
    expect(first.providers.get('meta')?.id).toBe('meta');
  });

  it('runs its background work while somebody holds the runtime', async () => {
    const app = await openApp(hostOf());
    const [first, second] = [await acquireRuntime(app), await acquireRuntime(app)];
    const names = ['settle', 'prune', 'doors'];
    await waitFor(async () => (await Promise.all(names.map(holderOf))).every(Boolean), {
      what: 'every runner to hold its lease',
    });
    await first.release();
    await first.release();
    expect(await holderOf('prune')).not.toBe('');
    await second.release();
    expect(await Promise.all(names.map(holderOf))).toEqual(['', '', '']);
    // Executions may go on using the App.
    expect((await app.store.describe()).kind).toBe(context.kind);
  });

  it('is closed with its consumers and background work', async () => {
    const tenant = context.newTenant();
    const app = await openApp(hostOf());
    await acquireRuntime(app);
    const host = new TestHost();
    await startConsumer(app, optionsOf(tenant.tenantId, host));
    await closeApps();
    await append(tenant, { conversation: 'c1' });
    await expect(app.store.run(readLease, 'any')).rejects.toMatchObject({
      message: expect.stringContaining('closed'),
    });
    expect(host.runs).toHaveLength(0);
  });

  it('hands its triggers over to a newer copy of the package, without a new publish', async () => {
    const tenant = context.newTenant();
    const host = new TestHost();
    const older = await openApp(hostOf('1.9.0'));
    const runtime = await acquireRuntime(older);
    const consumer = await startConsumer(older, optionsOf(tenant.tenantId, host));
    await append(tenant, { conversation: 'c1', text: 'to the older' });
    await runsStarted(host, 1);

    const newer = await openApp(hostOf('1.10.0'));
    expect(newer).not.toBe(older);
    expect(await openApp(hostOf('1.10.0'))).toBe(newer);
    await append(newer.store.forTenant(tenant.tenantId), {
      conversation: 'c1',
      text: 'to the newer',
    });
    await runsStarted(host, 2);
    await waitFor(() => holderOf('prune'), { what: 'the background work to go on' });

    // What the node of the older copy still holds ends the newer one's work.
    await consumer.stop();
    await append(newer.store.forTenant(tenant.tenantId), { conversation: 'c1', text: 'to nobody' });
    await runtime.release();
    expect(await holderOf('prune')).toBe('');
    expect(host.texts).toEqual(['to the older', 'to the newer']);
  });

  it('hands triggers on what is due over to a newer copy as well, and each thing is due once', async () => {
    const { tenantId } = context.newTenant();
    const emitted: (string | undefined)[] = [];
    const book = (to: App, externalId: string) =>
      upsertAppointment(to, { tenantId, externalId, start: '2030-01-01T12:00:00Z', name: 'Ana' });
    const older = await openApp(hostOf('1.9.0'));
    const trigger = await startJourneyTrigger(older, {
      triggerId: 'workflow-1:node-1',
      tenantId,
      name: 'Confirmations',
      watch: watchOf({ kind: 'appointmentCreated', offsetMinutes: 0 }),
      emit: async ({ journey }) => emitted.push(journey.appointment?.externalId),
      tuning: { pollMs: 20 },
    });
    await book(older, 'with the older');
    await waitFor(() => emitted.length === 1, { what: 'the older copy to work' });

    const newer = await openApp(hostOf('1.10.0'));
    await book(newer, 'with the newer');
    await waitFor(() => emitted.length === 2, { what: 'the newer copy to go on' });

    // What the node of the older copy still holds ends the newer one's work.
    await trigger.stop();
    expect([older, newer].map(({ activeJourneys }) => activeJourneys.size)).toEqual([0, 0]);
    await book(newer, 'with nobody');
    const { journeys } = await newer.store.forTenant(tenantId).run(claimJourneys, {
      triggerId: 'workflow-1:node-1',
      name: 'Confirmations',
      watch: watchOf({ kind: 'appointmentCreated', offsetMinutes: 0 }),
      settings: DEFAULT_SETTINGS,
      owner: 'the test',
      leaseMs: 1_000,
      maxAttempts: 3,
      limit: 10,
      inFlight: [],
    });
    expect(journeys.map(({ item }) => item.journey.appointment?.externalId)).toEqual([
      'with nobody',
    ]);
    expect(emitted).toEqual(['with the older', 'with the newer']);
  });

  it('refuses an older copy of the package', async () => {
    await openApp(hostOf('1.10.0'));
    await expect(openApp(hostOf('1.9.0'))).rejects.toMatchObject({ code: 'store_conflict' });
  });

  const optionsOf = (tenantId: string, host: TestHost) => ({
    consumerId: 'workflow-1:node-1',
    tenantId,
    name: 'Trigger',
    filter: {},
    batchSize: 1,
    catchUpMs: 3_600_000,
    emit: host.emit,
    tuning: { pollMs: 50 },
  });
});
