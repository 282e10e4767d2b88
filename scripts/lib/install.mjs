import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { environmentOf, findNode24 } from './node24.mjs';
import { isInstalled, isOnPath, npm } from './npm.mjs';
import { NODE24, PLAYGROUND, ROOT } from './paths.mjs';
import { StepFailure } from './processes.mjs';
import { say, step } from './progress.mjs';

/** Install scripts of packages never run: what n8n needs built is built by name, below. */
const INSTALL = ['ci', '--ignore-scripts', '--include=optional', '--include=dev'];

/** Native modules that n8n cannot start without. */
const NATIVE_MODULES = ['sqlite3', 'isolated-vm'];

/**
 * Makes sure that Node 24 and the project's packages are there.
 * @returns {Promise<import('./node24.mjs').Node24>}
 */
export async function installProject() {
  const node = await installNode24();
  if (isInstalled(ROOT)) say('Packages of the project: up to date');
  else {
    await step('Installing the packages of the project', () =>
      npm(INSTALL, {
        node: node.bin,
        env: environmentOf(node),
        cwd: ROOT,
        log: 'install-project.log',
      }),
    );
  }
  return node;
}

/** @returns {Promise<import('./node24.mjs').Node24>} */
async function installNode24() {
  let node = findNode24();
  if (!node || (node.home.startsWith(NODE24) && !isInstalled(NODE24))) {
    await step('Installing Node 24 beside the project (the system has an older one)', () =>
      npm(INSTALL, {
        node: process.execPath,
        env: process.env,
        cwd: NODE24,
        log: 'install-node24.log',
      }),
    );
    node = findNode24();
  }
  if (!node) {
    throw new StepFailure(
      `There is no ready-made Node 24 for ${process.platform}-${process.arch}: install Node 24 ` +
        '(https://nodejs.org) and run the same command again.',
    );
  }
  say(`Node ${node.version} (${path.relative(ROOT, node.bin)})`);
  return node;
}

/**
 * Makes sure that n8n is there, in playground/, with its native modules built for Node 24.
 * @param {import('./node24.mjs').Node24} node
 */
export async function installN8n(node) {
  const options = { node: node.bin, env: environmentOf(node), cwd: PLAYGROUND };
  const version = wantedN8nVersion();
  if (isInstalled(PLAYGROUND)) say(`n8n ${version}: up to date`);
  else {
    await step(`Installing n8n ${version} (once; about 2.8 GB, some minutes)`, () =>
      npm(INSTALL, { ...options, log: 'install-n8n.log' }),
    );
  }
  const missing = NATIVE_MODULES.filter((name) => !canLoad(name, node));
  if (missing.length === 0) return;
  await step(`Building ${missing.join(' and ')} for Node ${node.version} (once)`, () =>
    buildNative(missing, options),
  );
  const broken = missing.filter((name) => !canLoad(name, node));
  if (broken.length > 0) {
    throw new StepFailure(
      `${broken.join(' and ')} cannot be loaded although npm built it: see .tools/build-native.log.`,
    );
  }
}

/**
 * @param {string[]} names
 * @param {{ node: string, env: Record<string, string | undefined>, cwd: string }} options
 */
async function buildNative(names, options) {
  try {
    await npm(['rebuild', ...names], { ...options, log: 'build-native.log' });
  } catch (error) {
    const tools = ['python3', 'make', 'g++'].filter((tool) => !isOnPath(tool));
    if (tools.length === 0 || process.platform === 'win32') throw error;
    throw new StepFailure(
      `n8n's ${names.join(' and ')} must be compiled and this machine lacks ${tools.join(', ')}. ` +
        'On Debian or Ubuntu: apt-get install python3 make g++\n' +
        (error instanceof Error ? error.message : ''),
    );
  }
}

/** @param {string} name @param {import('./node24.mjs').Node24} node */
function canLoad(name, node) {
  const result = spawnSync(node.bin, ['-e', `require(${JSON.stringify(name)})`], {
    cwd: PLAYGROUND,
    stdio: 'ignore',
  });
  return result.status === 0;
}

function wantedN8nVersion() {
  const manifest = fs.readFileSync(path.join(PLAYGROUND, 'package.json'), 'utf8');
  return JSON.parse(manifest).dependencies.n8n;
}
