import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../../scripts/lib/paths.mjs';
import { readPage } from './support/pages.ts';

const CASES = Array.from({ length: 42 }, (_, index) => index + 1);

/** Cases without a test: their rows say "not tested yet". Take a number out when it has one; never add one. */
const NOT_TESTED_YET: readonly number[] = [];

const { text } = readPage('docs/webhook-failures.md');

/** The lines of the table, by case. */
const rows = new Map(
  [...text.matchAll(/^\| (\d+) \|.*$/gm)].map(([line, number]) => [Number(number), line]),
);

function testOf(row: string): string {
  const target = /\]\((\.\.\/test\/[\w./]+\.test\.ts)\) \|$/.exec(row)?.[1];
  if (!target) throw new Error(`No test is linked in: ${row}`);
  return path.join(ROOT, 'docs', target);
}

describe('the table of webhook failures', () => {
  it('has one row for each of the 42 cases, in order', () => {
    expect([...rows.keys()]).toEqual(CASES);
    expect([...text.matchAll(/^\| \d+ \|/gm)]).toHaveLength(CASES.length);
  });

  it('says openly which cases have no test yet', () => {
    const silent = [...rows].filter(([, row]) => row.includes('not tested yet'));
    expect(silent.map(([number]) => number)).toEqual(NOT_TESTED_YET);
  });

  it.each(CASES.filter((number) => !NOT_TESTED_YET.includes(number)))(
    'links case %i to a test that names it',
    (number) => {
      const source = fs.readFileSync(testOf(rows.get(number) ?? ''), 'utf8');
      expect(source).toMatch(new RegExp(`\\bcase ${number}: \\S`));
    },
  );
});
