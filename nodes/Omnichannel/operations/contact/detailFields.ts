import type { INodeProperties } from 'n8n-workflow';
import type { ContactInput } from '../../../../core/contacts';
import { jsonObjectOf, listOf } from '../../../shared/fieldValues';
import type { ParameterReader } from '../../../shared/parameters';
import { customFieldRows } from './fields';

export const detailFields = {
  displayName: 'Additional Fields',
  name: 'details',
  type: 'collection',
  placeholder: 'Add Field',
  default: {},
  options: [
    {
      displayName: 'Account ID',
      name: 'accountId',
      type: 'string',
      default: '',
      placeholder: 'e.g. {{ $json.connection.ID }}',
      description: 'The account that knows the person by the Channel ID',
    },
    {
      displayName: 'Birthday',
      name: 'birthday',
      type: 'string',
      default: '',
      placeholder: 'e.g. 12/05/1990 or 12/05',
      description: 'Day before month, or like 1990-05-12; the year may be left out',
    },
    {
      displayName: 'Channel ID',
      name: 'externalId',
      type: 'string',
      default: '',
      placeholder: 'e.g. {{ $json.contact.externalId }}',
      description: 'By which an account knows the person; needs the Account ID',
    },
    {
      displayName: 'Contact ID',
      name: 'contactId',
      type: 'string',
      default: '',
      placeholder: 'e.g. {{ $json.contact.ID }}',
      description: 'Changes this contact, whoever the number belongs to',
    },
    {
      displayName: 'Custom Fields (JSON)',
      name: 'customFieldsJson',
      type: 'json',
      default: '{}',
      placeholder: 'e.g. { "healthPlan": "Unimed" }',
      description: 'By name; null takes a field away, others stay as they are',
    },
    customFieldRows,
    {
      displayName: 'Language',
      name: 'language',
      type: 'string',
      default: '',
      placeholder: 'e.g. pt-BR',
    },
    {
      displayName: 'Source',
      name: 'source',
      type: 'string',
      default: '',
      placeholder: 'e.g. website form',
      description: 'Where the person came from',
    },
    {
      displayName: 'Stage',
      name: 'stage',
      type: 'string',
      default: '',
      placeholder: 'e.g. client',
      description:
        'Whoever writes first begins as "lead". A change from one stage to another is told by the event lead.qualified.',
    },
    {
      displayName: 'Tags (All)',
      name: 'tags',
      type: 'string',
      default: '',
      placeholder: 'e.g. VIP, Botox',
      description: 'In place of all that are there; with commas, or a list',
    },
    {
      displayName: 'Tags to Add',
      name: 'addTags',
      type: 'string',
      default: '',
      placeholder: 'e.g. VIP, Botox',
    },
    {
      displayName: 'Tags to Remove',
      name: 'removeTags',
      type: 'string',
      default: '',
      placeholder: 'e.g. new',
    },
    {
      displayName: 'Time Zone',
      name: 'timeZone',
      type: 'string',
      default: '',
      placeholder: 'e.g. America/Sao_Paulo',
      description: "Of the person, for quiet hours; empty means the tenant's",
    },
  ],
} as const satisfies INodeProperties;

type Details = ReturnType<ParameterReader<readonly [typeof detailFields]>>;

/** What the panel says, as core takes it. @throws InvalidInputError naming the field */
export function readDetails(details: Details): Partial<ContactInput> {
  const { customFields, customFieldsJson, tags, addTags, removeTags, ...texts } = details;
  const rows = customFields?.field ?? [];
  return {
    ...texts,
    ...(tags === undefined ? {} : { tags: listOf(tags) }),
    addTags: listOf(addTags),
    removeTags: listOf(removeTags),
    customFields: {
      ...jsonObjectOf('Custom Fields (JSON)', customFieldsJson),
      ...Object.fromEntries(rows.map(({ name, value }) => [name, value])),
    },
  };
}
