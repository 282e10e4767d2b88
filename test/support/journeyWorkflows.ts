import type { WorkflowDefinition, WorkflowNode } from '../../playground/n8nApi.ts';
import type { Playground } from '../../playground/playground.ts';

const OWN = 'n8n-nodes-omnichannel.';
const BASE = 'n8n-nodes-base.';
const settings = { executionOrder: 'v1' };

function node(name: string, type: string, parameters: Record<string, unknown>): WorkflowNode {
  const id = `id-${name.toLowerCase().replaceAll(' ', '-')}`;
  return { id, name, type, typeVersion: 1, position: [0, 0], parameters };
}

/** The nodes one behind the other. */
function chain(name: string, nodes: WorkflowNode[]): WorkflowDefinition {
  const links = nodes
    .slice(1)
    .map((next, index) => [
      nodes[index]?.name ?? '',
      { main: [[{ node: next.name, type: 'main', index: 0 }]] },
    ]);
  const connections = Object.fromEntries(links) as WorkflowDefinition['connections'];
  const placed = nodes.map((one, index): WorkflowNode => ({ ...one, position: [index * 280, 0] }));
  return { name, nodes: placed, connections, settings };
}

const TEMPLATE = '={{ $json.journey.appointment';

/** What is due, and the one message that it sends; of an appointment it names the row. */
function journey(
  name: string,
  what: Record<string, unknown>,
  send: Record<string, unknown>,
  between: WorkflowNode[] = [],
): WorkflowDefinition {
  return chain(name, [
    node('Due', `${OWN}customerJourneyTrigger`, {
      ...what,
      // A test runs at any hour.
      options: { hours: 'any' },
    }),
    ...between,
    node('Send', `${OWN}omnichannel`, { sendTo: 'contact', ...send }),
  ]);
}

const ofAppointment = (word: string) =>
  `={{ "${word} " + $json.journey.appointment.externalId + " " + $json.journey.appointment.when }}`;

const twoHoursBefore = { journey: 'appointmentUpcoming', amount: 2, unit: 'hours' };

/** One workflow for each kind of journey, and two more for what may go wrong with a reminder. */
export const JOURNEYS = {
  confirms: () =>
    journey(
      'Confirms',
      { journey: 'appointmentCreated' },
      { text: ofAppointment('Confirmado'), category: 'utility' },
    ),
  reminds: () =>
    journey('Reminds', twoHoursBefore, {
      text: ofAppointment('Lembrete'),
      category: 'utility',
      whenWindowClosed: 'template',
      fallbackTemplate: { __rl: true, mode: 'name', value: 'lembrete_consulta|pt_BR' },
      fallbackVariables: {
        mappingMode: 'defineBelow',
        value: {
          'body:1': `${TEMPLATE}.person.name }}`,
          'body:2': `${TEMPLATE}.date }}`,
          'body:3': `${TEMPLATE}.time }}`,
          'button:0:payload': `=CONFIRM:{{ $json.journey.appointment.appointmentId }}`,
        },
        matchingColumns: [],
        schema: [],
      },
    }),
  /** Of the same moment as the one above. */
  remindsToo: () =>
    journey('Reminds, too', twoHoursBefore, { text: ofAppointment('Também'), category: 'utility' }),
  /** Between what is due and its message there is time for a change. */
  remindsSlowly: () =>
    journey(
      'Reminds slowly',
      { journey: 'appointmentUpcoming', amount: 90, unit: 'minutes' },
      { text: ofAppointment('Devagar'), category: 'utility' },
      [{ ...node('Wait', `${BASE}wait`, { amount: 15, unit: 'seconds' }), typeVersion: 1.1 }],
    ),
  thanks: () =>
    journey(
      'Thanks',
      { journey: 'appointmentFinished', amount: 1, unit: 'hours' },
      { text: ofAppointment('Obrigado'), category: 'utility' },
    ),
  congratulates: () =>
    journey(
      'Congratulates',
      { journey: 'birthday', timeOfDay: '12:00' },
      { text: '={{ "Parabéns pelos " + $json.journey.birthday.age }}', category: 'marketing' },
    ),
  nudges: () =>
    journey(
      'Nudges',
      { journey: 'unansweredLead', silentHours: 3 },
      { text: 'Ainda por aqui?', category: 'response' },
    ),
};

