// npm run pictures: takes the pictures of docs/ from the running product; see test/pictures/.
import './lib/checkNode.mjs';
import { prepareBrowser } from './lib/browser.mjs';
import { build } from './lib/build.mjs';
import { installN8n, installProject } from './lib/install.mjs';
import { handOver, runScript } from './lib/launch.mjs';

await runScript(async () => {
  const node = await installProject();
  await build(node);
  await installN8n(node);
  Object.assign(process.env, await prepareBrowser(node), { OMNICHANNEL_UPDATE_PICTURES: '1' });
  return handOver(node, [
    // test/support says nowhere that it is ESM, because jest compiles it.
    '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
    'test/pictures/main.ts',
  ]);
});
