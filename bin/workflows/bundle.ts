import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { WorkflowDefinition } from '../n8n/types';

/** Beside `dist/bin`, where the build puts them. */
const FOLDER = path.join(__dirname, '..', '..', 'workflows');
const ROOT = path.join(__dirname, '..', '..', '..');

/** The door stands open before somebody waits for what comes through it. */
const FIRST = 'inbound-channels';

export interface Bundled {
  /** Of the file, without `.json`. */
  name: string;
  definition: WorkflowDefinition;
  /** Changes with the file. */
  digest: string;
}

export const PACKAGE_VERSION = (
  JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string }
).version;

/** Names of the workflows of this package, in the order in which they are installed. */
export function bundledNames(): string[] {
  const names = fs
    .readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
  return [...names.filter((name) => name === FIRST), ...names.filter((name) => name !== FIRST)];
}

export function workflowFile(name: string): string {
  return path.join(FOLDER, `${name}.json`);
}

export function readBundled(name: string): Bundled {
  const file = JSON.parse(fs.readFileSync(workflowFile(name), 'utf8')) as WorkflowDefinition;
  const definition = {
    name: file.name,
    nodes: file.nodes,
    connections: file.connections,
    settings: file.settings,
  };
  return { name, definition, digest: digestOf(definition) };
}

/** Short enough for a note, long enough to tell two versions of a file apart. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
