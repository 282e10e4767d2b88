/** A node of a workflow, as n8n's public API has it; only what the installer touches has a type. */
export interface WorkflowNode {
  id: string;
  name: string;
  type: string;
  typeVersion: number;
  position: [number, number];
  parameters: Record<string, unknown>;
  webhookId?: string;
  disabled?: boolean;
  notes?: string;
  credentials?: Record<string, { id: string; name: string }>;
  [more: string]: unknown;
}

export interface WorkflowDefinition {
  name: string;
  nodes: WorkflowNode[];
  connections: Record<string, unknown>;
  settings: Record<string, unknown>;
}

export interface StoredWorkflow extends WorkflowDefinition {
  id: string;
  active: boolean;
  isArchived?: boolean;
}

export interface Credential {
  id: string;
  name: string;
  type: string;
}
