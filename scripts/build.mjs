// npm run build: the package in dist/.
import './lib/checkNode.mjs';
import { build } from './lib/build.mjs';
import { installProject } from './lib/install.mjs';
import { runScript } from './lib/launch.mjs';

await runScript(async () => {
  await build(await installProject());
  return 0;
});
