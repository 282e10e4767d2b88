import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../scripts/lib/paths.mjs';
import { N8nApiError, type N8nApi, type WorkflowDefinition, type WorkflowNode } from './n8nApi.ts';
import type { PlaygroundState } from './state.ts';

/** The node of every bundled workflow that holds the texts and choices a person may change. */
export const SETTINGS_NODE = 'Settings';

export interface CredentialReference {
  type: string;
  id: string;
  name: string;
}

interface InstallableDefinition {
  definition: WorkflowDefinition;
  bundleDigest?: string;
}

interface Assignment {
  id: string;
  name: string;
  type: string;
  value: unknown;
}

/** Reads `workflows/<name>.json`. */
export function readBundledWorkflow(name: string): WorkflowDefinition {
  const text = fs.readFileSync(path.join(ROOT, 'workflows', `${name}.json`), 'utf8');
  return pickDefinition(JSON.parse(text) as WorkflowDefinition);
}

/** Names of the files in `workflows/`. */
export function bundledWorkflows(): string[] {
  return fs
    .readdirSync(path.join(ROOT, 'workflows'))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

/** Whether the sandbox has all that a bundled workflow needs. */
export function runsHere(name: string): boolean {
  return readBundledWorkflow(name).nodes.every(({ type }) => !type.startsWith(MODEL_NODES));
}

/**
 * Creates a bundled workflow in n8n, or brings the one of an earlier run up to date, and publishes
 * it. What a person changed stays: a workflow whose file is the same as last time is not touched,
 * and of an updated one the Settings node keeps its values.
 */
export async function installWorkflow(
  api: N8nApi,
  state: PlaygroundState,
  name: string,
  credentials: readonly CredentialReference[],
): Promise<string> {
  const bundled = readBundledWorkflow(name);
  return installDefinition(api, state, name, {
    definition: withCredentials(bundled, credentials),
    bundleDigest: digestOf(bundled),
  });
}

/** As installWorkflow, for a definition with its credentials in it; changed when its digest is another. */
export async function installDefinition(
  api: N8nApi,
  state: PlaygroundState,
  name: string,
  { definition, bundleDigest = digestOf(definition) }: InstallableDefinition,
): Promise<string> {
  const known = state.workflows[name];
  const existing = await findExisting(api, known?.id, definition.name);
  if (existing === undefined) {
    const id = await api.createWorkflow(definition);
    if (startsByItself(definition)) await publishIfComplete(api, id);
    state.workflows[name] = { id, bundleDigest };
    return id;
  }
  const { id } = existing;
  if (known?.id !== id || known.bundleDigest !== bundleDigest) {
    await api.updateWorkflow(id, withKeptSettings(definition, existing));
    if (startsByItself(definition)) await publishIfComplete(api, id);
    state.workflows[name] = { id, bundleDigest };
  } else if (existing.active) {
    await api.untilPublished(id);
  }
  return id;
}

/** A campaign, for one, is published by the person who has chosen its account and its template. */
async function publishIfComplete(api: N8nApi, id: string): Promise<void> {
  try {
    await api.publish(id);
  } catch (error) {
    const isIncomplete = error instanceof N8nApiError && error.status === 400;
    if (!isIncomplete || !error.message.includes('configuration issues')) throw error;
  }
}

/** What a person starts by hand has nothing to publish. */
function startsByItself({ nodes }: WorkflowDefinition): boolean {
  return nodes.some(({ type }) => STARTS.test(type) && !type.endsWith('.manualTrigger'));
}

async function findExisting(api: N8nApi, id: string | undefined, displayName: string) {
  if (id !== undefined) return api.findWorkflow(id);
  // An earlier start may have ended between creating the workflow and noting its id.
  const all = await api.listWorkflows();
  return all.find((workflow) => workflow.name === displayName && workflow.isArchived !== true);
}

function pickDefinition(file: WorkflowDefinition): WorkflowDefinition {
  const { name, nodes, connections, settings } = file;
  return { name, nodes, connections, settings };
}

/** n8n's nodes for language models, which take an account at their provider. */
const MODEL_NODES = '@n8n/n8n-nodes-langchain.';
const STARTS = /(Trigger|\.webhook)$/;

/** The nodes that each kind of credential is for. */
const NODES_OF: Record<string, RegExp> = {
  googleServiceAccountApi: /^n8n-nodes-omnichannel\.googleCalendarServiceAccount$/,
  metaAccessTokenApi: /^n8n-nodes-omnichannel\.metaMessaging(Trigger)?$/,
  notificaMeApi: /^n8n-nodes-omnichannel\.notificaMe(Trigger)?$/,
  whatsAppCloudApi: /^n8n-nodes-omnichannel\.whatsAppCloud(Trigger)?$/,
};

/** Gives its credential to every node of this package that talks to a provider, and switches the node on. */
function withCredentials(
  definition: WorkflowDefinition,
  credentials: readonly CredentialReference[],
): WorkflowDefinition {
  const nodes = definition.nodes.map((node) => {
    const credential = credentials.find(({ type }) => NODES_OF[type]?.test(node.type));
    return credential ? withCredential(node, credential) : node;
  });
  return { ...definition, nodes };
}

function withCredential(
  { disabled: _disabled, ...node }: WorkflowNode,
  { type, id, name }: CredentialReference,
): WorkflowNode {
  const credentials = { ...node.credentials, [type]: { id, name } };
  // The sandbox is this playground's alone, and n8n may come up on another port than last time.
  const isWhatsAppDoor = node.type.endsWith('.whatsAppCloudTrigger');
  const parameters = { ...node.parameters, ...(isWhatsAppDoor && { subscription: 'takeOver' }) };
  return { ...node, parameters, credentials };
}

/** The new definition with the values that the stored Settings node has for the same names. */
function withKeptSettings(
  definition: WorkflowDefinition,
  stored: WorkflowDefinition,
): WorkflowDefinition {
  const kept = new Map(
    stored.nodes
      .filter((node) => node.name === SETTINGS_NODE)
      .flatMap((node) => assignmentsOf(node))
      .map((assignment) => [assignment.name, assignment.value]),
  );
  const nodes = definition.nodes.map((node) =>
    node.name === SETTINGS_NODE ? withValues(node, kept) : node,
  );
  return { ...definition, nodes };
}

function withValues(node: WorkflowNode, values: Map<string, unknown>): WorkflowNode {
  const assignments = assignmentsOf(node).map((assignment) =>
    values.has(assignment.name)
      ? { ...assignment, value: values.get(assignment.name) }
      : assignment,
  );
  return { ...node, parameters: { ...node.parameters, assignments: { assignments } } };
}

function assignmentsOf(node: WorkflowNode): Assignment[] {
  const outer = node.parameters.assignments as { assignments?: Assignment[] } | undefined;
  return outer?.assignments ?? [];
}

function digestOf(definition: WorkflowDefinition): string {
  return createHash('sha256').update(JSON.stringify(definition)).digest('hex');
}
