'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { dest, parallel, series, src } = require('gulp');

const DIST = path.join(__dirname, 'dist');
const COMPILED_ROOMS = ['core', 'nodes', 'credentials', 'bin'];

/** What n8n and the package read beside the JavaScript, by room. */
const ASSETS = [
  // icons, codex files and output schemas of the nodes
  '{nodes,credentials}/**/*.{svg,png}',
  'nodes/**/*.node.json',
  'nodes/**/__schema__/**/*.json',
  // JSON Schemas of the events, hosted pages and other data of core/
  'core/**/*.{json,html,svg,png}',
  'web/dist/**/*.html',
  // the bundled workflows with their pictures and texts
  'workflows/**/*.{json,md,png,svg}',
];

function compile() {
  const tsc = require.resolve('typescript/bin/tsc');
  return spawn(process.execPath, [tsc, '-p', 'tsconfig.json', '--pretty', 'false'], {
    cwd: __dirname,
    stdio: 'inherit',
  });
}

/** The hosted pages, each one self-contained HTML file: see web/. */
function bundlePages() {
  const vite = path.join(path.dirname(require.resolve('vite/package.json')), 'bin', 'vite.js');
  return spawn(process.execPath, [vite, 'build', 'web', '--logLevel', 'warn'], {
    cwd: __dirname,
    stdio: 'inherit',
  });
}

/** encoding: false keeps pictures as they are. */
function copyAssets() {
  return src(ASSETS, { base: '.', allowEmpty: true, encoding: false }).pipe(dest('dist'));
}

/** Without this a deleted or renamed source would go on living in dist, in tests and in the package. */
async function removeOrphans() {
  for (const room of [...COMPILED_ROOMS, 'workflows', 'web']) {
    for (const file of filesBelow(path.join(DIST, room))) {
      if (!hasSource(path.relative(DIST, file))) fs.rmSync(file);
    }
  }
}

function filesBelow(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

function hasSource(relative) {
  const source = path.join(__dirname, relative);
  return fs.existsSync(source) || fs.existsSync(source.replace(/\.js(\.map)?$/, '.ts'));
}

async function clean() {
  fs.rmSync(DIST, { recursive: true, force: true });
}

const build = series(removeOrphans, parallel(compile, series(bundlePages, copyAssets)));

module.exports = { build, clean, default: build };
