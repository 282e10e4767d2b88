// npm run sandbox: the stand-in for the providers alone, without n8n.
import './lib/checkNode.mjs';
import { installProject } from './lib/install.mjs';
import { handOver, runScript } from './lib/launch.mjs';

await runScript(async () => {
  const node = await installProject();
  return handOver(node, ['sandbox/main.ts', ...process.argv.slice(2)]);
});
