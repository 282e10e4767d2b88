import type { INodeProperties } from 'n8n-workflow';
import { storeOption } from '../../../shared/commonOptions';

/** Whose settings they are. */
export const tenantIdField = {
  displayName: 'Tenant ID',
  name: 'tenantId',
  type: 'string',
  default: 'default',
  required: true,
  description:
    'Everything belongs to "default" where one n8n serves one business. Others are named by letters, digits, dots and dashes.',
} as const satisfies INodeProperties;

/** The tenant is a field of its own here. */
export const optionsField = {
  displayName: 'Options',
  name: 'options',
  type: 'collection',
  placeholder: 'Add Option',
  default: {},
  options: [storeOption],
} as const satisfies INodeProperties;

export const nameField = {
  displayName: 'Name',
  name: 'name',
  type: 'string',
  default: '',
  placeholder: 'e.g. Clínica Sol',
  description: 'As its customers know it',
} as const satisfies INodeProperties;

export const languageField = {
  displayName: 'Language',
  name: 'language',
  type: 'options',
  default: 'pt-BR',
  description: 'Of what customers read, where a contact has no language of its own',
  options: [
    { name: 'English', value: 'en' },
    { name: 'Portuguese (Brazil)', value: 'pt-BR' },
  ],
} as const satisfies INodeProperties;

export const timeZoneField = {
  displayName: 'Time Zone',
  name: 'timeZone',
  type: 'string',
  default: 'America/Sao_Paulo',
  placeholder: 'e.g. America/Sao_Paulo',
  description: 'By whose clock hours are meant, where a contact has no time zone of its own',
} as const satisfies INodeProperties;
