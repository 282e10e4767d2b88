import type { WorkflowDefinition, WorkflowNode } from '../../playground/n8nApi.ts';
import type { Playground } from '../../playground/playground.ts';

/** A node of a chain: one of ours by its parameters, or any other by its type. */
export interface ChainNode {
  name: string;
  /** Default: the node Omnichannel. */
  type?: string;
  typeVersion?: number;
  parameters: Record<string, unknown>;
}

export interface Chain {
  name: string;
  nodes: ChainNode[];
  /** What the caller sends; a file of a form arrives as the binary field of its name. */
  body?: Record<string, unknown> | FormData;
  /** What the caller gets of the last node: its items, or the file of the first one. */
  gives?: 'allEntries' | 'firstEntryBinary';
}

let count = 0;

/**
 * Publishes a workflow of nodes one behind the other, calls it by its address, and takes it down again.
 * @returns what the last node gives; where a node fails, its item with `error`
 */
export async function runChain({ api, n8n }: Playground, chain: Chain): Promise<Response> {
  count += 1;
  const path = `chain-${count}`;
  const id = await api.createWorkflow(workflowOf(chain, path));
  await api.publish(id);
  const { body = {} } = chain;
  const isForm = body instanceof FormData;
  const response = await fetch(`${n8n.baseUrl}/webhook/${path}`, {
    method: 'POST',
    ...(isForm ? {} : { headers: { 'content-type': 'application/json' } }),
    body: isForm ? body : JSON.stringify(body),
  });
  const answer = new Response(await response.arrayBuffer(), response);
  await api.unpublish(id);
  return answer;
}

/** The items that the last node gives. */
export async function itemsOf(
  playground: Playground,
  chain: Chain,
): Promise<Array<Record<string, unknown>>> {
  const response = await runChain(playground, chain);
  const text = await response.text();
  if (!response.ok) throw new Error(`"${chain.name}" failed: ${text}`);
  return JSON.parse(text) as Array<Record<string, unknown>>;
}

function workflowOf(
  { name, nodes, gives = 'allEntries' }: Chain,
  path: string,
): WorkflowDefinition {
  const called: WorkflowNode = {
    id: `call-${path}`,
    name: 'Called by',
    type: 'n8n-nodes-base.webhook',
    typeVersion: 2,
    position: [0, 0],
    webhookId: path,
    parameters: {
      httpMethod: 'POST',
      path,
      responseMode: 'lastNode',
      responseData: gives,
      ...(gives === 'firstEntryBinary' ? { responseBinaryPropertyName: 'data' } : {}),
      options: {},
    },
  };
  const own = nodes.map((node, index) => ({
    id: `node-${index}`,
    type: 'n8n-nodes-omnichannel.omnichannel',
    typeVersion: 1,
    position: [(index + 1) * 220, 0] as [number, number],
    onError: 'continueRegularOutput',
    ...node,
  }));
  const all = [called, ...own];
  const links = own.map(({ name: next }, index) => [
    all[index]?.name ?? '',
    { main: [[{ node: next, type: 'main', index: 0 }]] },
  ]);
  return {
    name,
    nodes: all,
    connections: Object.fromEntries(links) as WorkflowDefinition['connections'],
    settings: { executionOrder: 'v1' },
  };
}
