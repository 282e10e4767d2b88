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

/** @throws InvalidInputError when the id is empty */
export function nameOf(by: 'appointmentId' | 'externalId', value: string) {
  const id = value.trim();
  if (!id) {
    throw new InvalidInputError('ID', '"ID" is empty.', {
      hint: 'Take it from an appointment event, or from "Get Many".',
    });
  }
  return by === 'externalId'
    ? { appointmentId: null, externalId: id }
    : { appointmentId: id, externalId: null };
}
