import { installConnectPage, newConnectLink } from './connectPage.ts';
import type { N8nApi } from './n8nApi.ts';
import { saveState, type PlaygroundState } from './state.ts';
import { installWorkflow, readBundledWorkflow, type CredentialReference } from './workflows.ts';
import { HUB_BASE } from '../sandbox/notificame/routes.ts';
import { HUB_SEED } from '../sandbox/notificame/seed.ts';
import { SEED } from '../sandbox/seed.ts';

/** In this order: the door stands open before somebody waits for what comes through it. */
export const BUNDLED_WORKFLOWS = ['inbound-channels', 'welcome-new-lead'] as const;

/** What the sandbox has for the nodes of a provider, and where the playground remembers the credential. */
interface SandboxCredential {
  type: string;
  name: string;
  key: 'credentialId' | 'whatsAppCredentialId' | 'notificaMeCredentialId';
  data: (sandboxUrl: string) => Record<string, unknown>;
}

const META: SandboxCredential = {
  type: 'metaAccessTokenApi',
  name: 'Clínica Sorriso (sandbox)',
  key: 'credentialId',
  data: metaCredentialData,
};
const WHATSAPP: SandboxCredential = {
  type: 'whatsAppCloudApi',
  name: 'Clínica Sorriso WhatsApp (sandbox)',
  key: 'whatsAppCredentialId',
  data: whatsAppCredentialData,
};
const NOTIFICAME: SandboxCredential = {
  type: 'notificaMeApi',
  name: 'Clínica Sorriso NotificaMe (sandbox)',
  key: 'notificaMeCredentialId',
  data: notificaMeCredentialData,
};
const DOOR_NODE_TYPE = 'n8n-nodes-omnichannel.metaMessagingTrigger';

export interface SetupTarget {
  api: N8nApi;
  dataDir: string;
  state: PlaygroundState;
  /** Base of the sandbox, which stands in for the Graph API. */
  sandboxUrl: string;
  /** Base of the n8n process that serves production webhooks. */
  webhookUrl: string;
}

export interface SetupResult {
  /** Of Instagram and Messenger. */
  credential: CredentialReference;
  whatsAppCredential: CredentialReference;
  notificaMeCredential: CredentialReference;
  /** n8n's ids by bundled name. */
  workflowIds: Record<string, string>;
  /** Where the sandbox delivers the webhooks of Instagram and Messenger. */
  doorUrl: string;
  /** Makes another link to the connect page for whoever calls it (POST). */
  linkUrl: string;
  /** Opens the page on which a customer connects an account. */
  connectLink: string;
}

/**
 * Brings a running n8n to the state that the playground promises: owner, API key, credential,
 * bundled workflows published, and the sandbox's webhooks pointed at the door (those of WhatsApp and NotificaMe subscribe themselves). Everything that an
 * earlier run made is found again and kept.
 */
export async function setUp(target: SetupTarget): Promise<SetupResult> {
  const { api } = target;
  await signIn(target);
  await ensureApiKey(target);
  const credential = await ensureCredential(target, META);
  const whatsAppCredential = await ensureCredential(target, WHATSAPP);
  const notificaMeCredential = await ensureCredential(target, NOTIFICAME);
  Object.assign(target.state, { sandboxUrl: target.sandboxUrl });
  saveState(target.dataDir, target.state);
  const workflowIds: Record<string, string> = {};
  for (const name of BUNDLED_WORKFLOWS) {
    workflowIds[name] = await installWorkflow(api, target.state, name, [
      credential,
      whatsAppCredential,
      notificaMeCredential,
    ]);
    saveState(target.dataDir, target.state);
  }
  const { id: connectPageId, linkUrl } = await installConnectPage(target);
  workflowIds['connect-page'] = connectPageId;
  const doorUrl = `${target.webhookUrl}${doorPath()}`;
  await pointSandboxAt(target.sandboxUrl, doorUrl);
  const connectLink = await newConnectLink(linkUrl);
  const credentials = { credential, whatsAppCredential, notificaMeCredential };
  return { ...credentials, workflowIds, doorUrl, linkUrl, connectLink };
}

async function signIn({ api, state }: SetupTarget): Promise<void> {
  if (await api.needsOwner()) await api.createOwner(state.owner);
  else await api.login(state.owner);
}

async function ensureApiKey({ api, state, dataDir }: SetupTarget): Promise<void> {
  if (state.apiKey !== undefined) {
    api.useApiKey(state.apiKey);
    if (await api.apiKeyWorks()) return;
  }
  state.apiKey = await api.createApiKey(`Playground ${new Date().toISOString()}`);
  saveState(dataDir, state);
  api.useApiKey(state.apiKey);
}

async function ensureCredential(
  { api, state, dataDir, sandboxUrl }: SetupTarget,
  { type, name, key, data }: SandboxCredential,
): Promise<CredentialReference> {
  const existing = (await api.listCredentials()).find(
    (item) =>
      item.type === type &&
      (state[key] === undefined ? item.name === name : item.id === state[key]),
  );
  // Another --sandbox-port than last time; the door notices by itself.
  if (existing && state.sandboxUrl !== sandboxUrl) {
    await api.updateCredential(existing.id, data(sandboxUrl));
  }
  const id = existing?.id ?? (await api.createCredential(name, type, data(sandboxUrl)));
  state[key] = id;
  saveState(dataDir, state);
  return { type, id, name: existing?.name ?? name };
}

function metaCredentialData(sandboxUrl: string): Record<string, unknown> {
  return {
    accessToken: SEED.pageToken,
    appId: SEED.appId,
    appSecret: SEED.appSecret,
    instagramAppSecret: '',
    pageId: SEED.pageId,
    verifyToken: SEED.verifyToken,
    graphVersion: 'v25.0',
    graphBaseUrl: sandboxUrl,
  };
}

/** Every number of the clinic. */
function whatsAppCredentialData(sandboxUrl: string): Record<string, unknown> {
  return {
    accessToken: SEED.whatsAppToken,
    phoneNumberId: '',
    businessAccountId: SEED.whatsAppBusinessId,
    appSecret: SEED.appSecret,
    verifyToken: SEED.verifyToken,
    graphVersion: 'v25.0',
    graphBaseUrl: sandboxUrl,
  };
}

/** Every channel of the clinic's sub-account. */
function notificaMeCredentialData(sandboxUrl: string): Record<string, unknown> {
  return { profile: 'hub', apiToken: HUB_SEED.token, baseUrl: `${sandboxUrl}${HUB_BASE}` };
}

/** The door's address is fixed by the webhookId that the bundled workflow carries. */
function doorPath(): string {
  const door = readBundledWorkflow('inbound-channels').nodes.find(
    (node) => node.type === DOOR_NODE_TYPE,
  );
  if (door?.webhookId === undefined) {
    throw new Error(`workflows/inbound-channels.json has no ${DOOR_NODE_TYPE} with a webhookId.`);
  }
  return `/webhook/${door.webhookId}/meta`;
}

/** What an admin does in Meta's dashboard: the callback address, with the handshake through n8n. */
async function pointSandboxAt(sandboxUrl: string, callbackUrl: string): Promise<void> {
  const response = await fetch(`${sandboxUrl}/_sandbox/subscriptions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ callbackUrl, verifyToken: SEED.verifyToken }),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`The sandbox could not subscribe ${callbackUrl}: ${answer}`);
}
