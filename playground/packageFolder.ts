import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../scripts/lib/paths.mjs';

export const PACKAGE_NAME = 'n8n-nodes-omnichannel';

/**
 * Puts the package where n8n keeps installed community packages, so that its nodes have the type
 * names they have everywhere (n8n's folder for custom nodes would call them `CUSTOM.…`). A link to
 * the project serves: what was built last is what runs.
 * @param userFolder n8n's user folder (`N8N_USER_FOLDER`)
 * @throws Error when the package was not built or something else lies at its place
 */
export function placePackage(userFolder: string): void {
  if (!fs.existsSync(path.join(ROOT, 'dist', 'nodes'))) {
    throw new Error('The package is not built yet: run "npm run build" first.');
  }
  const target = path.join(userFolder, '.n8n', 'nodes', 'node_modules', PACKAGE_NAME);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const existing = fs.lstatSync(target, { throwIfNoEntry: false });
  if (existing?.isSymbolicLink()) fs.unlinkSync(target);
  else if (existing) throw new Error(`${target} is not a link of the playground; remove it.`);
  // On Windows a directory link needs rights that a junction does not need.
  fs.symlinkSync(ROOT, target, 'junction');
}
