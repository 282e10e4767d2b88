import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../../..');
const NODES = 'nodes/A/A.node.ts';
const CREDENTIALS = 'credentials/AApi.credentials.ts';
const CORE = 'core/model/a.ts';
const FILES = [NODES, CREDENTIALS, CORE, 'package.json'];
const LEVELS: Record<string, number> = { off: 0, warn: 1, error: 2 };

/** Rule -> [level, ...options], as ESLint computes it for one file; level 0 is off, 2 an error. */
type Rules = Record<string, [number, ...unknown[]]>;

let ours: Record<string, Rules>;
/** Rule -> level of n8n's own configuration for packages that are not for its Cloud. */
let n8n: Record<string, number>;

beforeAll(() => {
  const found = inNode<{ ours: Record<string, Rules>; n8n: Record<string, string> }>(
    `const { ESLint } = await import('eslint');
     const { default: plugin } = await import('@n8n/eslint-plugin-community-nodes');
     const eslint = new ESLint();
     const ours = {};
     for (const file of ${JSON.stringify(FILES)}) {
       ours[file] = (await eslint.calculateConfigForFile(file)).rules;
     }
     show({ ours, n8n: plugin.configs.recommendedWithoutN8nCloudSupport.rules });`,
  );
  ours = found.ours;
  n8n = Object.fromEntries(
    Object.entries(found.n8n).map(([rule, level]) => [rule, LEVELS[level] ?? -1]),
  );
});

describe('the lint configuration', () => {
  it('has every rule of n8n for self-hosted packages on for nodes and credentials', () => {
    expect(Object.keys(n8n).length).toBeGreaterThan(35);
    expect(levels(NODES, n8n)).toEqual(n8n);
    expect(levels(CREDENTIALS, n8n)).toEqual(n8n);
  });

  it('has all but no-runtime-dependencies on for package.json', () => {
    const wanted = { ...n8n, '@n8n/community-nodes/no-runtime-dependencies': 0 };
    expect(levels('package.json', wanted)).toEqual(wanted);
  });

  it('refuses a package.json that n8n would refuse', () => {
    const manifest = readFileSync(path.join(ROOT, 'package.json'), 'utf8');
    expect(lintPackageJson(manifest)).toEqual([]);
    const broken = manifest
      .replace('"engines"', '"overrides": { "pg": "8.0.0" },\n  "engines"')
      .replace('n8n-community-node-package', 'something-else');
    expect(lintPackageJson(broken)).toEqual(
      expect.arrayContaining([
        '@n8n/community-nodes/no-overrides-field',
        'n8n-nodes-base/community-package-json-keywords-without-official-tag',
      ]),
    );
  });

  it.each([CORE, NODES, CREDENTIALS])('forbids the console in %s', (file) => {
    expect(levels(file, { 'no-console': 2 })).toEqual({ 'no-console': 2 });
  });
});

/** The levels that this project gives a file, for the rules named by the keys of `wanted`. */
function levels(file: string, wanted: Record<string, number>): Record<string, number | undefined> {
  return Object.fromEntries(Object.keys(wanted).map((rule) => [rule, ours[file]?.[rule]?.[0]]));
}

/** The rules that complain about a text as if it were package.json. */
function lintPackageJson(text: string): string[] {
  return inNode<string[]>(
    `const { ESLint } = await import('eslint');
     const text = ${JSON.stringify(text)};
     const [result] = await new ESLint().lintText(text, { filePath: 'package.json' });
     show(result.messages.map((message) => message.ruleId));`,
  );
}

/** Runs a module in a process of its own: ESLint loads its configuration outside jest's modules. */
function inNode<T>(body: string): T {
  const code = `const show = (value) => process.stdout.write(JSON.stringify(value));\n${body}`;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: ROOT,
    encoding: 'utf8',
    // eslint-plugin-n8n-nodes-base looks for its own test fixtures when NODE_ENV is "test".
    env: { ...process.env, NODE_ENV: 'production' },
  });
  return JSON.parse(output) as T;
}
