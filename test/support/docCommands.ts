import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Playground } from '../../playground/playground.ts';
import { ROOT } from '../../scripts/lib/paths.mjs';

const run = promisify(execFile);

/** The commands of a page of docs/, by the heading (`## `) that they stand below. */
export function commandsOf(page: string): Map<string, string[]> {
  const text = fs.readFileSync(path.join(ROOT, 'docs', page), 'utf8');
  const sections = text.split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => {
      const [heading = ''] = section.split('\n', 1);
      const blocks = [...section.matchAll(/^```\n(.*?)^```$/gms)].map(([, block]) => block ?? '');
      return [heading.trim(), blocks.filter((block) => /^curl /m.test(block))];
    }),
  );
}

/**
 * Runs a command as the reader's shell does, against this playground in place of the page's ports.
 * @throws Error with what curl said: a refusal is an error, too
 */
export async function runCommand(
  block: string,
  { n8n, sandbox }: Pick<Playground, 'n8n' | 'sandbox'>,
): Promise<void> {
  const here = block
    .replaceAll('http://127.0.0.1:4010', sandbox.url)
    .replaceAll('http://127.0.0.1:5678', n8n.baseUrl)
    .replaceAll(/^curl /gm, 'curl --fail-with-body --silent --show-error ');
  try {
    await run('sh', ['-e', '-c', here]);
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`This command of the page failed: ${stderr}${stdout}\n${here}`);
  }
}
