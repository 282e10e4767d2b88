import { compareDatabases } from './bothDatabases.mjs';

/** @typedef {import('./suites.mjs').SuiteResult} SuiteResult */

const SLOWEST = 10;

/**
 * Prints counts per suite, the slowest tests and every problem; the last line is the plain one that
 * machines read: "N passed, N failed" and, where there are any, ", N skipped".
 * @param {SuiteResult[]} results
 * @param {string[]} problems failures outside the suites: install, build, lint
 * @param {{ postgres: string, sqlite: string } | undefined} databases as they were printed at the start
 * @returns {boolean} whether everything passed
 */
export function printSummary(results, problems, databases) {
  const allProblems = [...problems, ...results.flatMap((result) => result.problems)];
  console.log('\nSuites');
  for (const { suite, cases } of results) {
    const { passed, failed, skipped } = count(cases);
    const more = skipped > 0 ? `, ${skipped} skipped` : '';
    console.log(`  ${suite.name.padEnd(8)} ${passed} passed, ${failed} failed${more}`);
  }
  const store = results.find(({ suite }) => suite.name === 'store');
  if (store) allProblems.push(...printDatabases(store, databases));
  const cases = results.flatMap((result) => result.cases);
  printSlowest(results);
  printFailed(cases);
  if (allProblems.length > 0) console.log('\nProblems');
  for (const problem of allProblems) console.log(`  ${problem}`);

  const { passed, failed, skipped } = count(cases);
  const failures = failed + allProblems.length;
  console.log(`\n${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return failures === 0;
}

/**
 * @param {SuiteResult} store
 * @param {{ postgres: string, sqlite: string } | undefined} databases
 * @returns {string[]} problems
 */
function printDatabases(store, databases) {
  const { both, sqliteOnly, postgresOnly, problems } = compareDatabases(store.cases);
  console.log('\nDatabases of the store suite');
  console.log(`  ${databases?.sqlite}: ${both} tests of both, ${sqliteOnly} of its own`);
  console.log(`  ${databases?.postgres}: ${both} tests of both, ${postgresOnly} of its own`);
  return problems;
}

/** @param {SuiteResult[]} results */
function printSlowest(results) {
  const all = results.flatMap(({ suite, cases }) =>
    cases.map((test) => ({ ...test, suite: suite.name })),
  );
  if (all.length === 0) return;
  console.log(`\nThe ${SLOWEST} slowest tests`);
  all.sort((left, right) => right.seconds - left.seconds);
  for (const test of all.slice(0, SLOWEST)) {
    console.log(`  ${test.seconds.toFixed(1).padStart(6)} s  ${test.suite}: ${title(test)}`);
  }
}

/** @param {import('./junit.mjs').TestCase[]} cases */
function printFailed(cases) {
  const failed = cases.filter((test) => test.outcome === 'failed');
  if (failed.length > 0) console.log('\nFailed tests');
  for (const test of failed) console.log(`  ${test.file}: ${title(test)}`);
}

/** @param {import('./junit.mjs').TestCase} test */
function title(test) {
  return test.group ? `${test.group} > ${test.name}` : test.name;
}

/** @param {import('./junit.mjs').TestCase[]} cases */
function count(cases) {
  const of = (/** @type {string} */ outcome) =>
    cases.filter((test) => test.outcome === outcome).length;
  return { passed: of('passed'), failed: of('failed'), skipped: of('skipped') };
}