/** One operation of the Omnichannel node, with what is posted to it. */
const called = (path: string, ...operations: Record<string, unknown>[]) =>
  chain(`Called: ${path}`, [
    {
      ...node('Called by', `${BASE}webhook`, {
        httpMethod: 'POST',
        path,
        responseMode: 'lastNode',
        responseData: 'firstEntryJson',
        options: {},
      }),
      typeVersion: 2,
      webhookId: path,
    },
    ...operations.map((operation, index) =>
      node(`Does ${index + 1}`, `${OWN}omnichannel`, operation),
    ),
  ]);

const body = (name: string) => `={{ $('Called by').item.json.body.${name} ?? "" }}`;
const allDay = { from: '00:00', to: '24:00', days: [1, 2, 3, 4, 5, 6, 7] };
const consent = {
  resource: 'contact',
  contact: { __rl: true, mode: 'id', value: body('contact') },
  purpose: 'messages',
  source: 'front desk',
};

/** What a front desk does. */
const DESK = {
  opens: () =>
    called('opens', {
      resource: 'tenant',
      operation: 'updateSettings',
      settings: { marketingHours: { hours: allDay }, utilityHours: { hours: allDay } },
    }),
  books: () =>
    called('books', {
      resource: 'appointment',
      operation: 'upsert',
      externalId: body('externalId'),
      start: body('start'),
      phone: body('phone'),
      details: { contactId: body('contact'), name: body('name') },
    }),
  cancels: () =>
    called('cancels', {
      resource: 'appointment',
      operation: 'cancel',
      by: 'externalId',
      id: body('externalId'),
    }),
  knows: () =>
    called('knows', {
      resource: 'contact',
      operation: 'upsert',
      phone: body('phone'),
      details: { contactId: body('contact'), birthday: body('birthday') },
    }),
  agrees: () => called('agrees', { ...consent, operation: 'optIn', text: 'Pode me lembrar.' }),
  objects: () => called('objects', { ...consent, operation: 'optOut' }),
};

export type JourneyName = keyof typeof JOURNEYS;

export interface JourneyWorkflows {
  ids: Record<JourneyName, string>;
  /** Has the front desk do something. @returns the item that came of it */
  desk(what: keyof typeof DESK, how?: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** What became of the messages of a journey, over all its runs. */
  outcomes(name: JourneyName): Promise<Array<Record<string, unknown>>>;
}

/** Publishes all of it but `remindsToo`; the hours of the tenant are the whole day. */
export async function setUpJourneys({ api, n8n }: Playground): Promise<JourneyWorkflows> {
  for (const definition of Object.values(DESK)) {
    await api.publish(await api.createWorkflow(definition()));
  }
  const ids: Partial<Record<JourneyName, string>> = {};
  for (const [name, definition] of Object.entries(JOURNEYS)) {
    const id = await api.createWorkflow(definition());
    ids[name as JourneyName] = id;
    if (name !== 'remindsToo') await api.publish(id);
  }
  const workflows: JourneyWorkflows = {
    ids: ids as Record<JourneyName, string>,
    async desk(what, how = {}) {
      const response = await fetch(`${n8n.baseUrl}/webhook/${what}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(how),
      });
      const answer = await response.text();
      if (!response.ok) throw new Error(`The front desk cannot do that (${what}): ${answer}`);
      return JSON.parse(answer) as Record<string, unknown>;
    },
    async outcomes(name) {
      const runs = await api.listExecutions(workflows.ids[name], true);
      return runs
        .flatMap(({ data }) => (data as RunData).resultData?.runData?.Send ?? [])
        .flatMap(({ data }) => data?.main?.[0]?.map(({ json }) => json) ?? []);
    },
  };
  await workflows.desk('opens');
  return workflows;
}

/** The part of n8n's execution data that is looked at. */
interface RunData {
  resultData?: {
    runData?: {
      Send?: Array<{ data?: { main?: Array<Array<{ json: Record<string, unknown> }>> } }>;
    };
  };
}
