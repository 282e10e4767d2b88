import { readMark, type Mark } from './mark';
import type { Bundled } from './bundle';
import type { StoredWorkflow } from '../n8n/types';

export interface Installed {
  found: StoredWorkflow[];
  /** Undefined for one that was imported by hand and has the name of the file still. */
  mark: Mark | undefined;
}

/** The workflows of an n8n that are this bundled one; more than one where somebody made a copy. */
export function findInstalled(stored: readonly StoredWorkflow[], bundled: Bundled): Installed {
  const living = stored.filter(({ isArchived }) => isArchived !== true);
  const marked = living.filter(({ nodes }) => readMark(nodes)?.name === bundled.name);
  if (marked.length > 0) return { found: marked, mark: readMark(marked[0]?.nodes ?? []) };
  const byHand = living.filter(
    ({ name, nodes }) => name === bundled.definition.name && readMark(nodes) === undefined,
  );
  return { found: byHand, mark: undefined };
}
