import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** @typedef {{ name: string, ids: { uid: number, gid: number } }} Account */

/**
 * PostgreSQL refuses to run as root; an existing account without rights serves instead.
 * @returns {Account | undefined} undefined when we are not root anyway
 */
export function unprivilegedAccount() {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = fs
    .readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length > 3 && Number(fields[2]) > 0);
  const wanted = ['postgres', 'nobody', 'daemon'];
  const found =
    wanted.map((name) => accounts.find(([login]) => login === name)).find(Boolean) ?? accounts[0];
  if (!found) {
    throw new Error('PostgreSQL cannot run as root, and this machine has no other user: add one.');
  }
  return { name: String(found[0]), ids: { uid: Number(found[2]), gid: Number(found[3]) } };
}

/**
 * A new folder that `account` owns, below a temporary folder that it can enter.
 * @param {string} prefix @param {Account | undefined} account
 */
export function makeFolder(prefix, account) {
  const parents = [os.tmpdir(), '/tmp', '/var/tmp'];
  const parent = account ? parents.find((folder) => canEnter(folder, account)) : parents[0];
  if (!parent) throw new Error(`No temporary folder that user ${account?.name} may enter.`);
  const folder = fs.mkdtempSync(path.join(parent, prefix));
  if (account) fs.chownSync(folder, account.ids.uid, account.ids.gid);
  return folder;
}

/** @param {string} folder @param {Account} account */
function canEnter(folder, account) {
  return spawnSync('test', ['-x', folder], { ...account.ids, cwd: '/' }).status === 0;
}
