import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { createTestFolder } from '../../support/tempFolder';
import { ROOT } from '../../../scripts/lib/paths.mjs';

/** Opens the app with an embedded store in a process of its own, and prints which packages its main thread holds. */
const PROGRAM = `
const { openApp, closeApps } = require('./dist/core/runtime');
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const [file] = process.argv.slice(1);
openApp({
  store: { kind: 'sqlite', file },
  encryptionKey: { secret: 'of the test', source: 'N8N_ENCRYPTION_KEY' },
  executionsMode: 'regular',
  localUrl: 'http://127.0.0.1:1',
  publicUrl: 'http://127.0.0.1:1',
  version: '0.0.0',
  logger: quiet,
}).then(async (app) => {
  await app.store.describe();
  const packages = Object.keys(require.cache).flatMap((name) => /node_modules.((?:@[^\\\\/]+.)?[^\\\\/]+)/.exec(name)?.[1] ?? []);
  console.log(JSON.stringify([...new Set(packages)]));
  await closeApps();
});
`;

describe('with the embedded store', () => {
  it('n8n’s own thread is spared Kysely, pg and undici', () => {
    const folder = createTestFolder('omnichannel-memory-');
    const file = path.join(folder.path, 'omnichannel.sqlite');
    const output = execFileSync(process.execPath, ['-e', PROGRAM, file], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    folder.remove();
    const loaded = JSON.parse(output) as string[];
    expect(loaded).toContain('ulid');
    for (const heavy of ['kysely', 'pg', 'undici', 'luxon']) expect(loaded).not.toContain(heavy);
  });
});
