// npm run lint: ESLint, Prettier and the types of everything that is not compiled.
import './lib/checkNode.mjs';
import { installProject } from './lib/install.mjs';
import { runScript } from './lib/launch.mjs';
import { lint } from './lib/lint.mjs';

await runScript(async () => {
  const problems = await lint(await installProject());
  for (const problem of problems) console.error(problem);
  return problems.length === 0 ? 0 : 1;
});
