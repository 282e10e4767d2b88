import fs from 'node:fs';
import path from 'node:path';
import { N8nClient } from '../n8n/client';
import { bundledNames, PACKAGE_VERSION, readBundled, workflowFile } from '../workflows/bundle';
import { installAll } from '../workflows/install';
import { findInstalled } from '../workflows/installed';
import { CommandFailure, UsageFailure } from './failure';
import { parseOptions, USAGE, type Options } from './options';

/** What the command talks to; tests pass their own. */
export interface Terminal {
  env: NodeJS.ProcessEnv;
  out: (line: string) => void;
  err: (line: string) => void;
}

/** @returns the exit code: 0 done, 1 could not be done, 2 typed wrongly */
export async function run(args: string[], terminal: Terminal): Promise<number> {
  try {
    await act(parseOptions(args, terminal.env), terminal);
    return 0;
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    terminal.err(error.message);
    return error.exitCode;
  }
}

async function act(options: Options, terminal: Terminal): Promise<void> {
  switch (options.action) {
    case 'help':
      return terminal.out(USAGE);
    case 'version':
      return terminal.out(PACKAGE_VERSION);
    case 'list':
      return list(options, terminal);
    case 'export':
      return exportFiles(options, terminal);
    case 'install':
      return installAll(clientOf(options), { ...options, names: wanted(options) }, terminal.out);
  }
}

/** With an API key it says also what n8n has. */
async function list(options: Options, { out }: Terminal): Promise<void> {
  const stored = options.apiKey === undefined ? [] : await clientOf(options).listWorkflows();
  for (const name of bundledNames()) {
    const bundled = readBundled(name);
    const { found } = findInstalled(stored, bundled);
    const state = found.map(({ id, active }) => `${id}${active ? ', published' : ''}`).join('; ');
    out(`${name.padEnd(26)} ${bundled.definition.name}${state === '' ? '' : `  [${state}]`}`);
  }
}

function exportFiles(options: Options, { out }: Terminal): void {
  fs.mkdirSync(options.folder, { recursive: true });
  for (const name of wanted(options)) {
    const target = path.join(options.folder, `${name}.json`);
    if (fs.existsSync(target) && !options.force) {
      throw new CommandFailure(`${target} is there already; --force replaces it.`);
    }
    if (!options.dryRun) fs.copyFileSync(workflowFile(name), target);
    out(`${options.dryRun ? 'would write' : 'wrote'} ${target}`);
  }
}

function clientOf({ url, apiKey }: Options): N8nClient {
  if (apiKey === undefined) {
    throw new UsageFailure(
      'An API key is needed: make one in n8n under Settings, n8n API, and give it as N8N_API_KEY or with --api-key.',
    );
  }
  return new N8nClient(url, apiKey);
}

function wanted({ names }: Options): string[] {
  const known = bundledNames();
  if (names.length === 0) {
    throw new UsageFailure(`Say which workflows, or all. There are: ${known.join(', ')}.`);
  }
  const unknown = names.find((name) => name !== 'all' && !known.includes(name));
  if (unknown !== undefined) {
    throw new UsageFailure(`There is no workflow "${unknown}". There are: ${known.join(', ')}.`);
  }
  return known.filter((name) => names.includes('all') || names.includes(name));
}
