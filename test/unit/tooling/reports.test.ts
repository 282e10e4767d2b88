import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compareDatabases } from '../../../scripts/lib/bothDatabases.mjs';
import { readJunit, type TestCase } from '../../../scripts/lib/junit.mjs';
import { createTestFolder } from '../../support/tempFolder';

const ROOT = path.resolve(__dirname, '../../..');

describe('the report of a suite', () => {
  it('tells passed, failed, skipped and unloadable apart, whatever the titles contain', () => {
    const cases = reportOf({
      'mixed.test.js': `
        describe('[sqlite] "a" < b & c', () => {
          it('passes', () => {});
          it('fails with </testcase> in its message', () => { throw new Error('</testcase> & "x"'); });
          it.skip('is skipped', () => {});
          it.todo('is planned');
        });`,
      'broken.test.js': `throw new Error('cannot be loaded');`,
    });
    expect(cases).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          group: '[sqlite] "a" < b & c',
          name: 'passes',
          outcome: 'passed',
        }),
        expect.objectContaining({
          name: 'fails with </testcase> in its message',
          outcome: 'failed',
        }),
        expect.objectContaining({ name: 'is skipped', outcome: 'skipped' }),
        expect.objectContaining({ name: 'is planned', outcome: 'skipped' }),
        expect.objectContaining({
          name: 'the test file could be loaded and finished',
          outcome: 'failed',
        }),
      ]),
    );
    expect(cases).toHaveLength(5);
  });

  it('is undefined when the suite wrote none', () => {
    expect(readJunit('/nowhere/unit.xml')).toBeUndefined();
  });
});

describe('the comparison of both databases', () => {
  const sqlite = test('[sqlite] events', 'appends');
  const postgres = test('[postgres] events', 'appends');

  it('is content when both ran the same tests', () => {
    const only = test('[postgres only] server', 'restarts');
    expect(compareDatabases([sqlite, postgres, only])).toEqual({
      both: 1,
      sqliteOnly: 0,
      postgresOnly: 1,
      problems: [],
    });
  });

  it('names the tests that one of them lacks, even when the counts are equal', () => {
    const { problems } = compareDatabases([sqlite, test('[postgres] events', 'claims')]);
    expect(problems).toEqual([
      'only on SQLite: events > appends',
      'only on PostgreSQL: events > claims',
    ]);
  });

  it('does not count a skipped test as run', () => {
    const { problems } = compareDatabases([sqlite, { ...postgres, outcome: 'skipped' }]);
    expect(problems).toContain('no store test ran on PostgreSQL');
    expect(problems).toContain('1 store tests ran on SQLite, 0 on PostgreSQL');
  });

  it('refuses a test that does not say its database', () => {
    const { problems } = compareDatabases([sqlite, postgres, test('events', 'prunes')]);
    expect(problems).toEqual([
      '1 store tests do not say [sqlite] or [postgres] in their first describe',
    ]);
  });

  it('refuses an empty suite', () => {
    expect(compareDatabases([]).problems).toHaveLength(2);
  });
});

function test(group: string, name: string): TestCase {
  return { group, name, file: 'test/store/a.test.ts', seconds: 0, outcome: 'passed' };
}

/** Runs jest with the project's reporter on test files given as text. */
function reportOf(files: Record<string, string>): TestCase[] | undefined {
  const folder = createTestFolder('omnichannel-reports-');
  try {
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(path.join(folder.path, name), text);
    }
    const reports = path.join(folder.path, 'reports');
    mkdirSync(reports);
    const config = {
      rootDir: folder.path,
      displayName: 'sample',
      reporters: [path.join(ROOT, 'test/support/junitReporter.cjs')],
    };
    const jestBinary = path.join(ROOT, 'node_modules/jest/bin/jest.js');
    spawnSync(process.execPath, [jestBinary, '--config', JSON.stringify(config)], {
      cwd: folder.path,
      env: { ...process.env, OMNICHANNEL_TEST_REPORTS: reports },
    });
    return readJunit(path.join(reports, 'sample.xml'));
  } finally {
    folder.remove();
  }
}
