import { googleCredentialData, openClinic, type Clinic } from './clinic.ts';
import { installConnectPage, newConnectLink } from './connectPage.ts';
import type { N8nApi } from './n8nApi.ts';
import { saveState, type PlaygroundState } from './state.ts';
import {
  bundledWorkflows,
  installWorkflow,
  readBundledWorkflow,
  runsHere,
  type CredentialReference,
} from './workflows.ts';
import { HUB_BASE } from '../sandbox/notificame/routes.ts';
import { HUB_SEED } from '../sandbox/notificame/seed.ts';
import { SEED } from '../sandbox/seed.ts';

/** What every playground has. The door comes first: it stands open before somebody waits for what comes through it. */
const ALWAYS = ['inbound-channels', 'welcome-new-lead'];

/** What the sandbox has for the nodes of a provider, and where the playground remembers the credential. */
interface SandboxCredential {
  type: string;
  name: string;
  key: 'credentialId' | 'whatsAppCredentialId' | 'notificaMeCredentialId' | 'googleCredentialId';
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
const GOOGLE: SandboxCredential = {
  type: 'googleServiceAccountApi',
  name: 'Clínica Sorriso Google (sandbox)',
  key: 'googleCredentialId',
  data: googleCredentialData,
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
  /** Names of further bundled workflows, or every one of them. */
  workflows: readonly string[] | 'all';
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
  /** Where further workflows were asked for: what they need to have something to do. */
  clinic: Clinic | undefined;
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
  const credentials = [credential, whatsAppCredential, notificaMeCredential];
  const workflowIds: Record<string, string> = {};
  const installOne = async (name: string): Promise<void> => {
    workflowIds[name] = await installWorkflow(api, target.state, name, credentials);
    saveState(target.dataDir, target.state);
  };
  for (const name of ALWAYS) await installOne(name);
  const further = furtherWorkflows(target.workflows);
  let clinic: Clinic | undefined;
  if (further.length > 0) {
    const googleCredential = await ensureCredential(target, GOOGLE);
    credentials.push(googleCredential);
    clinic = await openClinic({ ...target, whatsAppCredential, googleCredential });
    workflowIds['clinic-system'] = clinic.workflowId;
    for (const name of further) await installOne(name);
  }
  const { id: connectPageId, linkUrl } = await installConnectPage(target);
  workflowIds['connect-page'] = connectPageId;
  const doorUrl = `${target.webhookUrl}${doorPath()}`;
  await pointSandboxAt(target.sandboxUrl, doorUrl);
  const connectLink = await newConnectLink(linkUrl);
  const references = { credential, whatsAppCredential, notificaMeCredential };
  return { ...references, workflowIds, doorUrl, linkUrl, connectLink, clinic };
}

/** Without those that need something a sandbox does not have, as a language model. */
function furtherWorkflows(wanted: readonly string[] | 'all'): string[] {
  const names = wanted === 'all' ? bundledWorkflows().filter((name) => runsHere(name)) : wanted;
  return names.filter((name) => !ALWAYS.includes(name));
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
