import type { INodeProperties } from 'n8n-workflow';
import { draftProperties } from './draftProperties';

/** Fields of a template that somebody writes in the panel. */
export const ownProperties = [
  {
    displayName: 'Name',
    name: 'name',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. lembrete_consulta',
    description: 'Small letters without accents, digits and underscores',
  },
  {
    displayName: 'Language',
    name: 'language',
    type: 'string',
    default: 'pt_BR',
    required: true,
    placeholder: 'e.g. pt_BR',
  },
  {
    displayName: 'Category',
    name: 'category',
    type: 'options',
    default: 'UTILITY',
    description: 'What it is for; it decides price and who may be written to',
    hint: 'Meta may put it into another category. Anything with an offer in it is marketing.',
    options: [
      { name: 'Authentication', value: 'AUTHENTICATION', description: 'A code to log in with' },
      {
        name: 'Marketing',
        value: 'MARKETING',
        description: 'Offers, birthday wishes, win-back, surveys',
      },
      {
        name: 'Utility',
        value: 'UTILITY',
        description: 'Something the customer did or asked for: confirmation, reminder, document',
      },
    ],
  },
  {
    displayName: 'Components As',
    name: 'componentsAs',
    type: 'options',
    noDataExpression: true,
    default: 'fields',
    options: [
      { name: 'Fields', value: 'fields', description: 'Fill in header, body, footer and buttons' },
      { name: 'JSON', value: 'json', description: "In the form of Meta's documentation" },
    ],
  },
  ...draftProperties,
] as const satisfies INodeProperties[];
