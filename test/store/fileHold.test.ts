import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import type { StoreTarget } from '../../core/model';
import { acquireStore, closeStores } from '../../core/store/registry';
import { testStoreConnection } from '../../core/store/testConnection';
import { createTestFolder, type TestFolder } from '../support/tempFolder';
import { createTestLogger } from '../support/testLogger';
import { waitFor } from '../support/waitFor';
import { holdersOf } from './support/holderProcess';

describe('[sqlite only] an embedded store that another process has', () => {
  const holders = holdersOf();
  let folder: TestFolder;
  let file: string;
  let target: StoreTarget;

  beforeEach(() => {
    folder = createTestFolder();
    file = path.join(folder.path, 'omnichannel.sqlite');
    target = { kind: 'sqlite', file };
  });

  afterEach(async () => {
    await closeStores();
    folder.remove();
  });

  const acquire = async () =>
    await acquireStore({
      target,
      encryptionSecret: 'the encryption key of the tests',
      executionsMode: 'regular',
      version: '1.2.3',
      logger: createTestLogger(),
    });

  const refusal = (pid: number | undefined) => ({
    code: 'store_locked',
    retryable: true,
    message: expect.stringContaining(
      `${file} is in use by process ${pid} on the host "${hostname()}"`,
    ),
    hint: expect.stringContaining('OMNICHANNEL_DATABASE_URL=postgres://'),
  });

  it('is refused with the process and the host that have it', async () => {
    const holder = holders.start({ target });
    await expect(holder.outcome()).resolves.toBe('open');
    await expect(acquire()).rejects.toMatchObject(refusal(holder.child.pid));
    await expect(holder.append('undisturbed')).resolves.toEqual(['undisturbed']);
  });

  it('is refused by whichever path it is reached', async () => {
    const holder = holders.start({ target });
    await holder.outcome();
    const link = path.join(folder.path, 'link.sqlite');
    symlinkSync(file, link);
    const other = holders.start({ target: { kind: 'sqlite', file: link } });
    await expect(other.outcome()).resolves.toMatchObject({ code: 'store_locked' });
  });

  it('is free at once when its holder is killed', async () => {
    const holder = holders.start({ target });
    await holder.outcome();
    await holder.append('by the dead');
    await holder.end('SIGKILL');
    const next = holders.start({ target });
    await expect(next.outcome()).resolves.toBe('open');
    await expect(next.append('by the next')).resolves.toEqual(['by the dead', 'by the next']);
  });

  it('is never taken from a holder that stands still', async () => {
    const holder = holders.start({ target });
    await holder.outcome();
    holder.child.kill('SIGSTOP');
    await expect(acquire()).rejects.toMatchObject(refusal(holder.child.pid));
    holder.child.kill('SIGCONT');
    await expect(holder.append('still its own')).resolves.toEqual(['still its own']);
  });

  it('is waited for while its holder is just ending', async () => {
    const holder = holders.start({ target, drainMs: 1_500 });
    await holder.outcome();
    holder.child.kill('SIGTERM');
    const next = holders.start({ target });
    await waitFor(() => next.isOpen() || !holder.isRunning(), { what: 'the holder to end first' });
    expect(next.isOpen()).toBe(false);
    await expect(next.outcome()).resolves.toBe('open');
  });

  it('is asked for without patience by who was refused moments ago', async () => {
    const holder = holders.start({ target });
    await holder.outcome();
    await expect(acquire()).rejects.toMatchObject({ code: 'store_locked' });
    const from = performance.now();
    await expect(acquire()).rejects.toMatchObject({ code: 'store_locked' });
    const second = performance.now() - from;
    await holder.end('SIGTERM');
    await expect(acquire()).resolves.toMatchObject({ kind: 'sqlite' });
    // The first waits for five seconds.
    expect(second).toBeLessThan(2_500);
  });

  it('is shared for a moment with a command that ends by itself', async () => {
    const n8n = holders.start({ target });
    await n8n.outcome();
    const command = holders.start({ target, isOneOff: true });
    await expect(command.outcome()).resolves.toBe('open');
    await expect(command.append('by the command')).resolves.toEqual(['by the command']);
    await expect(n8n.append('by n8n')).resolves.toEqual(['by the command', 'by n8n']);
  });

  it('does not keep n8n from starting beside such a command', async () => {
    const command = holders.start({ target, isOneOff: true });
    await command.outcome();
    const n8n = holders.start({ target });
    await expect(n8n.outcome()).resolves.toBe('open');
    await expect(command.append('by the command')).resolves.toEqual(['by the command']);
  });

  it('is not shared with a command of another machine', async () => {
    const n8n = holders.start({ target });
    await n8n.outcome();
    const holderFile = `${file}.holder`;
    const holder = JSON.parse(readFileSync(holderFile, 'utf8')) as object;
    writeFileSync(holderFile, JSON.stringify({ ...holder, host: 'far-away' }));
    const command = holders.start({ target, isOneOff: true });
    await expect(command.outcome()).resolves.toMatchObject({
      code: 'store_locked',
      message: expect.stringContaining('"far-away"'),
    });
  });

  it('is refused by the test of the store credential', async () => {
    const holder = holders.start({ target });
    await holder.outcome();
    await expect(testStoreConnection({ target, executionsMode: 'regular' })).rejects.toMatchObject(
      refusal(holder.child.pid),
    );
  });

  it('of this process passes the test of the store credential', async () => {
    await acquire();
    await expect(testStoreConnection({ target, executionsMode: 'regular' })).resolves.toMatchObject(
      { location: file },
    );
  });

  it('is refused without a name where the holder could not write it down', async () => {
    const holder = holders.start({ target });
    await holder.outcome();
    writeFileSync(`${file}.holder`, 'half a na');
    await expect(acquire()).rejects.toMatchObject({
      message: expect.stringContaining('is in use by another process.'),
    });
  });

  it('is free again when this process could not open it', async () => {
    writeFileSync(file, 'Somebody saved these notes under the wrong name.'.repeat(100));
    await expect(acquire()).rejects.toMatchObject({ code: 'store_corrupt' });
    const other = holders.start({ target });
    await expect(other.outcome()).resolves.toMatchObject({ code: 'store_corrupt' });
  });

  it('is free again when this process has closed it', async () => {
    const store = await acquire();
    await store.close();
    const other = holders.start({ target });
    await expect(other.outcome()).resolves.toBe('open');
  });
});
