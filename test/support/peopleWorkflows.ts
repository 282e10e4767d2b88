import type { WorkflowDefinition, WorkflowNode } from '../../playground/n8nApi.ts';

const OWN = 'n8n-nodes-omnichannel.';

function node(name: string, type: string, parameters: Record<string, unknown>): WorkflowNode {
  const id = `id-${name.toLowerCase().replaceAll(' ', '-')}`;
  return { id, name, type: `${OWN}${type}`, typeVersion: 1, position: [0, 0], parameters };
}

/** What starts the workflow, and the one thing that it does then. */
function pair(
  name: string,
  trigger: Record<string, unknown>,
  action: Record<string, unknown>,
): WorkflowDefinition {
  return {
    name,
    nodes: [
      node('Omnichannel Trigger', 'omnichannelTrigger', trigger),
      node('Omnichannel', 'omnichannel', action),
    ],
    connections: {
      'Omnichannel Trigger': { main: [[{ node: 'Omnichannel', type: 'main', index: 0 }]] },
    },
    settings: { executionOrder: 'v1' },
  };
}

/** What people write who write as they speak. */
export const LINES = ['Oi', 'tudo bem?', 'queria marcar', 'uma consulta', 'para amanhã'];

/** Answers once to all that somebody has written in a row. */
export const assistant = (collectSeconds: number) =>
  pair(
    'Assistant',
    { options: { collectSeconds } },
    { text: '={{ "Recebi " + $json.messages.length + ": " + $json.message.text }}' },
  );

/** Tells the customer who asked for a person that one is coming. */
export const onHandOver = () =>
  pair(
    'Somebody asks for a person',
    { events: ['conversation.handover'] },
    { text: '={{ "Aviso: " + $json.data.action + " " + $json.data.reason }}' },
  );

/** The front desk gives a conversation back by writing "#robo" into it. */
export const givesBack = () =>
  pair(
    'The front desk gives back',
    { events: ['message.echo'], keyword: '#robo', options: { includePaused: true } },
    { resource: 'conversation', operation: 'resumeAutomation' },
  );

/** Somebody tells their number: it becomes a part of who they are. */
export const keepsNumbers = () =>
  pair(
    'A number is told',
    { keyword: 'meu número é' },
    {
      resource: 'contact',
      operation: 'upsert',
      phone: '={{ $json.message.text.replace(/\\D/g, "") }}',
      details: { contactId: '={{ $json.contact.id }}', addTags: 'com número', stage: 'client' },
    },
  );

/** Somebody wants their data to be gone. */
export const erases = () =>
  pair(
    'A person is erased',
    { keyword: 'apaguem meus dados' },
    { resource: 'contact', operation: 'erase', confirmed: true },
  );

/** Somebody rates their visit. */
export const keepsRatings = () =>
  pair(
    'A rating is kept',
    { keyword: 'minha nota' },
    {
      resource: 'event',
      operation: 'emit',
      event: 'feedback.received',
      rating: '={{ $json.message.text.replace(/\\D/g, "") }}',
      appointmentId: 'visit-1',
    },
  );

/** The owner asks for the figures of the day, which the next node writes into a sentence. */
export const reports = (): WorkflowDefinition => {
  const { nodes, connections, ...rest } = pair(
    'Figures of the day',
    { keyword: 'relatório' },
    { resource: 'statistics', operation: 'get', period: 'today' },
  );
  const text =
    '={{ "Aviso: " + $json.messages.received + " recebidas, " + $json.ratings.count + " nota, média " + $json.ratings.mean + ", " + $json.journeys.map((one) => one.workflow.name + " " + one.sent).join(" ") }}';
  const conversation = '={{ $("Omnichannel Trigger").item.json.conversation.id }}';
  return {
    ...rest,
    nodes: [...nodes, node('Send', 'omnichannel', { conversation, text })],
    connections: {
      ...connections,
      Omnichannel: { main: [[{ node: 'Send', type: 'main', index: 0 }]] },
    },
  };
};
