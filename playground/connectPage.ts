import { randomBytes } from 'node:crypto';
import { SEED } from '../sandbox/seed.ts';
import type { N8nApi, WorkflowDefinition } from './n8nApi.ts';
import { saveState, type PlaygroundState } from './state.ts';
import { installDefinition } from './workflows.ts';

const CREDENTIAL_TYPE = 'metaOAuth2Api';
const CREDENTIAL_NAME = 'Meta app (sandbox)';
/** Fixed, so that the page has the same address after each `--reset`. */
const PAGE_WEBHOOK_ID = '6c0a9f1e-6d0b-4f5c-9f43-0c5a3d1b7e20';

interface Target {
  api: N8nApi;
  dataDir: string;
  state: PlaygroundState;
  sandboxUrl: string;
  webhookUrl: string;
}

/**
 * The workflow with the page on which customers connect their accounts, and a second trigger that makes links to it.
 * @returns its id, and the address that gives a link
 */
export async function installConnectPage(target: Target): Promise<{ id: string; linkUrl: string }> {
  const { api, state, dataDir } = target;
  state.linkPath ??= randomBytes(16).toString('hex');
  const credential = { id: await ensureAppCredential(target), name: CREDENTIAL_NAME };
  const definition = connectPageWorkflow(credential, state.linkPath);
  const id = await installDefinition(api, state, 'connect-page', { definition });
  saveState(dataDir, state);
  return { id, linkUrl: `${target.webhookUrl}/webhook/${state.linkPath}` };
}

/** Asks the running workflow for a link. */
export async function newConnectLink(linkUrl: string): Promise<string> {
  const response = await fetch(linkUrl, { method: 'POST' });
  const text = await response.text();
  const { url } = (response.ok ? JSON.parse(text) : {}) as { url?: string };
  if (url === undefined) throw new Error(`No link to the connect page was made: ${text}`);
  return url;
}

async function ensureAppCredential({ api, state, sandboxUrl }: Target): Promise<string> {
  const data = appCredentialData(sandboxUrl);
  const existing = (await api.listCredentials()).find(
    ({ id, name, type }) =>
      type === CREDENTIAL_TYPE &&
      (state.appCredentialId === undefined
        ? name === CREDENTIAL_NAME
        : id === state.appCredentialId),
  );
  // Another --sandbox-port than last time changes all its addresses.
  if (existing) await api.updateCredential(existing.id, data);
  const id = existing?.id ?? (await api.createCredential(CREDENTIAL_NAME, CREDENTIAL_TYPE, data));
  state.appCredentialId = id;
  return id;
}

/** What the sandbox has for an app: Facebook Login and Instagram Login. */
export function appCredentialData(sandboxUrl: string): Record<string, unknown> {
  return {
    login: 'facebook',
    clientId: SEED.appId,
    clientSecret: SEED.appSecret,
    instagramAppId: SEED.instagramAppId,
    instagramAppSecret: SEED.instagramAppSecret,
    verifyToken: SEED.verifyToken,
    graphVersion: 'v25.0',
    graphBaseUrl: sandboxUrl,
    dialogBaseUrl: sandboxUrl,
    instagramGraphBaseUrl: `${sandboxUrl}/instagram`,
    instagramTokenBaseUrl: `${sandboxUrl}/instagram`,
    instagramDialogBaseUrl: `${sandboxUrl}/instagram`,
  };
}

function connectPageWorkflow(
  credential: { id: string; name: string },
  linkPath: string,
): WorkflowDefinition {
  const note =
    '## Página de conexão do cliente\nUm cliente abre o link e conecta o próprio Instagram ou Messenger. O webhook abaixo cria um link novo.\n\n## Customer connect page\nA customer opens the link and connects their own Instagram or Messenger. The webhook below makes a new link.';
  return {
    name: 'Customer connect page (playground)',
    nodes: [
      {
        id: 'b7a3c1d2-0001-4000-8000-000000000001',
        name: 'Note',
        type: 'n8n-nodes-base.stickyNote',
        typeVersion: 1,
        position: [0, -320],
        parameters: { content: note, height: 240, width: 620 },
      },
      {
        id: 'b7a3c1d2-0001-4000-8000-000000000002',
        name: 'Customer Connect Page',
        type: 'n8n-nodes-omnichannel.connectPortalTrigger',
        typeVersion: 1,
        position: [0, 0],
        webhookId: PAGE_WEBHOOK_ID,
        parameters: { options: { serves: 'every' } },
        credentials: { [CREDENTIAL_TYPE]: credential },
      },
      {
        id: 'b7a3c1d2-0001-4000-8000-000000000003',
        name: 'What happened',
        type: 'n8n-nodes-base.noOp',
        typeVersion: 1,
        position: [280, 0],
        parameters: {},
      },
      {
        id: 'b7a3c1d2-0001-4000-8000-000000000004',
        name: 'A link is wanted',
        type: 'n8n-nodes-base.webhook',
        typeVersion: 2,
        position: [0, 220],
        webhookId: 'b7a3c1d2-0001-4000-8000-0000000000f4',
        parameters: { httpMethod: 'POST', path: linkPath, responseMode: 'lastNode', options: {} },
      },
      {
        id: 'b7a3c1d2-0001-4000-8000-000000000005',
        name: 'Make a link',
        type: 'n8n-nodes-omnichannel.omnichannel',
        typeVersion: 1,
        position: [280, 220],
        parameters: {
          resource: 'connection',
          operation: 'createConnectLink',
          scope: "={{ $json.body?.scope ?? 'connect' }}",
          expiresAfter: '={{ $json.body?.expiresAfter ?? 7 }}',
          expiresUnit: "={{ $json.body?.expiresUnit ?? 'days' }}",
          options: {
            name: "={{ $json.body?.name ?? 'Playground' }}",
            language: "={{ $json.body?.language ?? 'browser' }}",
            tenant: "={{ $json.body?.tenant ?? 'default' }}",
          },
        },
      },
    ],
    connections: {
      'Customer Connect Page': { main: [[{ node: 'What happened', type: 'main', index: 0 }]] },
      'A link is wanted': { main: [[{ node: 'Make a link', type: 'main', index: 0 }]] },
    },
    settings: { executionOrder: 'v1' },
  };
}
