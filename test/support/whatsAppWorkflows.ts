import type { WorkflowDefinition, WorkflowNode } from '../../playground/n8nApi.ts';
import type { Playground } from '../../playground/playground.ts';

const OWN = 'n8n-nodes-omnichannel.';
const settings = { executionOrder: 'v1' };
const follows = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });

export interface SentTo {
  recipient: string;
  contentType?: string;
  text?: string;
  /** `name|language` */
  template?: string;
  variables?: Record<string, string>;
}

/** Workflows about WhatsApp in a real n8n. */
export interface WhatsAppWorkflows {
  /** Calls a workflow whose one node sends; it continues after an error. @returns the item that came out */
  send(choice: SentTo): Promise<Record<string, unknown>>;
}

/**
 * Publishes two workflows: one sends what it is called with, from the account; the other answers a tapped button with a
 * text and a document of its item.
 */
export async function setUpWhatsAppWorkflows(
  { api, n8n, setup }: Playground,
  accountId: string,
): Promise<WhatsAppWorkflows> {
  const { type, id, name } = setup.whatsAppCredential;
  const credentials = { [type]: { id, name } };
  const publish = async (definition: WorkflowDefinition) => {
    await api.publish(await api.createWorkflow(definition));
  };
  for (const contentType of ['text', 'template']) {
    await publish(sending(contentType, accountId, credentials));
  }
  await publish(answering(credentials));
  return {
    async send({ contentType = 'text', ...choice }) {
      const response = await fetch(`${n8n.baseUrl}/webhook/whatsapp-${contentType}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(choice),
      });
      const answer: unknown = await response.json();
      if (!response.ok) throw new Error(`The workflow failed: ${JSON.stringify(answer)}`);
      return (answer as Array<Record<string, unknown>>)[0] ?? {};
    },
  };
}

type Credentials = WorkflowNode['credentials'];

function sending(
  contentType: string,
  accountId: string,
  credentials: Credentials,
): WorkflowDefinition {
  const content =
    contentType === 'text'
      ? { text: '={{ $json.body.text }}' }
      : {
          template: { __rl: true, mode: 'name', value: '={{ $json.body.template }}' },
          variables: {
            mappingMode: 'defineBelow',
            value: Object.fromEntries(
              ['body:1', 'body:2', 'body:3', 'button:0:payload'].map((slot) => [
                slot,
                `={{ $json.body.variables?.["${slot}"] ?? "" }}`,
              ]),
            ),
            matchingColumns: [],
            schema: [],
          },
        };
  return {
    name: `Send a ${contentType} on WhatsApp`,
    nodes: [
      {
        id: `call-${contentType}`,
        name: 'Called by',
        type: 'n8n-nodes-base.webhook',
        typeVersion: 2,
        position: [0, 0],
        webhookId: `whatsapp-${contentType}`,
        parameters: {
          httpMethod: 'POST',
          path: `whatsapp-${contentType}`,
          responseMode: 'lastNode',
          responseData: 'allEntries',
          options: {},
        },
      },
      {
        id: `send-${contentType}`,
        name: 'WhatsApp Cloud',
        type: `${OWN}whatsAppCloud`,
        typeVersion: 1,
        position: [260, 0],
        onError: 'continueRegularOutput',
        credentials,
        parameters: {
          account: { __rl: true, mode: 'id', value: accountId },
          recipient: '={{ $json.body.recipient }}',
          contentType,
          ...content,
        },
      } as WorkflowNode,
    ],
    connections: { 'Called by': follows('WhatsApp Cloud') },
    settings,
  };
}

function answering(credentials: Credentials): WorkflowDefinition {
  const whatsApp = { type: `${OWN}whatsAppCloud`, typeVersion: 1, credentials };
  const trigger = "$('Omnichannel Trigger').item.json";
  return {
    name: 'Answer a tapped button on WhatsApp',
    nodes: [
      {
        id: 'tapped',
        name: 'Omnichannel Trigger',
        type: `${OWN}omnichannelTrigger`,
        typeVersion: 1,
        position: [0, 0],
        parameters: { events: ['message.postback'] },
      },
      {
        id: 'thanks',
        name: 'Thank',
        ...whatsApp,
        position: [220, 0],
        parameters: { text: '={{ "Confirmado: " + $json.message.buttonPayload }}' },
      },
      {
        id: 'document',
        name: 'Make the document',
        type: 'n8n-nodes-base.convertToFile',
        typeVersion: 1.1,
        position: [440, 0],
        parameters: {
          operation: 'toJson',
          mode: 'each',
          options: { fileName: 'preparo.json' },
        },
      },
      {
        id: 'send-document',
        name: 'Send the document',
        ...whatsApp,
        position: [660, 0],
        parameters: {
          account: { __rl: true, mode: 'id', value: `={{ ${trigger}.connection.id }}` },
          recipient: `={{ ${trigger}.contact.externalId }}`,
          contentType: 'file',
          source: 'binary',
          caption: 'Como se preparar',
        },
      },
    ],
    connections: {
      'Omnichannel Trigger': follows('Thank'),
      Thank: follows('Make the document'),
      'Make the document': follows('Send the document'),
    },
    settings,
  };
}
