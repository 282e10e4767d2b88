import type { WorkflowDefinition, WorkflowNode } from '../../../playground/n8nApi.ts';
import { PAGE } from './traffic.ts';

const TYPES = 'n8n-nodes-omnichannel';
export const DOOR_PATH = 'webhook/bench-door/meta';
/** Where each workflow is started: an address of n8n's own Webhook node. */
export const PATHS = { limits: 'bench-limits', ours: 'bench-ours', peer: 'bench-peer' } as const;
export const SENDING_NODE = 'Send';
const HIGH = 1_000_000_000;

export interface Credential {
  type: string;
  id: string;
}

/** Meta's messages come in here; nothing is started by them, they are stored. */
export function doorWorkflow(credential: Credential): WorkflowDefinition {
  const parameters = { events: ['message.postback'] };
  const door = nodeOf('Door', `${TYPES}.metaMessagingTrigger`, parameters, 2);
  return chain('Door', [{ ...withCredential(door, credential), webhookId: 'bench-door' }]);
}

/** Sets the limits of the accounts so high that they hold nothing up. */
export function limitsWorkflow(accountIds: readonly string[]): WorkflowDefinition {
  const accounts = `return ${JSON.stringify(accountIds)}.map((account) => ({ json: { account } }));`;
  return chain('Limits', [
    webhook(PATHS.limits),
    nodeOf('Accounts', 'n8n-nodes-base.code', { jsCode: accounts }, 2),
    nodeOf('Rate Limiter', `${TYPES}.rateLimiter`, {
      operation: 'setLimits',
      account: { __rl: true, mode: 'id', value: '={{ $json.account }}' },
      limits: { perMinute: HIGH, perHour: HIGH, perDay: HIGH },
    }),
  ]);
}

/** Many items, each sent by our node with its defaults. */
export function ourWorkflow(
  accountId: string,
  credential: Credential,
  messages: Messages,
): WorkflowDefinition {
  const send = nodeOf(SENDING_NODE, `${TYPES}.metaMessaging`, {
    resource: 'message',
    operation: 'send',
    account: { __rl: true, mode: 'id', value: accountId },
    recipient: '={{ $json.recipient }}',
    contentType: 'text',
    text: '={{ $json.text }}',
  });
  return chain('Ours', [webhook(PATHS.ours), items(messages), withCredential(send, credential)]);
}

/** The same items by n8n's own node: it puts a message into the query, where Meta takes it too. */
export function peerWorkflow(credential: Credential, messages: Messages): WorkflowDefinition {
  const send = nodeOf(SENDING_NODE, 'n8n-nodes-base.facebookGraphApi', {
    httpRequestMethod: 'POST',
    graphApiVersion: PAGE.graphVersion,
    node: PAGE.id,
    edge: 'messages',
    options: {
      queryParametersJson:
        "={{ JSON.stringify({ recipient: JSON.stringify({ id: $json.recipient }), message: JSON.stringify({ text: $json.text }), messaging_type: 'RESPONSE' }) }}",
    },
  });
  return chain('Peer', [webhook(PATHS.peer), items(messages), withCredential(send, credential)]);
}

/** One message to each of so many people. */
export interface Messages {
  count: number;
  /** The first person's id; the others follow it. */
  firstRecipient: number;
}

export function items({ count, firstRecipient }: Messages): WorkflowNode {
  return nodeOf(
    'Items',
    'n8n-nodes-base.code',
    {
      jsCode: `return Array.from({ length: ${count} }, (_, index) => ({ json: { recipient: String(${firstRecipient} + index), text: 'A sua consulta é amanhã às 10h. Responda 1 para confirmar. ' + index } }));`,
    },
    2,
  );
}

export function webhook(path: string): WorkflowNode {
  const parameters = { httpMethod: 'POST', path, responseMode: 'onReceived' };
  return { ...nodeOf('Webhook', 'n8n-nodes-base.webhook', parameters, 2), webhookId: path };
}

export function nodeOf(
  name: string,
  type: string,
  parameters: Record<string, unknown>,
  typeVersion = 1,
): WorkflowNode {
  return { id: `id-of-${name}`, name, type, typeVersion, position: [0, 0], parameters };
}

export function withCredential(node: WorkflowNode, { type, id }: Credential): WorkflowNode {
  return { ...node, credentials: { [type]: { id, name: type } } };
}

/** One node behind the other. */
export function chain(name: string, nodes: WorkflowNode[]): WorkflowDefinition {
  const connections = Object.fromEntries(
    nodes.slice(1).map(({ name: to }, index) => {
      const from = nodes[index]?.name ?? '';
      return [from, { main: [[{ node: to, type: 'main', index: 0 }]] }];
    }),
  );
  return { name, nodes, connections, settings: { executionOrder: 'v1' } };
}
