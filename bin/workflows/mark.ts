import { digestOf } from './bundle';
import type { WorkflowDefinition, WorkflowNode } from '../n8n/types';

/**
 * How a workflow of ours is known again: a line in the *Notes* of its nodes, which n8n keeps through renaming, export, import
 * and copying, and which a person can read. It stands on every node, so that any may be deleted.
 */
export interface Mark {
  /** Name of the bundled workflow. */
  name: string;
  /** Digest of the file that it was last made from. */
  bundle: string;
  /** Digest of which nodes there were and how they hang together. */
  shape: string;
}

const LINE = /^n8n-nodes-omnichannel workflow ([a-z0-9-]+), file ([0-9a-f]+), shape ([0-9a-f]+)$/m;

export function readMark(nodes: readonly WorkflowNode[]): Mark | undefined {
  for (const { notes } of nodes) {
    const [, name, bundle, shape] = LINE.exec(notes ?? '') ?? [];
    if (name !== undefined && bundle !== undefined && shape !== undefined) {
      return { name, bundle, shape };
    }
  }
  return undefined;
}

/** The node with the mark as the last line of its notes; what else is written there stays. */
export function withMark(node: WorkflowNode, { name, bundle, shape }: Mark): WorkflowNode {
  const own = (node.notes ?? '').replace(LINE, '').trimEnd();
  const line = `n8n-nodes-omnichannel workflow ${name}, file ${bundle}, shape ${shape}`;
  return { ...node, notes: own === '' ? line : `${own}\n${line}` };
}

/** Changes when nodes are added, removed, renamed or connected otherwise; not by what is written in them. */
export function shapeOf({ nodes, connections }: WorkflowDefinition): string {
  const parts = nodes
    .filter(({ type }) => !type.endsWith('.stickyNote'))
    .map(({ name, type }) => `${type} ${name}`)
    .sort();
  return digestOf([parts, linksOf(connections)]);
}

interface Link {
  node?: string;
  type?: string;
  index?: number;
}

/** n8n writes the same connections in another order, and with empty outputs, after an edit. */
function linksOf(connections: Record<string, unknown>): string[] {
  return Object.entries(connections)
    .flatMap(([from, kinds]) =>
      Object.entries(kinds as Record<string, Array<Link[] | null>>).flatMap(([kind, outputs]) =>
        outputs.flatMap((links, output) =>
          (links ?? []).map(
            (to) =>
              `${from} ${kind} ${output} -> ${to.node ?? ''} ${to.type ?? ''} ${to.index ?? 0}`,
          ),
        ),
      ),
    )
    .sort();
}
