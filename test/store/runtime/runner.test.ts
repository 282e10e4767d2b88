import { fork } from 'node:child_process';
import path from 'node:path';
import { leasedRunner, type LeasedRunnerOptions, type Runner } from '../../../core/runtime';
import type { Store } from '../../../core/store/store';
import { describeOnBothDatabases } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor';
import { readLease, signalSends, stealLease } from './support/runtimeUnits.cjs';

describeOnBothDatabases('background runners under a lease', (context) => {
  const started: Runner[] = [];
  let names = 0;

  afterEach(async () => {
    await Promise.all(started.splice(0).map((runner) => runner.stop()));
  });

  function start(options: Partial<LeasedRunnerOptions> & { store?: Store } = {}) {
    const { store = context.store, ...rest } = options;
    const runs: number[] = [];
    const runner = leasedRunner(
      { store, logger: context.logger, processId: 'process-1' },
      {
        name: `work-${names}`,
        everyMs: 5,
        leaseTtlMs: 400,
        run: async ({ fence }) => {
          runs.push(fence);
        },
        ...rest,
      },
    );
    runner.start();
    started.push(runner);
    return { runner, runs };
  }

  beforeEach(() => {
    names += 1;
  });

  it('run again and again, with their lease held all the while', async () => {
    const { runs } = start();
    const later = performance.now() + 600;
    await waitFor(() => performance.now() > later && runs.length > 5, { what: 'many runs' });
    expect(new Set(runs)).toEqual(new Set([1]));
  });

  it('run in one process at a time', async () => {
    const other = await context.openAnother();
    const first = start();
    await waitFor(() => first.runs.length > 0, { what: 'the first to run' });
    const second = start({ store: other });
    const later = performance.now() + 900;
    await waitFor(() => performance.now() > later, { what: 'two leases of time' });
    expect(second.runs).toEqual([]);
  });

  it('are handed over when the holder stops, with a higher fence', async () => {
    const other = await context.openAnother();
    const first = start();
    await waitFor(() => first.runs.length > 0, { what: 'the first to run' });
    const second = start({ store: other });
    await first.runner.stop();
    const before = first.runs.length;
    await waitFor(() => second.runs.length > 0, { what: 'the second to run' });
    expect(second.runs[0]).toBe(2);
    expect(first.runs).toHaveLength(before);
  });

  it('are handed over when the process of the holder is killed with -9', async () => {
    const name = `work-${names}`;
    const killed = fork(path.join(__dirname, 'support/runnerProcess.cjs'), {
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        RUNNER: JSON.stringify({ target: context.target, secret: context.secret, name }),
      },
    });
    const said: string[] = [];
    killed.on('message', (message) => said.push(message as string));
    const exited = new Promise((resolve) => killed.on('exit', (_code, signal) => resolve(signal)));
    await waitFor(() => said.includes('runs'), { what: 'the other process to run' });
    const { runs } = start({ name });
    killed.kill('SIGKILL');
    expect(await exited).toBe('SIGKILL');
    await waitFor(() => runs.length > 0, { what: 'this process to take over' });
    expect(runs[0]).toBe(2);
  });

  it('are told when another process has taken their lease', async () => {
    let told: AbortSignal | undefined;
    start({
      run: async ({ signal }) => {
        told = signal;
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      },
      leaseTtlMs: 300,
    });
    await waitFor(() => told, { what: 'the run to begin' });
    await context.store.run(stealLease, `runner:work-${names}`);
    await waitFor(() => told?.aborted, { what: 'the run to be told' });
  });

  it('are told to end when they are stopped, and stop waits for them', async () => {
    let hasEnded = false;
    const { runner } = start({
      run: async ({ signal }) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        await new Promise(setImmediate);
        hasEnded = true;
      },
    });
    await waitFor(() => leaseIsHeld(), { what: 'the lease' });
    await runner.stop();
    expect(hasEnded).toBe(true);
    expect(await leaseIsHeld()).toBe(false);

    async function leaseIsHeld() {
      const lease = await context.store.run(readLease, `runner:work-${names}`);
      return lease !== undefined && lease.owner !== '';
    }
  });

  it('are woken by their signal, without waiting for their turn', async () => {
    const { runs } = start({ everyMs: 3_600_000, wakeOn: 'sends' });
    await waitFor(() => runs.length === 1, { what: 'the first run' });
    await context.newTenant().run(signalSends, null);
    await waitFor(() => runs.length === 2, { what: 'the second run' });
  });

  it('go on after a run that failed, and say so once', async () => {
    let tries = 0;
    start({
      name: 'clumsy',
      run: async () => {
        tries += 1;
        throw new Error('not today');
      },
    });
    await waitFor(() => tries >= 2, { what: 'a second try' });
    const complaints = context.logger.entries.filter(({ message }) => message.includes('"clumsy"'));
    expect(complaints.map(({ level }) => level)).toEqual(['error']);
  });
});
