import type { INodeProperties } from 'n8n-workflow';
import { mustHave } from '../../../shared/mustHave';

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

/** @throws InvalidInputError when no account was chosen */
export function mustName(account: string): string {
  return mustHave('Account', account, 'Choose one from the list.');
}
