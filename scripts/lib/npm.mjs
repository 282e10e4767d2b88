import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from './paths.mjs';
import { StepFailure, runLogged } from './processes.mjs';

/**
 * npm's own JavaScript file, so that npm can be run under Node 24 whatever Node is first on PATH.
 * @returns {string}
 */
export function findNpmCli() {
  const candidates = [
    process.env.npm_execpath,
    ...['lib/node_modules', '../lib/node_modules', 'node_modules'].map((folder) =>
      path.join(path.dirname(process.execPath), folder, 'npm/bin/npm-cli.js'),
    ),
    npmOnPath(),
    '/usr/share/nodejs/npm/bin/npm-cli.js',
  ];
  // npm_execpath is another program's file under yarn or pnpm.
  const found = candidates.find(
    (file) => file && path.basename(file) === 'npm-cli.js' && fs.existsSync(file),
  );
  if (!found) throw new StepFailure('npm was not found beside Node: install npm and try again.');
  return found;
}

function npmOnPath() {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    const file = path.join(folder, 'npm');
    if (folder && fs.existsSync(file)) return fs.realpathSync(file);
  }
  return undefined;
}

/**
 * Runs npm in a folder of the project.
 * @param {string[]} args
 * @param {{ node: string, env: Record<string, string | undefined>, cwd: string, log: string }} options
 *   node: the Node binary to run npm on
 * @throws StepFailure with the end of npm's output
 */
export async function npm(args, { node, env, cwd, log }) {
  const flags = ['--loglevel=notice', '--no-audit', '--no-fund', '--no-update-notifier'];
  await runLogged(node, [findNpmCli(), ...args, ...flags], { cwd, env, log });
}

/**
 * Whether node_modules holds exactly what package-lock.json asks for, by npm's own record of the last
 * finished install (node_modules/.package-lock.json). An interrupted install leaves no such record.
 * @param {string} folder
 */
export function isInstalled(folder) {
  const wanted = readPackages(path.join(folder, 'package-lock.json'));
  const present = readPackages(path.join(folder, 'node_modules/.package-lock.json'));
  if (!wanted) throw new StepFailure(`${path.relative(ROOT, folder)} has no package-lock.json.`);
  if (!present) return false;
  return Object.entries(wanted).every(([location, entry]) => {
    if (location === '' || entry.link) return true;
    const installed = present[location];
    if (!installed)
      return entry.optional === true || entry.devOptional === true || entry.peer === true;
    return installed.version === entry.version && installed.integrity === entry.integrity;
  });
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean,
 *   peer?: boolean, link?: boolean }} LockEntry
 * @param {string} file
 * @returns {Record<string, LockEntry> | undefined}
 */
function readPackages(file) {
  if (!fs.existsSync(file)) return undefined;
  return JSON.parse(fs.readFileSync(file, 'utf8')).packages;
}

/** Whether a command such as "make" can be started. @param {string} command */
export function isOnPath(command) {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined;
}
