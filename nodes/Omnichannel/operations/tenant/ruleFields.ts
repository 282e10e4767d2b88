import type { INodeProperties } from 'n8n-workflow';
import { languageField, nameField, timeZoneField } from './fields';
import { proceduresField } from './proceduresField';

const DAYS = [
  { name: 'Friday', value: 5 },
  { name: 'Monday', value: 1 },
  { name: 'Saturday', value: 6 },
  { name: 'Sunday', value: 7 },
  { name: 'Thursday', value: 4 },
  { name: 'Tuesday', value: 2 },
  { name: 'Wednesday', value: 3 },
] as const;

const from = {
  displayName: 'From',
  name: 'from',
  type: 'string',
  default: '08:00',
  placeholder: 'e.g. 08:00',
} as const satisfies INodeProperties;

const to = {
  displayName: 'To',
  name: 'to',
  type: 'string',
  default: '20:00',
  placeholder: 'e.g. 20:00',
  description: 'Earlier than From means on the next day; 24:00 is the end of the day',
} as const satisfies INodeProperties;

const days = {
  displayName: 'Days',
  name: 'days',
  type: 'multiOptions',
  default: [1, 2, 3, 4, 5, 6, 7],
  options: [...DAYS],
} as const satisfies INodeProperties;

/** Everything a tenant can set, but its features; what is not added stays as it is. */
export const ruleFields = [
  {
    displayName: 'Custom Values',
    name: 'custom',
    type: 'json',
    default: '{}',
    description:
      'What this tenant’s workflows look up, by name: prices, addresses, links. Names that are not given stay; null removes one.',
  },
  {
    displayName: 'Give Back After (Minutes)',
    name: 'handOverMinutes',
    type: 'number',
    typeOptions: { minValue: 0, maxValue: 10080, numberPrecision: 0 },
    default: 60,
    description:
      'So long after a person’s last answer automation goes on by itself. 0 = not until it is given back.',
  },
  {
    displayName: 'Give-Back Words',
    name: 'resumeWords',
    type: 'string',
    default: '',
    placeholder: 'e.g. robô, bot',
    description: 'Words of a customer that give the conversation back to automation, with commas',
  },
  {
    displayName: 'Hand-Over Words',
    name: 'handOverWords',
    type: 'string',
    default: '',
    placeholder: 'e.g. atendente, humano',
    description: 'Words of a customer that ask for a person, with commas',
  },
  {
    displayName: 'Keep Events (Days)',
    name: 'eventsDays',
    type: 'number',
    typeOptions: { minValue: 0, maxValue: 3650, numberPrecision: 0 },
    default: 0,
    description: 'After that they are deleted. 0 = they stay.',
  },
  {
    displayName: 'Keep Messages (Days)',
    name: 'messagesDays',
    type: 'number',
    typeOptions: { minValue: 0, maxValue: 3650, numberPrecision: 0 },
    default: 0,
    description: 'After that their words are deleted. 0 = they stay.',
  },
  {
    displayName: 'Keep Raw Payloads (Days)',
    name: 'rawDays',
    type: 'number',
    typeOptions: { minValue: 0, maxValue: 3650, numberPrecision: 0 },
    default: 0,
    description: 'After that the providers’ own objects are deleted. 0 = they stay.',
  },
  languageField,
  {
    displayName: 'Marketing Hours',
    name: 'marketingHours',
    type: 'fixedCollection',
    default: {},
    description: 'When marketing may go; at other times it waits or is refused (quiet_hours)',
    options: [
      {
        name: 'hours',
        displayName: 'Hours',
        values: [
          { ...days, default: [1, 2, 3, 4, 5, 6] },
          { ...from, default: '09:00' },
          { ...to, default: '19:00' },
        ],
      },
    ],
  },
  {
    displayName: 'Marketing Messages per Person',
    name: 'capCount',
    type: 'number',
    typeOptions: { minValue: 0, maxValue: 1000, numberPrecision: 0 },
    default: 1,
    description:
      'At most so many within the marketing period, over all channels, journeys and broadcasts',
  },
  {
    displayName: 'Marketing Period (Days)',
    name: 'capDays',
    type: 'number',
    typeOptions: { minValue: 1, maxValue: 366, numberPrecision: 0 },
    default: 7,
  },
  nameField,
  {
    displayName: 'Opt-In Words',
    name: 'optInWords',
    type: 'string',
    default: '',
    placeholder: 'e.g. voltar, start',
    description: 'A message of exactly one of them takes an opt-out back. With commas.',
  },
  {
    displayName: 'Opt-Out Words',
    name: 'optOutWords',
    type: 'string',
    default: '',
    placeholder: 'e.g. parar, sair, stop',
    description:
      'A message of exactly one of them stops marketing; case, accents and punctuation do not matter. With commas.',
  },
  {
    displayName: 'Opt-Out Words After Marketing',
    name: 'wordsAfterMarketing',
    type: 'string',
    default: '',
    placeholder: 'e.g. cancelar',
    description:
      'The same, but only in answer to a marketing message: after a reminder they mean the appointment',
  },
  proceduresField,
  {
    displayName: 'Safe Mode',
    name: 'safeMode',
    type: 'boolean',
    default: false,
    description:
      'Whether messages go to the listed recipients alone, from every node: for trying things out',
  },
  {
    displayName: 'Safe Mode Recipients',
    name: 'safeModeRecipients',
    type: 'string',
    typeOptions: { rows: 3 },
    default: '',
    placeholder: 'e.g. +55 11 98888-7777',
    description: 'Numbers as people write them, or the channels’ own IDs; with commas or in lines',
  },
  timeZoneField,
  {
    displayName: 'Utility Hours',
    name: 'utilityHours',
    type: 'fixedCollection',
    default: {},
    description:
      'When reminders, confirmations and documents may go. Answers (category response) go at any hour.',
    options: [{ name: 'hours', displayName: 'Hours', values: [days, from, to] }],
  },
] as const satisfies INodeProperties[];
