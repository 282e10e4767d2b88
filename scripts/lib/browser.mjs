import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { environmentOf } from './node24.mjs';
import { ROOT, TOOLS } from './paths.mjs';
import { StepFailure, runLogged } from './processes.mjs';
import { say, step } from './progress.mjs';

/** Where the systems' own packages put a Chromium. */
const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * Finds or unpacks a Chromium for the tests: the one named in OMNICHANNEL_TEST_BROWSER, an installed
 * one, or the one of the npm package `@sparticuz/chromium`, with the libraries and fonts that a bare
 * server lacks.
 * @param {import('./node24.mjs').Node24} node
 * @returns {Promise<Record<string, string>>} variables for the environment of the tests
 */
export async function prepareBrowser(node) {
  const wanted = process.env.OMNICHANNEL_TEST_BROWSER;
  const candidates = wanted ? [wanted] : INSTALLED.filter((file) => fs.existsSync(file));
  const installed = candidates.find((file) => versionOf(file, {}) !== undefined);
  if (installed) return announce(installed, {});
  if (wanted) throw new StepFailure(`OMNICHANNEL_TEST_BROWSER=${wanted} cannot be started.`);
  const folder = await unpack(node);
  const browser = path.join(folder, 'chromium');
  const fonts = fontVariables(folder);
  const ownLibraries = path.join(folder, 'al2023/lib');
  const present = process.env.LD_LIBRARY_PATH;
  const libraries = {
    LD_LIBRARY_PATH: present ? `${ownLibraries}${path.delimiter}${present}` : ownLibraries,
  };
  // The system's own libraries first: the ones that come along are older.
  for (const variables of [fonts, { ...fonts, ...libraries }]) {
    if (versionOf(browser, variables) !== undefined) return announce(browser, variables);
  }
  throw new StepFailure(
    'No browser could be started for the tests. Install one (Debian: apt-get install chromium) or ' +
      'name one in OMNICHANNEL_TEST_BROWSER.',
  );
}

/** @param {string} file @param {Record<string, string>} variables */
function announce(file, variables) {
  say(`${versionOf(file, variables)} (${path.relative(ROOT, file)})`);
  return { ...variables, OMNICHANNEL_TEST_BROWSER: file };
}

/**
 * What the browser says of itself, undefined when it cannot be started.
 * @param {string} file @param {Record<string, string>} variables
 */
function versionOf(file, variables) {
  const result = spawnSync(file, ['--version'], {
    env: { ...process.env, ...variables },
    encoding: 'utf8',
    timeout: 30_000,
  });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/**
 * Unpacks the npm package once, into a folder of its own: the package itself would use the system's
 * temporary folder and take the remains of an interrupted attempt for a browser.
 * @param {import('./node24.mjs').Node24} node
 * @returns {Promise<string>} the folder with `chromium`, `al2023/lib` and `fonts`
 */
async function unpack(node) {
  const source = path.join(ROOT, 'node_modules/@sparticuz/chromium');
  const { version } = JSON.parse(fs.readFileSync(path.join(source, 'package.json'), 'utf8'));
  const folder = path.join(TOOLS, `chromium-${version}`);
  if (fs.existsSync(folder)) return folder;
  const partial = `${folder}.partial`;
  fs.rmSync(partial, { recursive: true, force: true });
  fs.mkdirSync(partial, { recursive: true });
  const program =
    "const { default: chromium } = await import('@sparticuz/chromium'); await chromium.executablePath();";
  await step('Unpacking a browser for the tests (once)', () =>
    runLogged(node.bin, ['--input-type=module', '--eval', program], {
      // The package adds the shared libraries where it believes to run on Amazon's bare system.
      env: { ...environmentOf(node), TMPDIR: partial, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
      log: 'unpack-browser.log',
    }),
  );
  fs.renameSync(partial, folder);
  return folder;
}

/**
 * A machine without fonts shows boxes; the package's own configuration names folders of /tmp.
 * @param {string} folder
 * @returns {Record<string, string>}
 */
function fontVariables(folder) {
  if (fs.existsSync('/etc/fonts/fonts.conf')) return {};
  const file = path.join(folder, 'fonts.conf');
  fs.writeFileSync(
    file,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${path.join(folder, 'fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${path.join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`,
  );
  return { FONTCONFIG_FILE: file };
}
