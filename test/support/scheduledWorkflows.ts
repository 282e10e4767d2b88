import type { WorkflowDefinition, WorkflowNode } from '../../playground/n8nApi.ts';

const OWN = 'n8n-nodes-omnichannel.';

function node(name: string, type: string, parameters: Record<string, unknown>): WorkflowNode {
  const id = `id-${name.toLowerCase().replaceAll(' ', '-')}`;
  return { id, name, type: `${OWN}${type}`, typeVersion: 1, position: [0, 0], parameters };
}

/** The nodes one behind the other. */
function chain(name: string, nodes: WorkflowNode[]): WorkflowDefinition {
  const links = nodes
    .slice(1)
    .map((next, index) => [
      nodes[index]?.name ?? '',
      { main: [[{ node: next.name, type: 'main', index: 0 }]] },
    ]);
  return {
    name,
    nodes,
    connections: Object.fromEntries(links) as WorkflowDefinition['connections'],
    settings: { executionOrder: 'v1' },
  };
}

/** Whoever writes "agendar" is reminded in an hour. */
export const remindsLater = () =>
  chain('Reminds later', [
    node('Omnichannel Trigger', 'omnichannelTrigger', { keyword: 'agendar' }),
    node('Schedule', 'omnichannel', {
      text: '={{ "Lembrete: " + $json.message.text }}',
      sendWhen: 'atTime',
      sendAt: '={{ $now.plus({ hours: 1 }).toISO() }}',
    }),
  ]);

/** Whoever writes "amanhã" is reminded in 23 hours, of the moment in which they wrote. */
export const remindsTomorrow = () =>
  chain('Reminds tomorrow', [
    node('Omnichannel Trigger', 'omnichannelTrigger', { keyword: 'amanhã' }),
    node('Schedule', 'omnichannel', {
      text: '={{ "Pedido em " + $now.toISO() }}',
      sendWhen: 'atTime',
      sendAt: '={{ $now.plus({ hours: 23 }).toISO() }}',
    }),
  ]);

/** Whoever writes "agora" gets at once what waits for them. */
export const movesToNow = () =>
  chain('Moves to now', [
    node('Omnichannel Trigger', 'omnichannelTrigger', { keyword: 'agora' }),
    node('List', 'omnichannel', {
      operation: 'getScheduled',
      returnAll: true,
      filters: { contactId: '={{ $json.contact.id }}' },
    }),
    node('Move', 'omnichannel', {
      operation: 'reschedule',
      scheduledMessage: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
      newTime: '={{ $now.toISO() }}',
    }),
  ]);
