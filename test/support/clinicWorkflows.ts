import type { WorkflowDefinition, WorkflowNode } from '../../playground/n8nApi.ts';

const OWN = 'n8n-nodes-omnichannel.';

function node(name: string, type: string, parameters: Record<string, unknown>): WorkflowNode {
  const id = `id-${name.toLowerCase().replaceAll(' ', '-')}`;
  return { id, name, type: `${OWN}${type}`, typeVersion: 1, position: [0, 0], parameters };
}

function pair(name: string, first: WorkflowNode, second: WorkflowNode): WorkflowDefinition {
  return {
    name,
    nodes: [first, second],
    connections: { [first.name]: { main: [[{ node: second.name, type: 'main', index: 0 }]] } },
    settings: { executionOrder: 'v1' },
  };
}

/** Noon in São Paulo, some days ahead. */
const noonIn = (days: number) =>
  `={{ $now.setZone("America/Sao_Paulo").startOf("day").plus({ days: ${days}, hours: 12 }).toISO() }}`;

const heard = (keyword: string) => node('Omnichannel Trigger', 'omnichannelTrigger', { keyword });

const books = (days: number) =>
  node('Book', 'omnichannel', {
    resource: 'appointment',
    operation: 'upsert',
    externalId: '={{ $json.contact.id }}',
    start: noonIn(days),
    details: { contactId: '={{ $json.contact.id }}' },
  });

const says = (text: string) =>
  node('Send', 'omnichannel', { text, category: 'utility', options: { whenNotSent: 'return' } });

const when = (parameters: Record<string, unknown>) =>
  node('Due', 'customerJourneyTrigger', parameters);

const APPOINTMENT = '$json.journey.appointment.date + " " + $json.journey.appointment.time';

/** A clinic that books by chat, confirms, reminds, and writes once more to who fell silent. */
export const clinicWorkflows = (): Record<string, WorkflowDefinition> => ({
  books: pair('Books for tomorrow', heard('consulta'), books(1)),
  moves: pair('Moves to the day after', heard('remarcar'), books(2)),
  cancels: pair(
    'Cancels',
    heard('desmarcar'),
    node('Cancel', 'omnichannel', {
      resource: 'appointment',
      operation: 'cancel',
      by: 'externalId',
      id: '={{ $json.contact.id }}',
    }),
  ),
  confirms: pair(
    'Confirms',
    when({ journey: 'appointmentCreated' }),
    says(`={{ "Confirmado " + ${APPOINTMENT} }}`),
  ),
  reminds: pair(
    'Reminds a day before',
    when({ journey: 'appointmentUpcoming', amount: 24, unit: 'hours' }),
    says(`={{ "Lembrete " + ${APPOINTMENT} }}`),
  ),
  nudges: pair(
    'Writes to who fell silent',
    when({ journey: 'unansweredLead', silentHours: 21, options: { waitingFor: 'either' } }),
    says('Ainda quer conversar?'),
  ),
});
