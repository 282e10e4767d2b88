import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { findNpmCli } from '../../scripts/lib/npm.mjs';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { PACKAGE_NAME } from '../../playground/packageFolder.ts';

/**
 * Installs the built package as n8n does: packed, unpacked into the folder of community nodes, and given its runtime
 * dependencies alone. (The playground's link would lend it the project's own node_modules.)
 */
export function installPackage(userFolder: string): void {
  const nodes = path.join(userFolder, '.n8n', 'nodes');
  const target = path.join(nodes, 'node_modules', PACKAGE_NAME);
  fs.rmSync(target, { recursive: true, force: true });
  fs.mkdirSync(target, { recursive: true });
  npm(['pack', '--silent', '--pack-destination', nodes], ROOT);
  const archive = fs.readdirSync(nodes).find((file) => file.endsWith('.tgz'));
  execFileSync('tar', [
    '-xzf',
    path.join(nodes, archive ?? ''),
    '-C',
    target,
    '--strip-components=1',
  ]);
  const manifest = path.join(target, 'package.json');
  const { devDependencies, peerDependencies, ...rest } = JSON.parse(
    fs.readFileSync(manifest, 'utf8'),
  ) as Record<string, unknown>;
  if (!devDependencies || !peerDependencies) throw new Error('The package is not as expected.');
  fs.writeFileSync(manifest, JSON.stringify(rest));
  npm(
    [
      'install',
      '--no-audit',
      '--no-fund',
      '--install-strategy=shallow',
      '--ignore-scripts',
      '--package-lock=false',
    ],
    target,
  );
}

function npm(args: string[], cwd: string): void {
  execFileSync(process.execPath, [findNpmCli(), ...args], {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
