import fs from 'node:fs';
import path from 'node:path';
import { NODE24, ROOT } from './paths.mjs';

/**
 * n8n needs Node 24; so does everything here but these starters. A machine with an older Node gets
 * the binary from npm (scripts/node24).
 */
const WANTED_MAJOR = 24;

/**
 * @typedef {object} Node24
 * @property {string} bin path of the binary
 * @property {string} version e.g. "24.21.0"
 * @property {string} home folder with include/, for building native modules (npm's `nodedir`)
 */

/**
 * The Node to run everything on, without installing anything.
 * @returns {Node24 | undefined} undefined when scripts/node24 must be installed first
 */
export function findNode24() {
  return runningNode() ?? packagedNode();
}

/** @returns {Node24 | undefined} */
function runningNode() {
  const version = process.versions.node;
  if (Number(version.split('.')[0]) < WANTED_MAJOR) return undefined;
  const folder = path.dirname(process.execPath);
  const home = process.platform === 'win32' ? folder : path.dirname(folder);
  // Without its headers sqlite3 cannot be built for it.
  if (!hasHeaders(home)) return undefined;
  return { bin: process.execPath, version, home };
}

/** @returns {Node24 | undefined} */
function packagedNode() {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const home = path.join(NODE24, 'node_modules', `node-${system}-${process.arch}`);
  const bin = path.join(home, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!fs.existsSync(bin)) return undefined;
  const { version } = JSON.parse(fs.readFileSync(path.join(home, 'package.json'), 'utf8'));
  return { bin, version, home };
}

/** @param {string} home */
function hasHeaders(home) {
  return fs.existsSync(path.join(home, 'include/node/node.h'));
}

/**
 * The environment in which `node` is Node 24, the project's tools are on PATH, and native modules are
 * built for Node 24.
 * @param {Node24} node
 * @returns {Record<string, string | undefined>}
 */
export function environmentOf(node) {
  const folders = [path.dirname(node.bin), path.join(ROOT, 'node_modules/.bin')];
  return {
    ...process.env,
    PATH: [...folders, process.env.PATH].join(path.delimiter),
    npm_config_nodedir: node.home,
    NODE: node.bin,
    npm_node_execpath: node.bin,
  };
}
