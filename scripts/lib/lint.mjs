import path from 'node:path';
import { environmentOf } from './node24.mjs';
import { ROOT } from './paths.mjs';
import { run } from './processes.mjs';
import { step } from './progress.mjs';

/** @typedef {{ name: string, script: string, args: string[] }} Check */

/** @type {Check} */
const ESLINT = {
  name: 'eslint',
  script: 'eslint/bin/eslint.js',
  args: ['.', '--max-warnings', '0'],
};

/** @type {Check[]} */
const OTHERS = [
  {
    name: 'types of tests, sandbox, playground and bench',
    script: 'typescript/bin/tsc',
    args: ['-p', 'tsconfig.test.json', '--pretty', 'false'],
  },
  {
    name: 'types of the hosted pages',
    script: 'typescript/bin/tsc',
    args: ['-p', 'web/tsconfig.json', '--pretty', 'false'],
  },
  {
    name: 'prettier',
    script: 'prettier/bin/prettier.cjs',
    args: ['--check', '--log-level', 'warn', '.'],
  },
];

/**
 * Runs ESLint and, beside it, the type check of what is not compiled and Prettier; each prints what it finds.
 * @param {import('./node24.mjs').Node24} node
 * @returns {Promise<string[]>} one sentence per check that failed
 */
export async function lint(node) {
  const lanes = [[ESLINT], OTHERS].map(async (checks) => {
    /** @type {string[]} */
    const problems = [];
    for (const check of checks) problems.push(...(await runCheck(check, node)));
    return problems;
  });
  return (await Promise.all(lanes)).flat();
}

/**
 * @param {Check} check
 * @param {import('./node24.mjs').Node24} node
 */
async function runCheck({ name, script, args }, node) {
  const file = path.join(ROOT, 'node_modules', script);
  const code = await step(`Checking: ${name}`, () =>
    run(node.bin, [file, ...args], {
      // eslint-plugin-n8n-nodes-base looks for its own test fixtures when NODE_ENV is "test".
      env: { ...environmentOf(node), NODE_ENV: 'production' },
    }),
  );
  return code === 0 ? [] : [`lint: ${name} (exit code ${code})`];
}
