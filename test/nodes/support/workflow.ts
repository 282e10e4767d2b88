import { randomUUID } from 'node:crypto';
import { ExecutionLifecycleHooks, WorkflowExecute } from 'n8n-core';
import {
  createRunExecutionData,
  Workflow,
  type IConnections,
  type IDataObject,
  type INode,
  type INodeExecutionData,
  type INodeType,
  type INodeTypes,
  type IRun,
  type IRunExecutionData,
  type IWorkflowBase,
  type IWorkflowExecuteAdditionalData,
  type WorkflowExecuteMode,
} from 'n8n-workflow';

// n8n's engine prints every error of a node; the tests look at them themselves.
process.env.N8N_LOG_LEVEL = 'silent';

export const PACKAGE = 'n8n-nodes-omnichannel';

export interface TestNode {
  name: string;
  type: string;
  parameters?: INode['parameters'];
  credentials?: INode['credentials'];
  onError?: INode['onError'];
  retryOnFail?: boolean;
}

export interface TestWorkflow {
  id?: string;
  nodes: TestNode[];
  /** `[from, to]`, or with the output of `from` and the input of `to`. */
  connections: Array<[string, string, number?, number?]>;
}

export interface RunOptions {
  nodeTypes: Record<string, INodeType>;
  /** What the first node of the workflow emits. */
  items: INodeExecutionData[];
  mode?: WorkflowExecuteMode;
  executionId?: string;
  /** Decrypted credentials by type. */
  credentials?: Record<string, IDataObject>;
  /** Continues this execution's data, as a retry does. */
  previous?: IRunExecutionData;
}

export interface FinishedRun {
  run: IRun;
  /** The items of every run of a node, in order. */
  output(node: string): INodeExecutionData[][];
  error: string | undefined;
}

/** Runs a workflow from its first node in this process, with n8n's own engine. */
export async function runWorkflow(
  definition: TestWorkflow,
  options: RunOptions,
): Promise<FinishedRun> {
  const workflow = createWorkflow(definition, options.nodeTypes);
  const mode = options.mode ?? 'trigger';
  const start = workflow.getNode(definition.nodes[0]?.name ?? '');
  if (!start) throw new Error('The workflow has no first node.');
  const data =
    options.previous ??
    createRunExecutionData({
      executionData: {
        nodeExecutionStack: [{ node: start, data: { main: [options.items] }, source: null }],
      },
    });
  const execution = new WorkflowExecute(additionalData(mode, definition, options), mode, data);
  const run = await execution.processRunExecutionData(workflow);
  const runData = run.data.resultData.runData;
  return {
    run,
    output: (node) => (runData[node] ?? []).map((entry) => entry.data?.main?.[0] ?? []),
    error: run.data.resultData.error?.message,
  };
}

export function createWorkflow(
  { id = 'workflow-1', nodes, connections }: TestWorkflow,
  types: Record<string, INodeType>,
): Workflow {
  const wires: IConnections = {};
  for (const [from, to, output = 0, input = 0] of connections) {
    const main = ((wires[from] ??= {}).main ??= []);
    while (main.length <= output) main.push([]);
    main[output]?.push({ node: to, type: 'main', index: input });
  }
  return new Workflow({
    id,
    name: 'Test workflow',
    nodes: nodes.map((node) => ({
      parameters: {},
      ...node,
      id: `id-of-${node.name}`,
      typeVersion: 1,
      position: [0, 0] as [number, number],
    })),
    connections: wires,
    active: true,
    nodeTypes: nodeTypesOf(types),
    settings: { executionOrder: 'v1' },
  });
}

function nodeTypesOf(types: Record<string, INodeType>): INodeTypes {
  const find = (name: string): INodeType => {
    const type = types[name];
    if (!type) throw new Error(`The test knows no node type ${name}.`);
    return type;
  };
  return { getByName: find, getByNameAndVersion: find, getKnownTypes: () => ({}) };
}

function additionalData(
  mode: WorkflowExecuteMode,
  definition: TestWorkflow,
  { executionId = randomUUID(), credentials = {} }: RunOptions,
): IWorkflowExecuteAdditionalData {
  const workflowData = {
    id: definition.id ?? 'workflow-1',
    name: 'Test workflow',
  } as IWorkflowBase;
  const partial: Partial<IWorkflowExecuteAdditionalData> = {
    executionId,
    currentNodeExecutionIndex: 0,
    hooks: new ExecutionLifecycleHooks(mode, executionId, workflowData),
    restApiUrl: '',
    instanceBaseUrl: 'http://127.0.0.1:5678',
    webhookBaseUrl: 'http://127.0.0.1:5678/webhook',
    webhookTestBaseUrl: 'http://127.0.0.1:5678/webhook-test',
    webhookWaitingBaseUrl: 'http://127.0.0.1:5678/webhook-waiting',
    formWaitingBaseUrl: 'http://127.0.0.1:5678/form-waiting',
    variables: {},
    externalSecretsProxy: undefined as never,
    setExecutionStatus: () => undefined,
    credentialsHelper: {
      getParentTypes: () => [],
      isCredentialUsableByNode: () => true,
      getDecrypted: async (_data: unknown, _node: unknown, type: string) => credentials[type] ?? {},
    } as unknown as IWorkflowExecuteAdditionalData['credentialsHelper'],
  };
  return partial as IWorkflowExecuteAdditionalData;
}

/** An item as our triggers emit it. */
export function eventItem(id: string, more: IDataObject = {}): INodeExecutionData {
  return {
    json: {
      id,
      event: 'message.received',
      tenantId: 'default',
      contact: { externalId: '7001002003004005' },
      ...more,
    },
  };
}
