import path from 'node:path';
import { environmentOf } from './node24.mjs';
import { ROOT } from './paths.mjs';
import { run } from './processes.mjs';
import { step } from './progress.mjs';

const CHECKS = [
  { name: 'eslint', script: 'eslint/bin/eslint.js', args: ['.', '--max-warnings', '0'] },
  {
    name: 'prettier',
    script: 'prettier/bin/prettier.cjs',
    args: ['--check', '--log-level', 'warn', '.'],
  },
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
];

/**
 * Runs ESLint, Prettier and the type check of what is not compiled; each prints what it finds.
 * @param {import('./node24.mjs').Node24} node
 * @returns {Promise<string[]>} one sentence per check that failed
 */
export async function lint(node) {
  /** @type {string[]} */
  const problems = [];
  for (const { name, script, args } of CHECKS) {
    const file = path.join(ROOT, 'node_modules', script);
    const code = await step(`Checking: ${name}`, () =>
      run(node.bin, [file, ...args], {
        // eslint-plugin-n8n-nodes-base looks for its own test fixtures when NODE_ENV is "test".
        env: { ...environmentOf(node), NODE_ENV: 'production' },
      }),
    );
    if (code !== 0) problems.push(`lint: ${name} (exit code ${code})`);
  }
  return problems;
}
