import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { StoreTarget } from '../../core/model';
import { acquireStore, closeStores, type AcquireStoreOptions } from '../../core/store/registry';
import { createTestDatabase } from '../support/postgres';
import { describeOnBothDatabases } from '../support/storeContext';
import { createTestFolder } from '../support/tempFolder';
import { createTestLogger } from '../support/testLogger';
import * as units from './support/units.cjs';

const acquire = (target: StoreTarget, options: Partial<AcquireStoreOptions> = {}) =>
  acquireStore({
    target,
    encryptionSecret: 'the encryption key of the tests',
    executionsMode: 'regular',
    version: '1.2.3',
    logger: createTestLogger(),
    ...options,
  });

describeOnBothDatabases('the stores of a process', (context) => {
  afterEach(closeStores);

  it('are opened once per target, also by callers at the same moment', async () => {
    const [one, other] = await Promise.all([acquire(context.target), acquire(context.target)]);
    expect(other).toBe(one);
    await expect(acquire(context.target)).resolves.toBe(one);
  });

  it('are opened anew after they were closed', async () => {
    const first = await acquire(context.target);
    await first.close();
    const second = await acquire(context.target);
    expect(second).not.toBe(first);
    await expect(second.describe()).resolves.toMatchObject({ kind: context.kind });
  });

  it('refuse a second user with another encryption key', async () => {
    await acquire(context.target);
    await expect(acquire(context.target, { encryptionSecret: 'another' })).rejects.toMatchObject({
      code: 'store_conflict',
      message: expect.stringContaining('another encryption key'),
    });
  });

  it('are closed and replaced when a newer copy of the package arrives', async () => {
    const old = await acquire(context.target);
    await old.forTenant('update').run(units.append, 'by the old copy');
    const fresh = await acquire(context.target, { version: '1.10.0' });
    expect(fresh).not.toBe(old);
    await expect(old.forTenant('update').run(units.append, 'too late')).rejects.toMatchObject({
      code: 'store_failed',
      hint: expect.stringContaining('restart n8n'),
    });
    await expect(fresh.forTenant('update').run(units.takeTexts, null)).resolves.toEqual([
      'by the old copy',
    ]);
  });

  it('let an older copy of the package take over when the newer one has closed them', async () => {
    const newer = await acquire(context.target, { version: '1.10.0' });
    await newer.close();
    const older = await acquire(context.target, { version: '1.9.9' });
    await expect(older.describe()).resolves.toMatchObject({ kind: context.kind });
  });

  it('leave nothing of their version behind when the process closes them', async () => {
    await acquire(context.target, { version: '1.10.0' });
    await closeStores();
    expect(Reflect.has(globalThis, Symbol.for('n8n-nodes-omnichannel.stores'))).toBe(false);
    const older = await acquire(context.target, { version: '1.9.9' });
    await expect(older.describe()).resolves.toMatchObject({ kind: context.kind });
  });

  it('refuse an older copy of the package that arrives late', async () => {
    await acquire(context.target, { version: '1.10.0' });
    await expect(acquire(context.target, { version: '1.9.9' })).rejects.toMatchObject({
      code: 'store_conflict',
      message: expect.stringContaining('1.10.0'),
      hint: expect.stringContaining('installed twice'),
    });
  });
});

describe('[no database of its own] which store a process may open', () => {
  afterEach(closeStores);

  it('refuses the embedded store while a server store is in use, and makes no file', async () => {
    const database = await createTestDatabase();
    const folder = createTestFolder();
    const file = path.join(folder.path, 'omnichannel.sqlite');
    await acquire({
      kind: 'postgres',
      connection: { connectionString: database.url },
      schema: 'omnichannel',
      source: 'the test',
    });
    await expect(acquire({ kind: 'sqlite', file })).rejects.toMatchObject({
      code: 'store_conflict',
      message: expect.stringContaining('PostgreSQL'),
    });
    expect(existsSync(file)).toBe(false);
    await closeStores();
    folder.remove();
    await database.drop();
  });

  it('refuses the embedded store in queue mode', async () => {
    const file = path.join('any', 'omnichannel.sqlite');
    await expect(
      acquire({ kind: 'sqlite', file }, { executionsMode: 'queue' }),
    ).rejects.toMatchObject({ code: 'store_conflict' });
  });

  it('knows a file again that is reached through a link', async () => {
    const folder = createTestFolder();
    const real = path.join(folder.path, 'real');
    const link = path.join(folder.path, 'link');
    mkdirSync(real);
    symlinkSync(real, link);
    const one = await acquire({ kind: 'sqlite', file: path.join(real, 'a.sqlite') });
    const other = await acquire({ kind: 'sqlite', file: path.join(link, 'a.sqlite') });
    expect(other).toBe(one);
    await closeStores();
    folder.remove();
  });

  it('tries a target again that could not be opened', async () => {
    const folder = createTestFolder();
    const inTheWay = path.join(folder.path, 'omnichannel');
    writeFileSync(inTheWay, 'a file where the folder should be');
    const target: StoreTarget = { kind: 'sqlite', file: path.join(inTheWay, 'a.sqlite') };
    await expect(acquire(target)).rejects.toMatchObject({ code: 'store_misconfigured' });
    rmSync(inTheWay);
    await expect(acquire(target)).resolves.toMatchObject({ kind: 'sqlite' });
    await closeStores();
    folder.remove();
  });
});
