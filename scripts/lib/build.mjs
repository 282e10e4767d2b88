import path from 'node:path';
import { environmentOf } from './node24.mjs';
import { ROOT } from './paths.mjs';
import { runLogged } from './processes.mjs';
import { step } from './progress.mjs';

/**
 * Compiles and copies what changed into dist/ (tsc keeps its own record: a second time is quick).
 * @param {import('./node24.mjs').Node24} node
 * @throws StepFailure with the compiler's messages
 */
export async function build(node) {
  const gulp = path.join(ROOT, 'node_modules/gulp/bin/gulp.js');
  await step('Building', () =>
    runLogged(node.bin, [gulp, '--silent', 'build'], {
      env: environmentOf(node),
      log: 'build.log',
    }),
  );
}
