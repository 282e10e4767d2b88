import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../scripts/lib/paths.mjs';

const NAME = 'n8n-nodes-omnichannel';

interface LockEntry {
  dev?: boolean;
  devOptional?: boolean;
  peer?: boolean;
  optional?: boolean;
}

/**
 * Installs what `npm publish` would send into an n8n's folder for community packages, as n8n does it: the packed files,
 * with the declared dependencies below them and nothing else of the project.
 * @param userFolder n8n's user folder (`N8N_USER_FOLDER`)
 * @returns the folder of the installed package
 */
export function installPacked(userFolder: string): string {
  const modules = path.join(userFolder, '.n8n', 'nodes', 'node_modules');
  fs.mkdirSync(modules, { recursive: true });
  const packed = execFileSync(
    'npm',
    ['pack', '--silent', '--ignore-scripts', '--pack-destination', userFolder],
    { cwd: ROOT, encoding: 'utf8' },
  ).trim();
  execFileSync('tar', ['-xzf', path.join(userFolder, packed), '-C', modules]);
  const target = path.join(modules, NAME);
  fs.renameSync(path.join(modules, 'package'), target);
  for (const place of runtimeDependencies()) {
    fs.cpSync(path.join(ROOT, place), path.join(target, place), { recursive: true });
  }
  return target;
}

/** Folders below node_modules that an installation without development packages has. */
function runtimeDependencies(): string[] {
  const lock = JSON.parse(fs.readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockEntry>;
  };
  return Object.entries(lock.packages)
    .filter(([place]) => place !== '')
    .filter(([, { dev, devOptional, peer, optional }]) => !(dev ?? devOptional ?? peer ?? optional))
    .map(([place]) => place);
}
