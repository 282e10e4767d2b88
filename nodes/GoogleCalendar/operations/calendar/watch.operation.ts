import type { INodeProperties } from 'n8n-workflow';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { tenantId } from '../../../shared/openApp';
import { listOf } from '../../eventFields';
import { calendarLocator, placeOptions } from '../../fields';
import { CREDENTIAL, chosenCalendar, openGoogle } from '../../googleCredential';

export const properties = [
  {
    displayName:
      'Run this once for each calendar. From then on its events are appointments: start workflows on them with the Omnichannel Trigger (Appointment: Created, Updated, Cancelled). It is looked at as long as a workflow with a trigger of this package is published.',
    name: 'watchNotice',
    type: 'notice',
    default: '',
  },
  calendarLocator,
  {
    displayName: 'Whose Appointment It Is',
    name: 'contact',
    type: 'collection',
    placeholder: 'Add Rule',
    default: {},
    description:
      'Usually found by lines such as "Phone: …", "Telefone: …", "E-mail: …" and "Nome: …" in the description, and by who is invited',
    options: [
      {
        displayName: 'Anywhere in the Text',
        name: 'anywhere',
        type: 'boolean',
        default: true,
        description:
          'Whether a number with country code or area code in brackets, or an address, counts wherever it stands',
      },
      {
        displayName: 'Email Labels',
        name: 'emailLabels',
        type: 'string',
        default: 'email, e-mail, mail',
        description: 'Words before the colon, with commas between them',
      },
      {
        displayName: 'Name Labels',
        name: 'nameLabels',
        type: 'string',
        default: 'name, customer, patient, nome, cliente, paciente',
        description: 'Words before the colon, with commas between them',
      },
      {
        displayName: 'Pattern',
        name: 'pattern',
        type: 'string',
        default: '',
        placeholder: 'e.g. Fone (?<phone>[+0-9 ()-]+)',
        description:
          'For those who know regular expressions: one with the groups phone, email or name, asked before everything else',
      },
      {
        displayName: 'Phone Labels',
        name: 'phoneLabels',
        type: 'string',
        default: 'phone, telephone, mobile, whatsapp, telefone, tel, celular, fone',
        description: 'Words before the colon, with commas between them',
      },
    ],
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      {
        displayName: 'Announce Existing Events',
        name: 'announcesExisting',
        type: 'boolean',
        default: false,
        description:
          'Whether what the calendar holds already is told as Appointment: Created when it is watched for the first time',
      },
      {
        displayName: 'Check Every (Minutes)',
        name: 'everyMinutes',
        type: 'number',
        typeOptions: { minValue: 0.1, maxValue: 1440 },
        default: 1,
        description: 'How often the calendar is looked at',
      },
      {
        displayName: 'Language',
        name: 'language',
        type: 'options',
        default: 'pt-BR',
        description: "Of the text that says when an appointment is; at first the tenant's",
        options: [
          { name: 'English', value: 'en' },
          { name: 'Portuguese', value: 'pt-BR' },
        ],
      },
      ...placeOptions,
    ],
  },
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const { store, tenant, ...settings } = read('options');
  const { anywhere, pattern, ...labels } = read('contact');
  const { app, access, credential } = await openGoogle(context, {
    ...(store && { store }),
    ...(tenant && { tenant }),
  });
  const calendarId = chosenCalendar(read('calendar'), credential);
  const lists = Object.entries(labels).map(([name, text]) => [name, listOf(text)] as const);
  const watched = await core.appointments.watchCalendar(app, {
    tenantId: tenantId(tenant),
    credentialId: context.getNode().credentials?.[CREDENTIAL]?.id ?? null,
    access,
    calendarId,
    settings: {
      ...settings,
      contact: {
        ...(anywhere === undefined ? {} : { anywhere }),
        ...(pattern === undefined ? {} : { pattern: pattern.trim() || null }),
        ...Object.fromEntries(lists),
      },
    },
  });
  return toItem({ ...watched, watching: true });
});
