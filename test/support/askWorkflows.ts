import type { WorkflowDefinition, WorkflowNode } from '../../playground/n8nApi.ts';
import type { CredentialReference } from '../../playground/workflows.ts';

const OWN = 'n8n-nodes-omnichannel.';
const AI = '@n8n/n8n-nodes-langchain.';
const settings = { executionOrder: 'v1' };

type Wires = Record<string, Record<string, Array<Array<{ node: string; type: string; index: 0 }>>>>;

/** `[from, to]`, or of another kind than the main line. */
function wires(...pairs: Array<[from: string, to: string, kind?: string]>): Wires {
  const found: Wires = {};
  for (const [from, to, kind = 'main'] of pairs) {
    const outputs = ((found[from] ??= {})[kind] ??= [[]]);
    outputs[0]?.push({ node: to, type: kind, index: 0 });
  }
  return found;
}

function node(
  name: string,
  type: string,
  parameters: Record<string, unknown>,
  more: Partial<WorkflowNode> = {},
): WorkflowNode {
  const id = `id-${name.toLowerCase().replaceAll(' ', '-')}`;
  return { id, name, type, typeVersion: 1, position: [0, 0], parameters, ...more };
}

/** Starts when somebody writes the word. */
const trigger = (keyword: string) =>
  node('Omnichannel Trigger', `${OWN}omnichannelTrigger`, { keyword });

const CONVERSATION = "={{ $('Omnichannel Trigger').item.json.conversation.id }}";

const answer = (text: string) =>
  node('Answer', `${OWN}omnichannel`, { conversation: CONVERSATION, text });

/** Somebody writes the word, is asked, and reads back what they answered. */
export function asking(
  keyword: string,
  { text, ...question }: { text: string } & Record<string, unknown>,
): WorkflowDefinition {
  return {
    name: `Ask after "${keyword}"`,
    nodes: [
      trigger(keyword),
      node('Ask', `${OWN}omnichannel`, { operation: 'sendAndWait', ...question }),
      answer(text),
    ],
    connections: wires(['Omnichannel Trigger', 'Ask'], ['Ask', 'Answer']),
    settings,
  };
}

/** Starts for whatever anybody writes or taps. */
export function listening(): WorkflowDefinition {
  return {
    name: 'Everything that anybody says',
    nodes: [
      node('Omnichannel Trigger', `${OWN}omnichannelTrigger`, {
        events: ['message.received', 'message.postback'],
      }),
      node('Heard', 'n8n-nodes-base.noOp', {}),
    ],
    connections: wires(['Omnichannel Trigger', 'Heard']),
    settings,
  };
}

/** An agent that may offer a discount to the customer, once somebody of the staff has approved it on WhatsApp. */
export function reviewed(
  keyword: string,
  { accountId, staff, openAi }: { accountId: string; staff: string; openAi: CredentialReference },
): WorkflowDefinition {
  const credentials = { [openAi.type]: { id: openAi.id, name: openAi.name } };
  return {
    name: `An agent after "${keyword}"`,
    nodes: [
      trigger(keyword),
      node(
        'Agent',
        `${AI}agent`,
        { promptType: 'define', text: '={{ $json.message.text }}', options: {} },
        { typeVersion: 3.1 },
      ),
      node(
        'Model',
        `${AI}lmChatOpenAi`,
        { model: { __rl: true, mode: 'id', value: 'gpt-stand-in' }, options: {} },
        { typeVersion: 1.2, credentials },
      ),
      node('Review', `${OWN}omnichannelHitlTool`, {
        resource: 'message',
        operation: 'sendAndWait',
        sendTo: 'person',
        account: { __rl: true, mode: 'id', value: accountId },
        recipient: staff,
        message: '=Posso enviar? {{ $tool.name }}: {{ $tool.parameters.text }}',
        approvalOptions: {
          values: { approvalType: 'double', approveLabel: 'Pode', disapproveLabel: 'Não pode' },
        },
      }),
      node('Offer', `${OWN}omnichannelTool`, {
        toolDescription: 'Sends an offer to the customer',
        conversation: CONVERSATION,
        text: "={{ $fromAI('text', 'what the customer reads', 'string') }}",
      }),
      answer('={{ $json.output }}'),
    ],
    connections: wires(
      ['Omnichannel Trigger', 'Agent'],
      ['Agent', 'Answer'],
      ['Model', 'Agent', 'ai_languageModel'],
      ['Offer', 'Review', 'ai_tool'],
      ['Review', 'Agent', 'ai_tool'],
    ),
    settings,
  };
}

/** A bundled workflow with a credential on some of its nodes. */
export function withCredential(
  definition: WorkflowDefinition,
  { type, id, name }: CredentialReference,
  nodeNames: readonly string[],
): WorkflowDefinition {
  const nodes = definition.nodes.map((one) =>
    nodeNames.includes(one.name) ? { ...one, credentials: { [type]: { id, name } } } : one,
  );
  return { ...definition, nodes };
}
