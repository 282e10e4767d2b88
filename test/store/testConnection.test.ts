import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { StoreTarget } from '../../core/model';
import { testStoreConnection } from '../../core/store/testConnection';
import { describeOnBothDatabases } from '../support/storeContext';
import { createTestFolder } from '../support/tempFolder';
import * as units from './support/units.cjs';

const test = (target: StoreTarget) => testStoreConnection({ target, executionsMode: 'regular' });

describeOnBothDatabases('the test of a store connection', (context) => {
  it('tells version and place of a store in use, and leaves nothing behind in it', async () => {
    const before = await context.store.run(units.listTables, null);
    const { serverVersion, location } = await context.store.describe();
    await expect(test(context.target)).resolves.toEqual({ serverVersion, location });
    await expect(context.store.run(units.listTables, null)).resolves.toEqual(before);
  });

  it('works on an empty database, and leaves it empty', async () => {
    const target = await context.newDatabase();
    await expect(test(target)).resolves.toMatchObject({ serverVersion: expect.any(String) });
    if (target.kind === 'sqlite') expect(existsSync(target.file)).toBe(false);
    const store = await context.openAnother({ target });
    await expect(store.run(units.listTables, null)).resolves.not.toContain(
      'omnichannel_connection_test',
    );
  });
});

describe('[no database of its own] the test of a store connection that cannot work', () => {
  it('names a server that does not answer', async () => {
    const target: StoreTarget = {
      kind: 'postgres',
      connection: { host: '127.0.0.1', port: 1, database: 'd', user: 'u', password: 'hunter2' },
      schema: 'omnichannel',
      source: 'the store credential',
    };
    const failure: unknown = await test(target).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('127.0.0.1:1/d'),
    });
    expect(`${String(failure)} ${JSON.stringify(failure)}`).not.toContain('hunter2');
  });

  it('names a file that is no database, and does not touch it', async () => {
    const folder = createTestFolder();
    const file = path.join(folder.path, 'notes.txt');
    writeFileSync(file, 'x'.repeat(5_000));
    await expect(test({ kind: 'sqlite', file })).rejects.toMatchObject({ code: 'store_corrupt' });
    folder.remove();
  });

  it('refuses the embedded store in queue mode', async () => {
    await expect(
      testStoreConnection({
        target: { kind: 'sqlite', file: 'a.sqlite' },
        executionsMode: 'queue',
      }),
    ).rejects.toMatchObject({ code: 'store_conflict' });
  });
});
