/** @typedef {import('./junit.mjs').TestCase} TestCase */

/**
 * Checks that the store suite ran every test on both databases. The outermost `describe` of each
 * test carries `[sqlite]` or `[postgres]`; what only one of them can show (a corrupt file, a
 * restarting server) carries `[sqlite only]` or `[postgres only]`, what needs none or chooses between
 * them `[no database of its own]`; these are counted apart.
 * @param {TestCase[]} cases of the store suite
 * @returns {{ problems: string[], both: number, sqliteOnly: number, postgresOnly: number }}
 *   problems: sentences, empty when both ran the same tests
 */
export function compareDatabases(cases) {
  const ran = cases.filter((test) => test.outcome !== 'skipped');
  const sqlite = titles(ran, '[sqlite]');
  const postgres = titles(ran, '[postgres]');
  const sqliteOnly = titles(ran, '[sqlite only]').length;
  const postgresOnly = titles(ran, '[postgres only]').length;
  const neither = titles(ran, '[no database of its own]').length;
  const named = sqlite.length + postgres.length + sqliteOnly + postgresOnly + neither;
  const unnamed = ran.length - named;
  const problems = [];
  if (sqlite.length === 0) problems.push('no store test ran on SQLite');
  if (postgres.length === 0) problems.push('no store test ran on PostgreSQL');
  if (sqlite.length !== postgres.length) {
    problems.push(`${sqlite.length} store tests ran on SQLite, ${postgres.length} on PostgreSQL`);
  }
  for (const title of difference(sqlite, postgres)) problems.push(`only on SQLite: ${title}`);
  for (const title of difference(postgres, sqlite)) problems.push(`only on PostgreSQL: ${title}`);
  if (unnamed > 0) {
    problems.push(
      `${unnamed} store tests do not say [sqlite] or [postgres] in their first describe`,
    );
  }
  return { problems, both: sqlite.length, sqliteOnly, postgresOnly };
}

/** Titles without the mark, so that they can be compared. @param {TestCase[]} cases @param {string} mark */
function titles(cases, mark) {
  return cases
    .filter((test) => test.group.startsWith(mark))
    .map((test) => `${test.group.slice(mark.length).trim()} > ${test.name}`);
}

/** @param {string[]} left @param {string[]} right */
function difference(left, right) {
  const others = new Set(right);
  return [...new Set(left)].filter((title) => !others.has(title));
}
