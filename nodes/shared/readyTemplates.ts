import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { ReadyOutcome, ReadyRequest } from '../../core/providers/whatsapp-cloud';
import type { ProviderConnection } from '../../core/providers/provider';
import { accountOf } from './accountRuns';
import type { ParameterReader } from './parameters';

const MINUTE_MS = 60_000;

/** The field that says whether a template is written in the panel or taken ready-made. */
export const templateSource = {
  displayName: 'Kind',
  name: 'source',
  type: 'options',
  noDataExpression: true,
  default: 'own',
  options: [
    { name: 'My Own', value: 'own', description: 'One template, written here' },
    {
      name: 'Ready-Made for the Journeys',
      value: 'ready',
      description:
        'Those that the bundled workflows send, in Portuguese and English: creates what is missing and leaves what is there',
    },
  ],
} as const satisfies INodeProperties;

/** Which of the ready-made templates, in whose name, and how long to wait for them. */
export const readyProperties = [
  {
    displayName: 'Templates',
    name: 'readyTemplates',
    type: 'multiOptions',
    default: [
      'boas_vindas_lead',
      'confirmacao_consulta',
      'lembrete_consulta_24h',
      'documentos_pos_procedimento',
      'pesquisa_atendimento',
      'aniversario_cliente',
      'retomada_contato',
      'aviso_equipe',
    ],
    options: [
      {
        name: 'Appointment Confirmation (Confirmacao_consulta)',
        value: 'confirmacao_consulta',
        description: 'Utility: name, business, day, time; confirm, reschedule, cancel',
      },
      {
        name: 'Appointment Reminder (Lembrete_consulta_24h)',
        value: 'lembrete_consulta_24h',
        description: 'Utility: name, business, day, time; confirm, reschedule, cancel',
      },
      {
        name: 'Birthday (Aniversario_cliente)',
        value: 'aniversario_cliente',
        description: 'Marketing: name, business',
      },
      {
        name: 'Documents After a Visit (Documentos_pos_procedimento)',
        value: 'documentos_pos_procedimento',
        description: 'Utility: a document above; name, business',
      },
      {
        name: 'Feedback (Pesquisa_atendimento)',
        value: 'pesquisa_atendimento',
        description: 'Utility: name, business; five grades',
      },
      {
        name: 'Follow-Up of a Lead (Retomada_contato)',
        value: 'retomada_contato',
        description: 'Marketing: name, business; go on, stop',
      },
      {
        name: 'Notice to the Staff (Aviso_equipe)',
        value: 'aviso_equipe',
        description: 'Utility: name, business, what happened, with whom',
      },
      {
        name: 'Welcome of a Lead (Boas_vindas_lead)',
        value: 'boas_vindas_lead',
        description: 'Marketing: name, business; book, prices, team',
      },
    ],
  },
  {
    displayName: 'Languages',
    name: 'readyLanguages',
    type: 'multiOptions',
    default: ['pt_BR', 'en'],
    options: [
      { name: 'English', value: 'en' },
      { name: 'Portuguese (Brazil)', value: 'pt_BR' },
    ],
  },
  {
    displayName: 'Business Name',
    name: 'businessName',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. Clínica Sorriso',
    description: "What Meta's reviewers read as the name of the business; each message brings it",
  },
  {
    displayName: 'Wait for the Review (Minutes)',
    name: 'followMinutes',
    type: 'number',
    typeOptions: { minValue: 0, maxValue: 1440 },
    default: 0,
    description:
      'How long the node waits until Meta has reviewed them. 0 means not at all: the event template.statusChanged tells later.',
  },
] as const satisfies INodeProperties[];

export const documentHandleOption = {
  displayName: 'Document Example Handle',
  name: 'documentHandle',
  type: 'string',
  default: '',
  placeholder: 'e.g. 4:cGljdHVyZS5qcGc=:aW1hZ2UvanBlZw==:…',
  description: "An example document, as Meta's Resumable Upload API gave it",
  displayOptions: { show: { '/source': ['ready'] } },
} as const satisfies INodeProperties;

export function readReadyRequest(
  read: ParameterReader<typeof readyProperties>,
  signal: AbortSignal | undefined,
): ReadyRequest {
  return {
    names: read('readyTemplates'),
    languages: read('readyLanguages'),
    businessName: read('businessName'),
    followMs: read('followMinutes') * MINUTE_MS,
    signal,
  };
}

/** One item for each template and language, with how it stands. */
export function readyItems(
  connection: ProviderConnection,
  outcomes: readonly ReadyOutcome[],
): IDataObject[] {
  return outcomes.map(({ outcome, retryable, detail, ...template }) => ({
    success: outcome !== 'failed',
    outcome,
    retryable,
    detail,
    ...accountOf(connection),
    template: { ...template, key: `${template.name}|${template.language}` },
  }));
}
