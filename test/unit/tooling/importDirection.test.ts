import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ESLint } from 'eslint';
import { LAYERS, OUTSIDE_CORE } from '../../../eslint/importDirection.mjs';
import { createTestFolder, type TestFolder } from '../../support/tempFolder';

const ROOT = path.resolve(__dirname, '../../..');
const PATHS_RULE = 'import-x/no-restricted-paths';
const ROOMS = LAYERS.flat();

/** One file that imports one thing, and whether the lint rules must refuse it. */
interface Probe {
  file: string;
  code: string;
  refusedBy: string | undefined;
}

let tree: TestFolder;
let findings: Map<string, string[]>;
const probes: Probe[] = [];

beforeAll(() => {
  tree = createTestFolder('omnichannel-imports-');
  for (const room of ROOMS) write(`core/${room}/index.ts`, 'export const door = 1;\n');
  for (const folder of OUTSIDE_CORE) write(`${folder}/index.ts`, 'export const door = 1;\n');
  probes.push(...roomProbes(), ...outsideProbes(), ...packageProbes());
  for (const { file, code } of probes) write(file, code);
  const probe = path.join(ROOT, 'test/support/lintProbe.mjs');
  const output = execFileSync(process.execPath, [probe, tree.path], { encoding: 'utf8' });
  const results = JSON.parse(output) as { file: string; rules: string[] }[];
  findings = new Map(results.map(({ file, rules }) => [file, rules]));
});

afterAll(() => tree.remove());

describe('the direction of imports', () => {
  it('is checked in every room of core/ that exists', () => {
    const folders = readdirSync(path.join(ROOT, 'core'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(ROOMS).toEqual(expect.arrayContaining(folders));
  });

  it.each(ROOMS)(
    'lets core/%s import its own layer and what is below, and nothing above',
    (room) => {
      expectVerdicts((file) => file.startsWith(`core/${room}/`));
    },
  );

  it.each(['nodes', 'credentials', 'bin'])('holds for %s/', (folder) => {
    expectVerdicts((file) => file.startsWith(`${folder}/`));
  });

  it('is switched on for the real files', async () => {
    const eslint = new ESLint({ cwd: ROOT });
    const files = ['core/model/errors.ts', 'nodes/host.ts', 'credentials/a.ts', 'bin/a.ts'];
    for (const file of files) {
      const config = (await eslint.calculateConfigForFile(path.join(ROOT, file))) as {
        rules: Record<string, [number, { basePath?: string; zones?: unknown[] }]>;
      };
      expect(config.rules[PATHS_RULE]?.[0]).toBe(2);
      expect(config.rules[PATHS_RULE]?.[1].basePath).toBe(ROOT);
      expect(config.rules['@typescript-eslint/no-restricted-imports']?.[0]).toBe(2);
      expect(config.rules['no-restricted-syntax']?.[0]).toBe(2);
    }
  });
});

function expectVerdicts(isMine: (file: string) => boolean): void {
  const mine = probes.filter(({ file }) => isMine(file));
  expect(mine.length).toBeGreaterThan(0);
  const seen = mine.map(({ file }) => ({ file, rules: findings.get(file) }));
  const expected = mine.map(({ file, refusedBy }) => ({
    file,
    rules: refusedBy ? [refusedBy] : [],
  }));
  expect(seen).toEqual(expected);
}

/** Every room imports every other room and every folder outside core/. */
function roomProbes(): Probe[] {
  return LAYERS.flatMap((rooms, height) =>
    rooms.flatMap((room) => [
      ...ROOMS.filter((other) => other !== room).map((other) => ({
        file: `core/${room}/from-${other}.ts`,
        code: `import { door } from '../${other}/index';\nexport const way = door;\n`,
        refusedBy: heightOf(other) > height ? PATHS_RULE : undefined,
      })),
      ...OUTSIDE_CORE.map((folder) => ({
        file: `core/${room}/from-outside-${folder}.ts`,
        code: `import { door } from '../../${folder}/index';\nexport const way = door;\n`,
        refusedBy: PATHS_RULE,
      })),
    ]),
  );
}

function heightOf(room: string): number {
  return LAYERS.findIndex((rooms) => rooms.includes(room));
}

function outsideProbes(): Probe[] {
  const doors = [...ROOMS.map((room) => `core/${room}`), ...OUTSIDE_CORE];
  const allowed: Record<string, (door: string) => boolean> = {
    nodes: (door) => door.startsWith('core/') || door === 'credentials' || door === 'bin',
    bin: (door) => door.startsWith('core/') || door === 'credentials',
    credentials: () => false,
  };
  return Object.entries(allowed).flatMap(([folder, isAllowed]) =>
    doors
      .filter((door) => door !== folder)
      .map((door) => ({
        file: `${folder}/from-${door.replace('/', '-')}.ts`,
        code: `import { door } from '../${door}/index';\nexport const way = door;\n`,
        refusedBy: isAllowed(door) ? undefined : PATHS_RULE,
      })),
  );
}

/** The ways to import a package, and the rule that refuses each. */
const WAYS: [name: string, code: (library: string) => string, rule: string][] = [
  ['static', (name) => `import * as all from '${name}';\nexport const x = all;\n`, 'static'],
  ['type', (name) => `import type * as all from '${name}';\nexport type X = all.X;\n`, 'static'],
  ['inside', (name) => `import { x } from '${name}/inside';\nexport const y = x;\n`, 'static'],
  ['re-export', (name) => `export * from '${name}';\n`, 'static'],
  ['dynamic', (name) => `export const x = import('${name}');\n`, 'syntax'],
  ['require', (name) => `export const x: unknown = require('${name}');\n`, 'syntax'],
];
const RULE_OF: Record<string, string> = {
  static: '@typescript-eslint/no-restricted-imports',
  syntax: 'no-restricted-syntax',
};

function packageProbes(): Probe[] {
  const bans: [folder: string, banned: string[], allowed: string[]][] = [
    ['core/model', ['n8n-workflow', 'n8n-core'], ['kysely', 'n8n-workflow-like']],
    ['core/runtime', ['n8n-workflow', 'n8n-core'], ['pg']],
    ['bin', ['n8n-workflow'], ['pg']],
    ['nodes', ['pg', 'kysely', 'undici', 'node:sqlite'], ['n8n-workflow', 'pg-like']],
    ['credentials', ['pg', 'kysely', 'undici', 'node:sqlite'], ['n8n-workflow']],
  ];
  return bans.flatMap(([folder, banned, allowed]) =>
    [...banned, ...allowed].flatMap((library) =>
      WAYS.map(([way, code, rule]) => ({
        file: `${folder}/package-${library.replace(':', '-')}-${way}.ts`,
        code: code(library),
        refusedBy: banned.includes(library) ? RULE_OF[rule] : undefined,
      })),
    ),
  );
}

function write(file: string, code: string): void {
  const target = path.join(tree.path, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, code);
}
