import type { WorkflowDefinition, WorkflowNode } from '../../playground/n8nApi.ts';
import type { Playground } from '../../playground/playground.ts';
import { waitFor } from './waitFor.ts';

const OWN = 'n8n-nodes-omnichannel.';
const DOOR_ID = '3c5e7a91-1b2d-4f60-8a9c-0d1e2f3a4b5c';

/** The receiving n8n is the sending one: what an admin must allow for that. */
export const ALLOW_OWN_ADDRESS = { N8N_SSRF_ALLOWED_IP_RANGES: '127.0.0.0/8' };

/** Workflows that deliver to, and receive at, the same n8n. */
export interface WebhookWorkflows {
  /** Ids in n8n. */
  ids: Record<'subscribe' | 'emit' | 'receive' | 'log' | 'replay', string>;
  /** The production URL of the Signed Webhook Trigger. */
  doorUrl: string;
  /** What the node that made the subscription showed. */
  subscription: { id: string; secret: string };
  /** One more receiver of deals that move; its deliveries are not retried. */
  subscribeTo(name: string, url: string): Promise<{ id: string; secret: string }>;
  credentialId: string;
  /** Calls the workflow that emits `deal.moved`, as a CRM would. */
  moveDeal(dealId: string, toStage: string): Promise<void>;
  /** Has a delivery sent again. */
  replay(deliveryId: string): Promise<void>;
  /** The attempts that the log shows, newest first. */
  readLog(): Promise<Array<Record<string, unknown>>>;
}

/** Starts with a call, and answers with what its last node returns. */
function webhook(path: string): WorkflowNode {
  return {
    id: `call-${path}`,
    name: 'Called by',
    type: 'n8n-nodes-base.webhook',
    typeVersion: 2,
    position: [0, 0],
    webhookId: `called-${path}`,
    parameters: {
      httpMethod: 'POST',
      path,
      responseMode: 'lastNode',
      responseData: 'allEntries',
      options: {},
    },
  };
}

function afterCall(
  name: string,
  path: string,
  node: Pick<WorkflowNode, 'name' | 'type' | 'parameters'>,
): WorkflowDefinition {
  return {
    name,
    nodes: [
      webhook(path),
      { ...node, id: `node-${path}`, typeVersion: 1, position: [260, 0], type: OWN + node.type },
    ],
    connections: { 'Called by': { main: [[{ node: node.name, type: 'main', index: 0 }]] } },
    settings: { executionOrder: 'v1' },
  };
}

function receiving(credentialId: string): WorkflowDefinition {
  return {
    name: 'Deals that moved',
    nodes: [
      {
        id: 'signed-trigger',
        name: 'Signed Webhook Trigger',
        type: `${OWN}signedWebhookTrigger`,
        typeVersion: 2,
        position: [0, 0],
        webhookId: DOOR_ID,
        parameters: {},
        credentials: { signedWebhookApi: { id: credentialId, name: 'Deals' } },
      },
      {
        id: 'take-note',
        name: 'Take note',
        type: 'n8n-nodes-base.noOp',
        typeVersion: 1,
        position: [260, 0],
        parameters: {},
      },
    ],
    connections: {
      'Signed Webhook Trigger': { main: [[{ node: 'Take note', type: 'main', index: 0 }]] },
    },
    settings: { executionOrder: 'v1' },
  };
}

/**
 * Makes everything of a delivery with the nodes themselves: a workflow subscribes, the secret that it shows goes into a
 * credential, a workflow receives with it, another one emits.
 */
export async function setUpWebhookWorkflows({ api, n8n }: Playground): Promise<WebhookWorkflows> {
  const doorUrl = `${n8n.baseUrl}/webhook/${DOOR_ID}/signed`;
  const publish = async (definition: WorkflowDefinition) => {
    const id = await api.createWorkflow(definition);
    await api.publish(id);
    return id;
  };
  const call = async <T>(path: string, body: object = {}): Promise<T[]> => {
    const response = await fetch(`${n8n.baseUrl}/webhook/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`The workflow behind /${path} failed: ${text}`);
    return JSON.parse(text) as T[];
  };

  const subscribe = await publish(
    afterCall('Subscribe', 'subscribe', {
      name: 'Subscribe',
      type: 'webhookDelivery',
      parameters: {
        resource: 'subscription',
        operation: 'create',
        name: '={{ $json.body.name }}',
        url: '={{ $json.body.url }}',
        events: ['deal.moved'],
        options: { retrySchedule: 'none' },
      },
    }),
  );
  const subscribeTo = async (name: string, url: string) => {
    const [made] = await call<{ id: string; secret: string }>('subscribe', { name, url });
    if (!made) throw new Error('No subscription was made.');
    return made;
  };
  const subscription = await subscribeTo('Deals', doorUrl);
  const credentialId = await api.createCredential('Deals', 'signedWebhookApi', {
    secret: subscription.secret,
    previousSecret: '',
  });
  const receive = await publish(receiving(credentialId));
  const emit = await publish(
    afterCall('A deal moves in the CRM', 'deal', {
      name: 'Emit deal.moved',
      type: 'omnichannel',
      parameters: {
        resource: 'event',
        operation: 'emit',
        event: 'deal.moved',
        dealId: '={{ $json.body.dealId }}',
        fromStage: 'proposal',
        toStage: '={{ $json.body.toStage }}',
      },
    }),
  );
  const log = await publish(
    afterCall('What was delivered', 'log', {
      name: 'Webhook Delivery',
      type: 'webhookDelivery',
      parameters: {
        resource: 'delivery',
        operation: 'getMany',
        list: 'attempts',
        filters: { subscriptionId: subscription.id },
      },
    }),
  );
  const replay = await publish(
    afterCall('Deliver again', 'replay', {
      name: 'Replay',
      type: 'webhookDelivery',
      parameters: {
        resource: 'delivery',
        operation: 'replay',
        delivery: '={{ $json.body.deliveryId }}',
      },
    }),
  );
  return {
    ids: { subscribe, emit, receive, log, replay },
    doorUrl,
    subscription,
    subscribeTo,
    credentialId,
    moveDeal: async (dealId, toStage) => void (await call('deal', { dealId, toStage })),
    replay: async (deliveryId) => void (await call('replay', { deliveryId })),
    readLog: async () => (await call<Record<string, unknown>>('log')).filter(({ id }) => id),
  };
}

/** Its data may be there already, but not all of it. */
export const isUnderWay = (status: string): boolean => ['new', 'running'].includes(status);

/** Waits until the receiving workflow has run for a deal. @returns its execution with its data */
export async function untilDealArrived(
  { api }: Playground,
  { ids }: WebhookWorkflows,
  dealId: string,
): Promise<{ id: string; status: string; text: string }> {
  return await waitFor(
    async () => {
      for (const run of await api.listExecutions(ids.receive, true)) {
        const text = JSON.stringify(run.data ?? '');
        if (isUnderWay(run.status)) continue;
        if (text.includes(`"${dealId}"`)) return { id: run.id, status: run.status, text };
      }
      return undefined;
    },
    { what: `the workflow that receives deal ${dealId}` },
  );
}
