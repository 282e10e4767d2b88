import fs from 'node:fs';
import path from 'node:path';
import { readJunit } from './junit.mjs';
import { environmentOf } from './node24.mjs';
import { REPORTS, ROOT } from './paths.mjs';
import { run } from './processes.mjs';
import { step } from './progress.mjs';

const MINUTE = 60_000;

/**
 * @typedef {object} Suite
 * @property {string} name folder of test/ and jest project
 * @property {number} limitMs after this the suite is killed and counts as failed
 * @property {boolean} [inBand] one test file at a time, in one process
 * @property {boolean} [needsN8n] a real n8n and a real browser
 * @property {boolean} [byHand] not part of `npm test`
 */

/** In the order in which they run: quick ones first, so that a mistake shows early. @type {Suite[]} */
export const SUITES = [
  { name: 'unit', limitMs: 8 * MINUTE },
  { name: 'store', limitMs: 20 * MINUTE },
  { name: 'sandbox', limitMs: 6 * MINUTE },
  { name: 'nodes', limitMs: 10 * MINUTE },
  { name: 'e2e', limitMs: 45 * MINUTE, needsN8n: true },
  { name: 'chaos', limitMs: 180 * MINUTE, inBand: true, needsN8n: true, byHand: true },
];

/**
 * @typedef {object} SuiteResult
 * @property {Suite} suite
 * @property {import('./junit.mjs').TestCase[]} cases
 * @property {string[]} problems failures that no test case stands for (a crash, a timeout, no tests)
 */

/**
 * Runs one jest project and reads its report.
 * @param {Suite} suite
 * @param {import('./node24.mjs').Node24} node
 * @param {Record<string, string>} variables for the tests
 * @returns {Promise<SuiteResult>}
 */
export async function runSuite(suite, node, variables) {
  const report = path.join(REPORTS, `${suite.name}.xml`);
  fs.rmSync(report, { force: true });
  /** @type {string[]} */
  const problems = [];
  const code = await step(`Testing: ${suite.name}`, () =>
    run(node.bin, jestArguments(suite), {
      env: { ...environmentOf(node), ...variables, OMNICHANNEL_TEST_REPORTS: REPORTS },
      timeoutMs: suite.limitMs,
      onTimeout: () =>
        problems.push(`${suite.name} was killed after ${suite.limitMs / MINUTE} minutes`),
    }),
  );
  const cases = readJunit(report);
  const failed = cases?.some((test) => test.outcome === 'failed') ?? false;
  if (!cases) problems.push(`${suite.name} ended with code ${code} and without a report`);
  else if (code !== 0 && !failed) problems.push(`${suite.name} ended with code ${code}`);
  return { suite, cases: cases ?? [], problems };
}

/** @param {Suite} suite */
function jestArguments(suite) {
  return [
    // kysely and other libraries are ES modules; without this jest cannot load them.
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    path.join(ROOT, 'node_modules/jest/bin/jest.js'),
    '--selectProjects',
    suite.name,
    ...(suite.inBand ? ['--runInBand'] : []),
  ];
}

/**
 * The result of a suite that lacks what it is there for.
 * @param {Suite} suite
 * @returns {SuiteResult | undefined}
 */
export function emptySuite(suite) {
  if (hasTests(suite)) return undefined;
  return { suite, cases: [], problems: [`the suite ${suite.name} has no tests`] };
}

/** @param {Suite} suite */
function hasTests(suite) {
  const folder = path.join(ROOT, 'test', suite.name);
  if (!fs.existsSync(folder)) return false;
  return fs
    .readdirSync(folder, { recursive: true })
    .some((file) => String(file).endsWith('.test.ts'));
}
