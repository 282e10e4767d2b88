import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { keepSettings, SETTINGS_NODE, withSetting } from './settings';
import type { Language } from '../command/options';
import type { StoredWorkflow, WorkflowDefinition, WorkflowNode } from '../n8n/types';

/** The settings of a workflow that n8n's public API takes; it tells more than it takes. */
const TAKEN_SETTINGS = [
  'saveExecutionProgress',
  'saveManualExecutions',
  'saveDataErrorExecution',
  'saveDataSuccessExecution',
  'executionTimeout',
  'errorWorkflow',
  'timezone',
  'executionOrder',
  'callerPolicy',
  'callerIds',
];

/** A definition for an n8n that does not have it: its webhooks get addresses of their own. */
export function freshDefinition(definition: WorkflowDefinition): WorkflowDefinition {
  const nodes = definition.nodes.map((node) =>
    node.webhookId === undefined ? node : { ...node, webhookId: randomUUID() },
  );
  return { ...definition, nodes };
}

/**
 * The new file with what belongs to the person: name and settings of the workflow, values in Settings, what they set on
 * triggers, credentials, switched on or off, addresses of webhooks, notes.
 * @returns also which triggers differ from the file's, to be told
 */
export function mergeDefinition(
  definition: WorkflowDefinition,
  stored: StoredWorkflow,
): { definition: WorkflowDefinition; keptTriggers: string[] } {
  const theirs = new Map(stored.nodes.map((node) => [`${node.type} ${node.name}`, node]));
  const keptTriggers: string[] = [];
  const nodes = definition.nodes.map((node) => {
    const old = theirs.get(`${node.type} ${node.name}`);
    if (old === undefined) return node.webhookId ? { ...node, webhookId: randomUUID() } : node;
    const merged = mergeNode(node, old);
    if (isTrigger(node) && !isDeepStrictEqual(merged.parameters, node.parameters)) {
      keptTriggers.push(node.name);
    }
    return merged;
  });
  const settings = { ...definition.settings, ...takenSettings(stored.settings) };
  return { definition: { ...definition, name: stored.name, nodes, settings }, keptTriggers };
}

export function withLanguage(definition: WorkflowDefinition, language: Language | undefined) {
  if (language === undefined) return definition;
  const nodes = definition.nodes.map((node) => withSetting(node, 'language', language));
  return { ...definition, nodes };
}

function mergeNode(fresh: WorkflowNode, old: WorkflowNode): WorkflowNode {
  const { disabled: _disabled, ...node } = fresh;
  const kept: WorkflowNode = {
    ...node,
    ...(old.disabled === undefined ? {} : { disabled: old.disabled }),
    ...(old.credentials === undefined ? {} : { credentials: old.credentials }),
    ...(old.webhookId === undefined ? {} : { webhookId: old.webhookId }),
    ...(old.notes === undefined ? {} : { notes: old.notes }),
  };
  if (node.name === SETTINGS_NODE) return keepSettings(kept, old);
  if (!isTrigger(node)) return kept;
  return { ...kept, parameters: { ...node.parameters, ...old.parameters } };
}

function isTrigger({ type }: WorkflowNode): boolean {
  return /trigger$/i.test(type) || type === 'n8n-nodes-base.webhook';
}

/** What of the settings of a stored workflow may be sent back. */
export function takenSettings(settings: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).filter(
      ([name, value]) => TAKEN_SETTINGS.includes(name) && value !== null,
    ),
  );
}
