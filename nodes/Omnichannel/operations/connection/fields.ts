import type { INodeProperties } from 'n8n-workflow';
import { InvalidInputError } from '../../../../core/model/errors';
import { storeOption, tenantOption } from '../../../shared/commonOptions';

/** The account that is looked after. */
export const connectionLocator = {
  displayName: 'Account',
  name: 'account',
  type: 'resourceLocator',
  default: { mode: 'list', value: '' },
  required: true,
  description: 'The connected account',
  hint: 'Behind an Omnichannel Trigger use "By ID" with {{ $json.connection.id }}.',
  modes: [
    {
      displayName: 'From List',
      name: 'list',
      type: 'list',
      placeholder: 'Select an account…',
      typeOptions: { searchListMethod: 'searchAllAccounts', searchable: true },
    },
    {
      displayName: 'By ID',
      name: 'id',
      type: 'string',
      placeholder: 'e.g. {{ $json.connection.id }}',
    },
  ],
} as const satisfies INodeProperties;

export const placeOptions = {
  displayName: 'Options',
  name: 'options',
  type: 'collection',
  placeholder: 'Add Option',
  default: {},
  options: [storeOption, tenantOption],
} as const satisfies INodeProperties;

/** @throws InvalidInputError when no account was chosen */
export function mustName(account: string): string {
  const id = account.trim();
  if (id) return id;
  throw new InvalidInputError('Account', '"Account" is empty.', {
    hint: 'Choose one from the list.',
  });
}
