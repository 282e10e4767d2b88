import { CommandFailure } from '../command/failure';
import type { Credential, WorkflowNode } from '../n8n/types';

/** The nodes that each type of credential is for; a test compares it with the nodes themselves. */
export const CREDENTIALS_OF_NODES: Readonly<Record<string, readonly string[]>> = {
  metaMessaging: ['metaAccessTokenApi', 'metaOAuth2Api'],
  metaMessagingTrigger: ['metaAccessTokenApi', 'metaOAuth2Api'],
  whatsAppCloud: ['whatsAppCloudApi'],
  whatsAppCloudTrigger: ['whatsAppCloudApi'],
  notificaMe: ['notificaMeApi'],
  notificaMeTrigger: ['notificaMeApi'],
  googleCalendarServiceAccount: ['googleServiceAccountApi'],
  connectPortalTrigger: ['metaOAuth2Api', 'notificaMeApi'],
  signedWebhookTrigger: ['signedWebhookApi'],
};

/** What a node says about which of two types it uses. */
const CHOSEN_BY: Readonly<Record<string, string>> = {
  metaAccessTokenApi: 'accessToken',
  metaOAuth2Api: 'oAuth2',
};

const OWN = 'n8n-nodes-omnichannel.';

export interface GivenCredentials {
  nodes: WorkflowNode[];
  /** What a person still has to choose, a sentence each. */
  open: string[];
}

/**
 * Gives the nodes that have no credential yet the one that was asked for, or the only one of its type, and switches a node
 * on that the file has off because not everybody has its channel.
 * @param asked names or ids by type
 * @param available undefined where n8n does not tell
 */
export function withCredentials(
  nodes: readonly WorkflowNode[],
  asked: ReadonlyMap<string, string>,
  available: readonly Credential[] | undefined,
): GivenCredentials {
  const open: string[] = [];
  const given = nodes.map((node) => {
    const types = CREDENTIALS_OF_NODES[node.type.slice(OWN.length)];
    if (!node.type.startsWith(OWN) || types === undefined || hasOne(node, types)) return node;
    const credential = choose(types, asked, available);
    if (typeof credential !== 'string') return withCredential(node, credential, types.length > 1);
    if (node.disabled !== true) open.push(`"${node.name}" ${credential}`);
    return node;
  });
  return { nodes: given, open };
}

function hasOne(node: WorkflowNode, types: readonly string[]): boolean {
  return types.some((type) => node.credentials?.[type] !== undefined);
}

/** @returns a sentence about what is open, where there is none or no single one */
function choose(
  types: readonly string[],
  asked: ReadonlyMap<string, string>,
  available: readonly Credential[] | undefined,
): Credential | string {
  const wanted = types.find((type) => asked.has(type));
  if (wanted !== undefined) return findAsked(wanted, asked.get(wanted) ?? '', available);
  if (available === undefined) {
    return `needs its credential: this n8n does not list them, choose it on the canvas or name it with --credential ${types[0]}=<id>`;
  }
  // In the order of the node's own list: the type that it takes by itself comes first.
  const fitting =
    types
      .map((type) => available.filter((one) => one.type === type))
      .find((list) => list.length > 0) ?? [];
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  return fitting.length === 0
    ? `needs a credential (${types.join(' or ')}): make one in n8n, then install again or choose it on the canvas`
    : `could take ${fitting.map(({ name }) => `"${name}"`).join(', ')}: say which with --credential ${only?.type ?? ''}=<name>`;
}

function findAsked(
  type: string,
  wanted: string,
  available: readonly Credential[] | undefined,
): Credential {
  if (available === undefined) return { id: wanted, name: wanted, type };
  const fitting = available.filter(
    (one) => one.type === type && (one.id === wanted || one.name === wanted),
  );
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  const known = available.filter((one) => one.type === type).map(({ name }) => `"${name}"`);
  throw new CommandFailure(
    fitting.length > 1
      ? `${fitting.length} credentials of type ${type} are called "${wanted}": give the id of one, ${fitting.map(({ id }) => id).join(' or ')}.`
      : `n8n has no credential "${wanted}" of type ${type}${known.length > 0 ? `; it has ${known.join(', ')}` : ''}.`,
  );
}

function withCredential(
  { disabled: _disabled, ...node }: WorkflowNode,
  { type, id, name }: Credential,
  hasChoice: boolean,
): WorkflowNode {
  const authentication = CHOSEN_BY[type];
  return {
    ...node,
    credentials: { ...node.credentials, [type]: { id, name } },
    ...(hasChoice && authentication !== undefined
      ? { parameters: { ...node.parameters, authentication } }
      : {}),
  };
}
