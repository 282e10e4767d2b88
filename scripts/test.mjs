// npm test: install, build, lint and every suite; the last line is "N passed, N failed".
//   --only unit,store   these suites alone, without lint
//   --bail              stop after the first suite with a failure
import './lib/checkNode.mjs';
import { parseArgs } from 'node:util';
import { prepareBrowser } from './lib/browser.mjs';
import { build } from './lib/build.mjs';
import { installN8n, installProject } from './lib/install.mjs';
import { lint } from './lib/lint.mjs';
import { finish, StepFailure, stopOnSignals } from './lib/processes.mjs';
import { SUITES, emptySuite, runSuite } from './lib/suites.mjs';
import { printSummary } from './lib/summary.mjs';
import { prepareDatabases } from './lib/testDatabases.mjs';

stopOnSignals();

/** @type {import('./lib/suites.mjs').SuiteResult[]} */
const results = [];
/** @type {string[]} */
const problems = [];
/** @type {{ postgres: string, sqlite: string } | undefined} */
let databases;

try {
  await testEverything();
} catch (error) {
  console.error(error instanceof StepFailure ? error.message : error);
  problems.push(reasonOf(error));
}
await finish();
process.exitCode = printSummary(results, problems, databases) ? 0 : 1;

async function testEverything() {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, bail: { type: 'boolean', default: false } },
  });
  const suites = chooseSuites(values.only);
  const node = await installProject();
  await build(node);
  // Beside the checks: it waits for the network and a compiler.
  const n8n = suites.some(({ needsN8n }) => needsN8n) ? installN8n(node) : Promise.resolve();
  // A failure is told where n8n is needed; the tests without it run all the same.
  n8n.catch(() => undefined);
  try {
    if (values.only === undefined) problems.push(...(await lint(node)));
    const prepared = await prepareDatabases(node);
    databases = prepared.names;
    for (const suite of suites) {
      const result = emptySuite(suite) ?? (await runPrepared(suite, node, prepared.variables, n8n));
      results.push(result);
      if (values.bail && hasFailed(result)) return;
    }
  } finally {
    await Promise.allSettled([n8n]);
  }
}

/**
 * @param {import('./lib/suites.mjs').Suite} suite
 * @param {import('./lib/node24.mjs').Node24} node
 * @param {Record<string, string>} variables
 * @param {Promise<void>} n8n resolves when it is installed
 */
async function runPrepared(suite, node, variables, n8n) {
  if (!suite.needsN8n) return runSuite(suite, node, variables);
  await n8n;
  return runSuite(suite, node, { ...variables, ...(await prepareBrowser(node)) });
}

/** @param {string | undefined} only */
function chooseSuites(only) {
  if (only === undefined) return SUITES.filter((suite) => !suite.byHand);
  return only.split(',').map((name) => {
    const suite = SUITES.find((candidate) => candidate.name === name);
    if (suite) return suite;
    const known = SUITES.map((candidate) => candidate.name).join(', ');
    throw new StepFailure(`There is no suite "${name}". There are: ${known}.`);
  });
}

/** @param {import('./lib/suites.mjs').SuiteResult} result */
function hasFailed({ cases, problems: own }) {
  return own.length > 0 || cases.some((test) => test.outcome === 'failed');
}

/** One line for the list of problems; the whole message was printed where it happened. @param {unknown} error */
function reasonOf(error) {
  if (error instanceof StepFailure && error.step) return `failed: ${error.step}`;
  return `stopped early: ${error instanceof Error ? error.message : String(error)}`;
}
