import type { WorkflowDefinition } from '../../playground/n8nApi.ts';
import type { Playground } from '../../playground/playground.ts';

const OWN = 'n8n-nodes-omnichannel.';
const PAGE_WEBHOOK = 'f3a1c0de-5a51-4b7e-9a52-6b1f0c2d3e4f';
const LINK_PATH = 'a-link-to-the-page-of-notificame';

/** A connect page that offers NotificaMe alone, and what makes links to it. */
export function hubConnectPage({ n8n, setup }: Playground): WorkflowDefinition {
  const { type, id, name } = setup.notificaMeCredential;
  const page = `${n8n.baseUrl}/webhook/${PAGE_WEBHOOK}/connect`;
  return {
    name: 'Connect through NotificaMe',
    nodes: [
      {
        id: 'notificame-page',
        name: 'Customer Connect Page',
        type: `${OWN}connectPortalTrigger`,
        typeVersion: 1,
        position: [0, 0],
        webhookId: PAGE_WEBHOOK,
        credentials: { [type]: { id, name } },
        parameters: { logins: ['notificame'] },
      },
      {
        id: 'notificame-link-wanted',
        name: 'A link is wanted',
        type: 'n8n-nodes-base.webhook',
        typeVersion: 2,
        position: [0, 220],
        webhookId: 'f3a1c0de-5a51-4b7e-9a52-6b1f0c2d3e50',
        parameters: { httpMethod: 'POST', path: LINK_PATH, responseMode: 'lastNode', options: {} },
      },
      {
        id: 'notificame-link',
        name: 'Make a link',
        type: `${OWN}omnichannel`,
        typeVersion: 1,
        position: [240, 220],
        parameters: {
          resource: 'connection',
          operation: 'createConnectLink',
          page: { __rl: true, mode: 'id', value: page },
        },
      },
    ],
    connections: {
      'A link is wanted': { main: [[{ node: 'Make a link', type: 'main', index: 0 }]] },
    },
    settings: { executionOrder: 'v1' },
  };
}

/** A link to that page, once its workflow is published. */
export async function newHubLink({ n8n }: Playground): Promise<string> {
  const response = await fetch(`${n8n.baseUrl}/webhook/${LINK_PATH}`, { method: 'POST' });
  return ((await response.json()) as { url: string }).url;
}
