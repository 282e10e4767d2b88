import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openStore, type OpenStoreOptions } from '../../core/store/openStore';
import type { Store } from '../../core/store/store';
import { createTestFolder, type TestFolder } from '../support/tempFolder';
import { createTestLogger, type TestLogger } from '../support/testLogger';
import { waitFor } from '../support/waitFor';
import * as units from './support/units.cjs';
import * as embeddedUnits from './support/embeddedUnits.cjs';

const OPEN_STORE = path.resolve(__dirname, '../../dist/core/store/openStore.js');

describe('[sqlite only] the embedded store', () => {
  let folder: TestFolder;
  let file: string;
  let logger: TestLogger;
  let opened: Store[];

  beforeEach(() => {
    folder = createTestFolder();
    file = path.join(folder.path, 'omnichannel', 'omnichannel.sqlite');
    logger = createTestLogger();
    opened = [];
  });

  afterEach(async () => {
    for (const store of opened) await store.close();
    expect(existsSync(`${file}-wal`)).toBe(false);
    folder.remove();
  });

  const open = async (options: Partial<OpenStoreOptions> = {}): Promise<Store> => {
    const store = await openStore({
      target: { kind: 'sqlite', file },
      encryptionSecret: 'secret',
      executionsMode: 'regular',
      logger,
      ...options,
    });
    opened.push(store);
    return store;
  };

  const contentOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

  describe('and its file', () => {
    it('makes folder and file for their owner alone', async () => {
      await open();
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
    });

    it('flushes the log at every commit, and limits and statistics only now and then', async () => {
      const store = await open();
      await expect(store.run(embeddedUnits.readSynchronousFull, null)).resolves.toBe(2);
      await expect(store.run(embeddedUnits.readSynchronousNormal, null)).resolves.toBe(1);
    });

    it('is refused in queue mode, with the way to a server database', async () => {
      await expect(open({ executionsMode: 'queue' })).rejects.toMatchObject({
        code: 'store_conflict',
        hint: expect.stringContaining('OMNICHANNEL_DATABASE_URL=postgres://'),
      });
      expect(existsSync(file)).toBe(false);
    });

    it('that is no database is refused and stays byte for byte as it is', async () => {
      const store = await open();
      await store.close();
      writeFileSync(file, 'These are the notes of somebody who saved them under the wrong name.');
      const before = contentOf(file);
      await expect(open()).rejects.toMatchObject({
        code: 'store_corrupt',
        retryable: false,
        message: expect.stringContaining(file),
        hint: expect.stringContaining('backup'),
      });
      expect(contentOf(file)).toBe(before);
    });

    it('with damaged pages is refused while they are read, and nothing is written over them', async () => {
      const store = await open();
      const texts = Array.from({ length: 1_000 }, (_, n) => `${n} ${'x'.repeat(500)}`);
      await Promise.all(texts.map((text) => store.forTenant('t').run(units.append, text)));
      await store.close();
      const bytes = readFileSync(file);
      // The last quarter: the schema can be read, the newest rows cannot.
      bytes.fill(0x5a, (bytes.length * 3) / 4);
      writeFileSync(file, bytes);
      const before = contentOf(file);

      const damaged = await open();
      const reading = damaged.forTenant('t').run(units.listTexts, null);
      await expect(reading).rejects.toMatchObject({ code: 'store_corrupt', retryable: false });
      await damaged.close();
      expect(contentOf(file)).toBe(before);
    });

    it('that was cut short is refused as damaged', async () => {
      const store = await open();
      await Promise.all(
        Array.from({ length: 100 }, (_, n) => store.forTenant('t').run(units.append, String(n))),
      );
      await store.close();
      truncateSync(file, 4096 * 10);
      const reading = open().then((cut) => cut.forTenant('t').run(units.listTexts, null));
      await expect(reading).rejects.toMatchObject({ code: 'store_corrupt' });
    });

    it('in a folder that cannot be written is refused with what to do', async () => {
      // Permissions do not bind root, but nobody can make a folder in /sys.
      const isRoot = process.getuid?.() === 0;
      if (!isRoot) chmodSync(folder.path, 0o555);
      const unwritable = isRoot ? '/sys/omnichannel/omnichannel.sqlite' : file;
      await expect(open({ target: { kind: 'sqlite', file: unwritable } })).rejects.toMatchObject({
        code: 'store_misconfigured',
        message: expect.stringContaining(unwritable),
        hint: expect.stringContaining('write permission'),
      });
      if (!isRoot) chmodSync(folder.path, 0o755);
    });
  });

  describe('on a full disk', () => {
    it('undoes what does not fit, keeps what was acknowledged, and goes on after there is room', async () => {
      const small = await open({ sqlite: { maxPageCount: 300 } });
      const tenant = small.forTenant('t');
      const acknowledged: string[] = [];
      const fill = async (): Promise<void> => {
        for (let n = 0; ; n += 1) {
          const text = `${n} ${'x'.repeat(2_000)}`;
          await tenant.run(units.append, text);
          acknowledged.push(text);
        }
      };
      await expect(fill()).rejects.toMatchObject({
        code: 'store_full',
        retryable: true,
        hint: expect.stringContaining('Free some space'),
      });
      expect(acknowledged.length).toBeGreaterThan(10);
      await expect(tenant.run(units.listTexts, null)).resolves.toEqual(acknowledged);
      await small.close();

      const roomy = await open();
      await roomy.forTenant('t').run(units.append, 'fits again');
      await expect(roomy.forTenant('t').run(units.listTexts, null)).resolves.toEqual([
        ...acknowledged,
        'fits again',
      ]);
    });
  });

  describe('beside another process', () => {
    it('reports a file that stays locked, and works as soon as it is free', async () => {
      const store = await open({ sqlite: { busyTimeoutMs: 100 } });
      const other = new DatabaseSync(file);
      other.exec('BEGIN IMMEDIATE');
      const waiting = ['a', 'b', 'c'].map((text) => store.forTenant('t').run(units.append, text));
      for (const one of await Promise.allSettled(waiting)) {
        expect(one).toMatchObject({
          status: 'rejected',
          reason: { code: 'store_locked', retryable: true },
        });
      }
      other.exec('ROLLBACK');
      other.close();
      await store.forTenant('t').run(units.append, 'd');
      await expect(store.forTenant('t').run(units.listTexts, null)).resolves.toEqual(['d']);
    });

    it('waits for a short lock instead of failing', async () => {
      const store = await open();
      const other = new DatabaseSync(file);
      other.exec('BEGIN IMMEDIATE');
      const writing = store.forTenant('t').run(units.append, 'patient');
      await new Promise((resolve) => setImmediate(resolve));
      other.exec('COMMIT');
      other.close();
      await expect(writing).resolves.toMatchObject({ data: { text: 'patient' } });
    });
  });

  describe('and its thread', () => {
    it('does not load the driver of the server store', () => {
      const script = `require(${JSON.stringify(OPEN_STORE)}).openStore({
          target: { kind: 'sqlite', file: ${JSON.stringify(file)} }, encryptionSecret: 's',
          executionsMode: 'regular', logger: console,
        }).then(() => process.stdout.write(Object.keys(require.cache).join('\\n')))`;
      const { stdout, status } = spawnSync(process.execPath, ['-e', script], {
        encoding: 'utf8',
        env: { ...process.env, NODE_OPTIONS: '' },
      });
      // It also ends by itself: an idle store does not keep a process alive.
      expect(status).toBe(0);
      expect(stdout).toContain(path.join('store', 'sqlite', 'executor.js'));
      expect(stdout).not.toMatch(/node_modules[\\/]pg[\\/]/);
      new DatabaseSync(file).close();
    });

    it('runs units in the order in which they were asked for', async () => {
      const store = await open();
      const texts = Array.from({ length: 200 }, (_, n) => String(n));
      await Promise.all(
        texts.map((text, n) =>
          store.forTenant('t').run(n % 3 ? units.append : units.appendRelaxed, text),
        ),
      );
      await expect(store.forTenant('t').run(units.listTexts, null)).resolves.toEqual(texts);
    });

    it('tells who waits when the thread dies, and starts another with the next call', async () => {
      const store = await open();
      const tenant = store.forTenant('t');
      await tenant.run(units.append, 'before');
      const outcomes = await Promise.allSettled([
        tenant.run(embeddedUnits.endThread, 'undone'),
        tenant.run(units.append, 'beside'),
      ]);
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({
          status: 'rejected',
          reason: { code: 'store_failed', retryable: true },
        });
      }
      await tenant.run(units.append, 'after');
      await expect(tenant.run(units.listTexts, null)).resolves.toEqual(['before', 'after']);
    });

    it('survives a unit that left a failing promise behind', async () => {
      const store = await open();
      const tenant = store.forTenant('t');
      // The thread may die before or after it has answered; both are fine, a crash of this process is not.
      await Promise.allSettled([tenant.run(embeddedUnits.leaveRejection, null)]);
      await waitFor(() => logger.entries.some((entry) => entry.level === 'error'), {
        what: 'the thread to end',
      });
      await expect(tenant.run(units.append, 'after')).resolves.toMatchObject({
        event: 'message.received',
      });
    });

    it('leaves the thread of n8n free during a slow statement, and logs it without its values', async () => {
      const store = await open({ sqlite: { slowStatementMs: 1 } });
      let turns = 0;
      const count = store.run(embeddedUnits.countSlowly, 300_000);
      const turn = setInterval(() => (turns += 1), 1);
      await expect(count).resolves.toBe(300_000);
      clearInterval(turn);
      expect(turns).toBeGreaterThan(2);
      const slow = logger.entries.find((entry) =>
        String(entry.meta.sql).startsWith('with recursive'),
      );
      expect(slow).toMatchObject({ level: 'warn', meta: { milliseconds: expect.any(Number) } });
      expect(JSON.stringify(slow)).not.toContain('300000');
    });

    it('refuses arguments and results that are no plain data, and spares the others', async () => {
      const store = await open();
      const tenant = store.forTenant('t');
      const notData = (() => 'a function') as unknown as string;
      const outcomes = await Promise.allSettled([
        tenant.run(units.append, 'fine'),
        tenant.run(units.append, notData),
        tenant.run(units.returnFunction, null),
        tenant.run(units.append, 'fine too'),
      ]);
      expect(outcomes.map((outcome) => outcome.status)).toEqual([
        'fulfilled',
        'rejected',
        'rejected',
        'fulfilled',
      ]);
      expect(outcomes[1]).toMatchObject({ reason: { message: expect.stringContaining('append') } });
      await expect(tenant.run(units.listTexts, null)).resolves.toEqual(['fine', 'fine too']);
    });

    it('says which unit it cannot find', async () => {
      const store = await open();
      const lost = { ...units.append, name: 'gone' };
      await expect(store.forTenant('t').run(lost, 'x')).rejects.toMatchObject({
        code: 'store_failed',
        message: expect.stringContaining('"gone"'),
      });
    });
  });
});
