'use strict';

const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.resolve(__dirname, '../..');

/**
 * Writes reports/<project>.xml (JUnit) for every jest project of the run. Unlike the usual
 * reporters it marks `todo` as skipped and turns a test file that could not even be loaded into an
 * error, so that the counts of `npm test` tell the truth.
 */
module.exports = class JunitReporter {
  /** @type {Map<string, import('@jest/reporters').TestResult[]>} */
  #byProject = new Map();

  /**
   * The project comes from `test`: the result of a file that could not be loaded does not name it.
   * @param {import('@jest/reporters').Test} test
   * @param {import('@jest/reporters').TestResult} result
   */
  onTestFileResult(test, result) {
    const name = test.context.config.displayName?.name ?? 'tests';
    this.#byProject.set(name, [...(this.#byProject.get(name) ?? []), result]);
  }

  onRunComplete() {
    const folder = process.env.OMNICHANNEL_TEST_REPORTS ?? path.join(ROOT, 'reports');
    fs.mkdirSync(folder, { recursive: true });
    for (const [name, files] of this.#byProject) {
      fs.writeFileSync(path.join(folder, `${name}.xml`), projectXml(name, files));
    }
  }
};

function projectXml(name, files) {
  const suites = files.map(fileXml).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escapeXml(name)}">\n${suites}</testsuites>\n`;
}

function fileXml(file) {
  const relative = path.relative(ROOT, file.testFilePath).split(path.sep).join('/');
  const cases = file.testResults.map((test) => caseXml(test, relative));
  if (file.testExecError || (file.failureMessage && file.numFailingTests === 0)) {
    cases.push(caseXml(loadFailure(file), relative));
  }
  const seconds = Math.max(0, (file.perfStats.end - file.perfStats.start) / 1000);
  return `<testsuite name="${escapeXml(relative)}" tests="${cases.length}" time="${seconds}">\n${cases.join('')}</testsuite>\n`;
}

function loadFailure(file) {
  return {
    ancestorTitles: [],
    title: 'the test file could be loaded and finished',
    status: 'failed',
    duration: 0,
    failureMessages: [file.failureMessage ?? file.testExecError?.message ?? 'unknown error'],
  };
}

function caseXml(test, file) {
  const group = test.ancestorTitles.join(' > ');
  const attributes = `classname="${escapeXml(group)}" name="${escapeXml(test.title)}" file="${escapeXml(file)}" time="${(test.duration ?? 0) / 1000}"`;
  if (test.status === 'passed') return `<testcase ${attributes}/>\n`;
  if (test.status === 'failed') {
    const message = escapeXml(test.failureMessages.join('\n'));
    return `<testcase ${attributes}><failure>${message}</failure></testcase>\n`;
  }
  return `<testcase ${attributes}><skipped/></testcase>\n`;
}

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;' };

/** Escapes text and drops colour codes and the control characters that XML 1.0 forbids. */
function escapeXml(text) {
  return (
    String(text)
      // eslint-disable-next-line no-control-regex -- colour codes and control characters are what goes
      .replace(/\u001b\[[0-9;]*m|[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')
      .replace(/[&<>"\n]/g, (character) => ENTITIES[character])
  );
}
