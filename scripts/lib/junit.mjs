import fs from 'node:fs';

/**
 * @typedef {object} TestCase
 * @property {string} group titles of the surrounding describes, joined by " > "
 * @property {string} name
 * @property {string} file
 * @property {number} seconds
 * @property {'passed' | 'failed' | 'skipped'} outcome
 */

const CASE = /<testcase\b((?:\s+[\w:-]+="[^"]*")*)\s*(?:\/>|>([\s\S]*?)<\/testcase>)/g;
const ATTRIBUTE = /([\w:-]+)="([^"]*)"/g;

/**
 * Reads the test cases of a JUnit file as test/support/junitReporter.cjs writes it.
 * @param {string} file
 * @returns {TestCase[] | undefined} undefined when there is no such file
 */
export function readJunit(file) {
  if (!fs.existsSync(file)) return undefined;
  const xml = fs.readFileSync(file, 'utf8');
  return [...xml.matchAll(CASE)].map(([, attributes = '', body = '']) => {
    const values = Object.fromEntries(
      [...attributes.matchAll(ATTRIBUTE)].map(([, name, value]) => [
        name,
        unescapeXml(value ?? ''),
      ]),
    );
    return {
      group: values.classname ?? '',
      name: values.name ?? '',
      file: values.file ?? '',
      seconds: Number(values.time ?? 0),
      outcome: outcomeOf(body),
    };
  });
}

/** @param {string} body @returns {TestCase['outcome']} */
function outcomeOf(body) {
  if (/<(failure|error)\b/.test(body)) return 'failed';
  return /<skipped\b/.test(body) ? 'skipped' : 'passed';
}

/** @param {string} text */
function unescapeXml(text) {
  return text
    .replace(/&#10;/g, '\n')
    .replace(/&quot;/g, '"')
    .replace(/&gt;/g, '>')
    .replace(/&lt;/g, '<')
    .replace(/&amp;/g, '&');
}
