import { readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../../..');
const FOLDERS = ['.', 'playground', 'scripts/node24'];

interface LockEntry {
  resolved?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

describe.each(FOLDERS)('the lock file in %s', (folder) => {
  const packages = lockedPackages(folder);

  it('names no registry', () => {
    const withAddress = Object.keys(packages).filter((place) => packages[place]?.resolved);
    expect(withAddress).toEqual([]);
  });

  // `npm ci` refuses a lock file that lacks the optional packages of another platform; npm writes
  // such a lock file when a registry does not have them at that moment.
  it('has an entry for every dependency, those of other platforms included', () => {
    const missing = Object.entries(packages).flatMap(([place, entry]) =>
      Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
        .filter((name) => !isLocked(packages, place, name))
        .map((name) => `${place || 'package.json'} -> ${name}`),
    );
    expect(missing).toEqual([]);
  });
});

function lockedPackages(folder: string): Record<string, LockEntry> {
  const text = readFileSync(path.join(ROOT, folder, 'package-lock.json'), 'utf8');
  return (JSON.parse(text) as { packages: Record<string, LockEntry> }).packages;
}

/** Looks for `name` as Node does: in the package's own node_modules, then in each one above. */
function isLocked(packages: Record<string, LockEntry>, place: string, name: string): boolean {
  for (
    let from = place;
    ;
    from = from.slice(0, Math.max(0, from.lastIndexOf('node_modules/') - 1))
  ) {
    if (`${from === '' ? '' : `${from}/`}node_modules/${name}` in packages) return true;
    if (from === '') return false;
  }
}
