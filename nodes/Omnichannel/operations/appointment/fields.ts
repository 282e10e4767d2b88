import type { INodeProperties } from 'n8n-workflow';
import { InvalidInputError } from '../../../../core/model/errors';
import { storeOption, tenantOption } from '../../../shared/commonOptions';

/** By what an appointment is named. */
export const byField = {
  displayName: 'Named By',
  name: 'by',
  type: 'options',
  noDataExpression: true,
  default: 'appointmentId',
  options: [
    {
      name: 'Appointment ID',
      value: 'appointmentId',
      description: 'As appointment events and these operations give it',
    },
    {
      name: 'External ID',
      value: 'externalId',
      description: 'The ID of the row that "Upsert" was given',
    },
  ],
} as const satisfies INodeProperties;

export const idField = {
  displayName: 'ID',
  name: 'id',
  type: 'string',
  default: '',
  required: true,
  placeholder: 'e.g. 01K0APP0000000000000000001',
  hint: 'Behind an Omnichannel Trigger it is {{ $json.data.appointmentId }}',
} as const satisfies INodeProperties;

export const timeZoneOption = {
  displayName: 'Time Zone',
  name: 'timeZone',
  type: 'string',
  default: '',
  placeholder: 'e.g. America/Sao_Paulo',
  description: "What a time without an offset means; empty means the tenant's time zone",
} as const satisfies INodeProperties;

export const placeOptions = [storeOption, tenantOption] as const satisfies INodeProperties[];

export const ofContactOption = {
  displayName: 'Must Belong to Contact',
  name: 'ofContact',
  type: 'string',
  default: '={{ $json.contact.id }}',
  placeholder: 'e.g. 01JD3Z8Q4T6W8Y0A2C4E6G8J0M',
  description:
    'The appointment of anybody else is treated as one that does not exist. For what comes out of a message: nobody can reach the appointment of somebody else by it.',
} as const satisfies INodeProperties;

/** The options of what happens at somebody's word. */
export const ownedOptions = {
  displayName: 'Options',
  name: 'options',
  type: 'collection',
  placeholder: 'Add Option',
  default: {},
  options: [ofContactOption, ...placeOptions],
} as const satisfies INodeProperties;

/**
 * @param ofContact undefined = anybody's; an option that was chosen and is empty is nobody's
 * @throws InvalidInputError when the id is empty
 */
export function nameOf(by: 'appointmentId' | 'externalId', value: string, ofContact?: string) {
  const id = value.trim();
  if (!id) {
    throw new InvalidInputError('ID', '"ID" is empty.', {
      hint: 'Take it from an appointment event, or from "Get Many".',
    });
  }
  return by === 'externalId'
    ? { appointmentId: null, externalId: id, ofContact }
    : { appointmentId: id, externalId: null, ofContact };
}
