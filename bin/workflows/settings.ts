import type { WorkflowNode } from '../n8n/types';

/** The node of every bundled workflow that holds the texts and choices a person may change. */
export const SETTINGS_NODE = 'Settings';

interface Assignment {
  id: string;
  name: string;
  type: string;
  value: unknown;
}

/** The Settings node of the new file with what the person has in theirs: values of the same names, and names of their own. */
export function keepSettings(fresh: WorkflowNode, stored: WorkflowNode): WorkflowNode {
  const theirs = new Map(assignmentsOf(stored).map((one) => [one.name, one]));
  const ours = assignmentsOf(fresh);
  const merged = [
    ...ours.map((one) => ({ ...one, value: theirs.get(one.name)?.value ?? one.value })),
    ...[...theirs.values()].filter(({ name }) => !ours.some((one) => one.name === name)),
  ];
  return withAssignments(fresh, merged);
}

/** The Settings node with one value changed, where it has a setting of that name. */
export function withSetting(node: WorkflowNode, name: string, value: unknown): WorkflowNode {
  if (node.name !== SETTINGS_NODE) return node;
  return withAssignments(
    node,
    assignmentsOf(node).map((one) => (one.name === name ? { ...one, value } : one)),
  );
}

function withAssignments(node: WorkflowNode, assignments: Assignment[]): WorkflowNode {
  return { ...node, parameters: { ...node.parameters, assignments: { assignments } } };
}

function assignmentsOf({ parameters }: WorkflowNode): Assignment[] {
  const outer = parameters.assignments as { assignments?: Assignment[] } | undefined;
  return outer?.assignments ?? [];
}
