import fs from 'node:fs';
import path from 'node:path';
import { GOOGLE_SEED } from '../sandbox/google/seed.ts';
import { CALENDAR_BASE } from '../sandbox/google/router.ts';
import { defaultSettings } from '../sandbox/settings.ts';
import { PLAYGROUND } from '../scripts/lib/paths.mjs';
import type { N8nApi, WorkflowDefinition, WorkflowNode } from './n8nApi.ts';
import type { PlaygroundState } from './state.ts';
import { installDefinition, type CredentialReference } from './workflows.ts';

const OWN = 'n8n-nodes-omnichannel.';
const NAME = 'Clínica Sorriso';

/** Takes people, appointments, consents and documents: the half that an n8n of one's own can import, too. */
const FILE = path.join(PLAYGROUND, 'clinic.json');

/** Who may call, as in the file: nothing asks them who they are. */
const THIS_MACHINE = '127.0.0.1, ::1';

/** What a person gets after this procedure; the sandbox looks at the ending of the address alone. */
const CLEANING = {
  name: 'Limpeza',
  code: '',
  documents: {
    document: [{ url: 'https://example.com/orientacoes.pdf', fileName: '', title: 'Orientações' }],
  },
};

export interface Clinic {
  /** Of the workflow that stands in for the clinic's own system. */
  workflowId: string;
  /** `POST { name, phone, birthday, email, stage, tags, language }`: somebody in the clinic's files; `birthday` may be "today" or "tomorrow". */
  contactUrl: string;
  /** `POST { id, title, start, minutes, phone, name, status }`: an appointment; `inHours` from now may stand for `start`. */
  appointmentUrl: string;
  /** `POST { phone, text }`: somebody agrees to marketing. */
  consentUrl: string;
}

interface Target {
  api: N8nApi;
  state: PlaygroundState;
  sandboxUrl: string;
  webhookUrl: string;
  whatsAppCredential: CredentialReference;
  googleCredential: CredentialReference;
}

/**
 * What a clinic has before its first journey: its name, language and time zone, approved WhatsApp templates, a calendar
 * that is read, and a system of its own that hands contacts and appointments over. Done once, and again after `--reset`.
 */
export async function openClinic(target: Target): Promise<Clinic> {
  const { api, state, webhookUrl, sandboxUrl } = target;
  const definition = clinicSystem(target.whatsAppCredential, target.googleCredential);
  const workflowId = await installDefinition(api, state, 'clinic-system', { definition });
  const url = (path: string) => `${webhookUrl}/webhook/clinic/${path}`;
  if (state.isClinicOpen !== true) {
    await call(url('tenant'));
    await call(url('calendar'));
    // Meta takes minutes to review a template; nobody has to wait for that here.
    await changeReview(sandboxUrl, 0);
    await call(url('templates'));
    await changeReview(sandboxUrl, defaultSettings().templateReviewMs);
    state.isClinicOpen = true;
  }
  return {
    workflowId,
    contactUrl: url('contact'),
    appointmentUrl: url('appointment'),
    consentUrl: url('consent'),
  };
}

export function googleCredentialData(sandboxUrl: string): Record<string, unknown> {
  return {
    clientEmail: GOOGLE_SEED.clientEmail,
    // As it stands in a key file.
    privateKey: GOOGLE_SEED.privateKey.replaceAll('\n', '\\n'),
    calendarId: GOOGLE_SEED.calendarId,
    timezone: GOOGLE_SEED.timeZone,
    delegatedUser: '',
    calendarBaseUrl: `${sandboxUrl}${CALENDAR_BASE}`,
    tokenUrl: `${sandboxUrl}/token`,
  };
}

async function call(url: string): Promise<void> {
  const response = await fetch(url, { method: 'POST' });
  const text = await response.text();
  if (!response.ok) throw new Error(`The clinic could not be opened (${url}): ${text}`);
}

async function changeReview(sandboxUrl: string, templateReviewMs: number): Promise<void> {
  await fetch(`${sandboxUrl}/_sandbox/settings`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ templateReviewMs }),
  });
}

/** The file that people import, and what opens the clinic, which needs the playground's credentials. */
function clinicSystem(
  whatsApp: CredentialReference,
  google: CredentialReference,
): WorkflowDefinition {
  const file = JSON.parse(fs.readFileSync(FILE, 'utf8')) as WorkflowDefinition;
  const lines: WorkflowNode[][] = [
    [
      webhook('tenant', 880),
      own('Name and hours', [280, 880], {
        resource: 'tenant',
        operation: 'upsert',
        name: NAME,
        additionalFields: { language: 'pt-BR', timeZone: GOOGLE_SEED.timeZone },
      }),
      own('Documents of a procedure', [560, 880], {
        resource: 'tenant',
        operation: 'updateSettings',
        settings: { procedures: { procedure: [CLEANING] } },
      }),
    ],
    [
      webhook('calendar', 1100),
      {
        ...own('Watch the calendar', [280, 1100], {
          resource: 'calendar',
          operation: 'watch',
          options: { everyMinutes: 0.1 },
        }),
        type: `${OWN}googleCalendarServiceAccount`,
        credentials: { [google.type]: { id: google.id, name: google.name } },
      },
    ],
    [
      webhook('templates', 1320),
      own('Accounts', [280, 1320], { resource: 'connection', operation: 'getMany' }),
      {
        ...node('First WhatsApp', 'n8n-nodes-base.set', [560, 1320], {
          mode: 'raw',
          jsonOutput:
            '={{ { id: $("Accounts").all().map((item) => item.json).find((one) => one.provider === "whatsapp_cloud").id } }}',
          options: {},
        }),
        typeVersion: 3.4,
        executeOnce: true,
      },
      {
        ...own('Ready-made templates', [840, 1320], {
          resource: 'template',
          operation: 'create',
          account: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
          source: 'ready',
          businessName: NAME,
        }),
        type: `${OWN}whatsAppCloud`,
        credentials: { [whatsApp.type]: { id: whatsApp.id, name: whatsApp.name } },
      },
    ],
  ];
  const links = lines.flatMap((line) =>
    line
      .slice(1)
      .map((next, index) => [
        line[index]?.name ?? '',
        { main: [[{ node: next.name, type: 'main', index: 0 }]] },
      ]),
  );
  const opening = Object.fromEntries(links) as WorkflowDefinition['connections'];
  return {
    ...file,
    nodes: [...file.nodes, ...lines.flat()],
    connections: { ...file.connections, ...opening },
  };
}

function node(
  name: string,
  type: string,
  position: [number, number],
  parameters: Record<string, unknown>,
): WorkflowNode {
  const id = `clinic-${name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`;
  return { id, name, type, typeVersion: 1, position, parameters };
}

function own(
  name: string,
  position: [number, number],
  parameters: Record<string, unknown>,
): WorkflowNode {
  return node(name, `${OWN}omnichannel`, position, parameters);
}

function webhook(path: string, y: number): WorkflowNode {
  return {
    ...node(`Called: ${path}`, 'n8n-nodes-base.webhook', [0, y], {
      httpMethod: 'POST',
      path: `clinic/${path}`,
      responseMode: 'lastNode',
      options: { ipWhitelist: THIS_MACHINE },
    }),
    typeVersion: 2,
    webhookId: `clinic-${path}`,
  };
}
