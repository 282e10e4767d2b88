import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface TestFolder {
  readonly path: string;
  /** Deletes the folder with everything in it. */
  remove(): void;
}

/**
 * A new empty folder, for example for an SQLite file. `npm test` names the parent in
 * OMNICHANNEL_TEST_SQLITE_DIR and prints it; without that it is the system's temporary folder.
 */
export function createTestFolder(prefix = 'omnichannel-test-'): TestFolder {
  const parent = process.env.OMNICHANNEL_TEST_SQLITE_DIR ?? tmpdir();
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(path.join(parent, prefix));
  return { path: folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
