import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { ROOT } from '../../../scripts/lib/paths.mjs';

/**
 * `text.replace('{name}', name)` takes "$&", "$1" and the like within the name for patterns: "A$&B" would be sent as
 * "A{name}B". What goes into a text is therefore given by a function; only words that stand in the code itself may be a
 * plain text.
 */
const FOLDERS = [
  ...['bin', 'core', 'credentials', 'nodes'],
  ...['playground', 'sandbox', 'scripts/lib', 'web'],
];
const PROGRAM = /\.(ts|tsx|mts|mjs|cjs|js|html)$/;

/** Calls that put a value into a text as it is written, by their words. */
function unsafeIn(program: string, name = 'a.ts'): string[] {
  const source = ts.createSourceFile(name, program, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isReplacement(node) && !isSafe(node.arguments[1])) found.push(node.getText());
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isReplacement(node: ts.Node): node is ts.CallExpression {
  return (
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    /^replace(All)?$/.test(node.expression.name.text) &&
    node.arguments.length === 2
  );
}

function isSafe(replacement: ts.Expression | undefined): boolean {
  if (replacement === undefined) return true;
  return (
    ts.isArrowFunction(replacement) ||
    ts.isFunctionExpression(replacement) ||
    ts.isStringLiteralLike(replacement)
  );
}

function programsBelow(folder: string): string[] {
  return fs.readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const inside = path.join(folder, entry.name);
    if (entry.name === 'node_modules') return [];
    if (entry.isDirectory()) return programsBelow(inside);
    return PROGRAM.test(entry.name) ? [inside] : [];
  });
}

/** What n8n runs of a workflow: the expressions in its fields, and the code of its Code nodes. */
function programsOf(value: unknown): string[] {
  if (typeof value === 'string') {
    if (!value.startsWith('=')) return [];
    return [...value.matchAll(/\{\{(.*?)\}\}(?!\})/gs)].map(([, expression]) => expression ?? '');
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'jsCode' && typeof inner === 'string' ? [inner] : programsOf(inner),
  );
}

const WORKFLOWS = [
  ...fs
    .readdirSync(path.join(ROOT, 'workflows'))
    .filter((file) => file.endsWith('.json'))
    .map((file) => path.join('workflows', file)),
  path.join('playground', 'clinic.json'),
];

const read = (file: string): string => fs.readFileSync(path.join(ROOT, file), 'utf8');

it('knows what is safe from what is not', () => {
  expect(unsafeIn("a.replace('{name}', name)")).toEqual(["a.replace('{name}', name)"]);
  expect(unsafeIn('a.replaceAll(/x/g, `${b}c`)')).toEqual(['a.replaceAll(/x/g, `${b}c`)']);
  expect(unsafeIn("a.replace('{name}', () => name).replace(/(x)/, '$1-')")).toEqual([]);
});

it('finds the places of the texts in workflows', () => {
  const programs = WORKFLOWS.flatMap((file) => programsOf(JSON.parse(read(file))));
  const filled = programs.filter((program) => program.includes(".replace('{"));
  expect(filled.length).toBeGreaterThan(10);
});

it.each(WORKFLOWS)('%s puts names into texts as they are written', (file) => {
  const unsafe = programsOf(JSON.parse(read(file))).flatMap((program) => unsafeIn(program));
  expect(unsafe).toEqual([]);
});

it.each(FOLDERS)('%s puts values into texts as they are written', (folder) => {
  const unsafe = programsBelow(folder).flatMap((file) =>
    unsafeIn(read(file), file).map((call) => `${file}: ${call}`),
  );
  expect(unsafe).toEqual([]);
});
