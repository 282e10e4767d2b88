// npm start: everything that is needed, then n8n with the package, the sandbox and the workflows.
import './lib/checkNode.mjs';
import { build } from './lib/build.mjs';
import { installN8n, installProject } from './lib/install.mjs';
import { handOver, runScript } from './lib/launch.mjs';

await runScript(async () => {
  const node = await installProject();
  await build(node);
  await installN8n(node);
  return handOver(node, ['playground/main.ts', ...process.argv.slice(2)]);
});
