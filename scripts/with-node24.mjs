// node scripts/with-node24.mjs <tool or file> [arguments]: runs it on Node 24, installing nothing.
import './lib/checkNode.mjs';
import fs from 'node:fs';
import path from 'node:path';
import { handOver, runScript } from './lib/launch.mjs';
import { findNode24 } from './lib/node24.mjs';
import { ROOT } from './lib/paths.mjs';
import { StepFailure } from './lib/processes.mjs';

/** Tools whose package has another name. */
const PACKAGE_OF = new Map([['tsc', 'typescript']]);

await runScript(async () => {
  const [tool, ...args] = process.argv.slice(2);
  if (!tool)
    throw new StepFailure('Usage: node scripts/with-node24.mjs <tool or file> [arguments]');
  const node = findNode24();
  if (!node) {
    throw new StepFailure(
      `This needs Node 24 and the running one is ${process.versions.node}. ` +
        'Run "npm run build" once: it brings Node 24 along (into scripts/node24).',
    );
  }
  return handOver(node, tool === 'node' ? args : [scriptOf(tool), ...args]);
});

/** @param {string} tool */
function scriptOf(tool) {
  const isFile = /[/\\.]/.test(tool);
  return isFile ? tool : binaryOf(tool);
}

/**
 * The JavaScript file behind a command of an installed package.
 * @param {string} tool
 */
function binaryOf(tool) {
  const folder = path.join(ROOT, 'node_modules', PACKAGE_OF.get(tool) ?? tool);
  const manifest = path.join(folder, 'package.json');
  if (!fs.existsSync(manifest)) {
    throw new StepFailure(`"${tool}" is not installed: run "npm run build" once.`);
  }
  const { bin } = JSON.parse(fs.readFileSync(manifest, 'utf8'));
  const file = typeof bin === 'string' ? bin : bin?.[tool];
  if (!file) throw new StepFailure(`The package "${tool}" has no command of that name.`);
  return path.join(folder, file);
}
