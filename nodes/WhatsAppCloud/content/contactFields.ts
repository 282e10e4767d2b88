import type { INodeProperties } from 'n8n-workflow';

const kind = {
  displayName: 'Kind',
  name: 'kind',
  type: 'options',
  default: 'WORK',
  options: [
    { name: 'Home', value: 'HOME' },
    { name: 'Work', value: 'WORK' },
  ],
} as const satisfies INodeProperties;

const phoneFields = [
  {
    displayName: 'Number',
    name: 'number',
    type: 'string',
    default: '',
    placeholder: 'e.g. +55 11 98888-7777',
  },
  kind,
  {
    displayName: 'WhatsApp Number',
    name: 'waId',
    type: 'string',
    default: '',
    placeholder: 'e.g. 5511988887777',
    description: 'Digits with country code: then the card has a button to write there (optional)',
  },
] as const satisfies INodeProperties[];

const emailFields = [
  {
    displayName: 'Address',
    name: 'address',
    type: 'string',
    default: '',
    placeholder: 'e.g. name@email.com',
  },
  kind,
] as const satisfies INodeProperties[];

const websiteFields = [
  {
    displayName: 'URL',
    name: 'url',
    type: 'string',
    default: '',
    placeholder: 'e.g. https://example.com',
  },
  kind,
] as const satisfies INodeProperties[];

/** One contact card, in the order in which people fill it in. */
export const contactFields = [
  {
    displayName: 'First Name',
    name: 'firstName',
    type: 'string',
    default: '',
    placeholder: 'e.g. Ana',
  },
  {
    displayName: 'Last Name',
    name: 'lastName',
    type: 'string',
    default: '',
    placeholder: 'e.g. Lima',
  },
  {
    displayName: 'Whole Name',
    name: 'wholeName',
    type: 'string',
    default: '',
    placeholder: 'e.g. Dr. Ana Lima',
    description: 'As it is shown. Empty means: first and last name.',
  },
  {
    displayName: 'Phones',
    name: 'phones',
    type: 'fixedCollection',
    typeOptions: { multipleValues: true },
    default: {},
    placeholder: 'Add Phone',
    options: [{ displayName: 'Phone', name: 'phone', values: phoneFields }],
  },
  {
    displayName: 'Emails',
    name: 'emails',
    type: 'fixedCollection',
    typeOptions: { multipleValues: true },
    default: {},
    placeholder: 'Add Email',
    options: [{ displayName: 'Email', name: 'email', values: emailFields }],
  },
  {
    displayName: 'Websites',
    name: 'websites',
    type: 'fixedCollection',
    typeOptions: { multipleValues: true },
    default: {},
    placeholder: 'Add Website',
    options: [{ displayName: 'Website', name: 'website', values: websiteFields }],
  },
  {
    displayName: 'Company',
    name: 'company',
    type: 'string',
    default: '',
    placeholder: 'e.g. Clínica Sorriso',
  },
  {
    displayName: 'Department',
    name: 'department',
    type: 'string',
    default: '',
    placeholder: 'e.g. Reception',
  },
  {
    displayName: 'Job Title',
    name: 'jobTitle',
    type: 'string',
    default: '',
    placeholder: 'e.g. Dentist',
  },
  {
    displayName: 'Birthday',
    name: 'birthday',
    type: 'string',
    default: '',
    placeholder: 'e.g. 1990-05-31',
  },
] as const satisfies INodeProperties[];
