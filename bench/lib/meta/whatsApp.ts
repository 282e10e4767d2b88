import { createHmac } from 'node:crypto';
import type { WorkflowDefinition } from '../../../playground/n8nApi.ts';
import { BUSINESS_ID, NUMBERS, PAGE, type BenchNumber } from './traffic.ts';
import {
  chain,
  items,
  nodeOf,
  PATHS,
  SENDING_NODE,
  webhook,
  withCredential,
  type Credential,
  type Messages,
} from './workflows.ts';

const TYPES = 'n8n-nodes-omnichannel';
export const OUR_DOOR = 'webhook/bench-whatsapp/whatsapp_cloud';
export const PEER_DOOR = 'webhook/bench-peer-whatsapp/webhook';

/** Our trigger, with up to 50 events an execution, which waits two seconds for them. */
export function ourDoor(credential: Credential): WorkflowDefinition {
  const parameters = { options: { batchSize: 50, batchWaitSeconds: 2 } };
  const door = nodeOf('Ours', `${TYPES}.whatsAppCloudTrigger`, parameters, 2);
  return chain('Our door', [
    { ...withCredential(door, credential), webhookId: 'bench-whatsapp' },
    nodeOf('Rest', 'n8n-nodes-base.noOp', {}),
  ]);
}

/** n8n's own: an execution for each call. */
export function peerDoor(credential: Credential): WorkflowDefinition {
  const door = nodeOf('Peer', 'n8n-nodes-base.whatsAppTrigger', { updates: ['messages'] });
  return chain('Peer door', [
    { ...withCredential(door, credential), webhookId: 'bench-peer-whatsapp' },
    nodeOf('Rest', 'n8n-nodes-base.noOp', {}),
  ]);
}

/** Each message from the next of the numbers. @param accountIds in the order of NUMBERS */
export function ourSends(
  accountIds: readonly string[],
  credential: Credential,
  messages: Messages,
): WorkflowDefinition {
  const send = nodeOf(SENDING_NODE, `${TYPES}.whatsAppCloud`, {
    resource: 'message',
    operation: 'send',
    account: { __rl: true, mode: 'id', value: inTurn(accountIds) },
    recipient: '={{ $json.recipient }}',
    contentType: 'text',
    text: '={{ $json.text }}',
  });
  return chain('Ours', [webhook(PATHS.ours), items(messages), withCredential(send, credential)]);
}

export function peerSends(credential: Credential, messages: Messages): WorkflowDefinition {
  const send = nodeOf(SENDING_NODE, 'n8n-nodes-base.whatsApp', {
    resource: 'message',
    operation: 'send',
    phoneNumberId: inTurn(NUMBERS.map(({ id }) => id)),
    recipientPhoneNumber: '={{ $json.recipient }}',
    messageType: 'text',
    textBody: '={{ $json.text }}',
  });
  return chain('Peer', [webhook(PATHS.peer), items(messages), withCredential(send, credential)]);
}

function inTurn(values: readonly string[]): string {
  return `={{ ${JSON.stringify(values)}[$itemIndex % ${values.length}] }}`;
}

/** What Meta calls with for texts of people to one of the numbers, signed as by Meta. */
export function signedCall(
  texts: readonly { from: string; id: string }[],
  number: BenchNumber = NUMBERS[0],
): RequestInit {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: number.digits, phone_number_id: number.id },
    contacts: texts.map(({ from }) => ({ profile: { name: 'Cliente' }, wa_id: from })),
    messages: texts.map((text) => ({ ...text, timestamp, type: 'text', text: { body: 'Oi' } })),
  };
  const body = JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: BUSINESS_ID, changes: [{ field: 'messages', value }] }],
  });
  const signature = createHmac('sha256', PAGE.appSecret).update(body).digest('hex');
  return {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-hub-signature-256': `sha256=${signature}`,
    },
    body,
  };
}
