import { readBundled, type Bundled } from '../../../bin/workflows/bundle';
import { readMark, shapeOf, withMark } from '../../../bin/workflows/mark';
import type { StoredWorkflow, WorkflowNode } from '../../../bin/n8n/types';

/** The welcome as the installer leaves it in n8n. */
export function installed(changes: Partial<StoredWorkflow> = {}): {
  bundled: Bundled;
  stored: StoredWorkflow;
} {
  const bundled = readBundled('welcome-new-lead');
  const { definition, name, digest } = bundled;
  const mark = { name, bundle: digest, shape: shapeOf(definition) };
  const nodes = definition.nodes.map((node) => withMark(node, mark));
  return { bundled, stored: { ...definition, id: 'w1', active: true, nodes, ...changes } };
}

/** As if the file had been another one when it was installed. */
export function fromAnOlderFile({ nodes, ...rest }: StoredWorkflow): StoredWorkflow {
  const mark = readMark(nodes);
  if (mark === undefined) throw new Error('The workflow has no mark.');
  return { ...rest, nodes: nodes.map((node) => withMark(node, { ...mark, bundle: '0000' })) };
}

export function nodeCalled(nodes: readonly WorkflowNode[], name: string): WorkflowNode {
  const node = nodes.find((one) => one.name === name);
  if (node === undefined) throw new Error(`There is no node ${name}.`);
  return node;
}
