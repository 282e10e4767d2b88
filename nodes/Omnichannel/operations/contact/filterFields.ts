import type { INodeProperties } from 'n8n-workflow';
import type { ContactFilter } from '../../../../core/contacts';
import { channelOptions } from '../../../shared/channelOptions';
import { listOf } from '../../../shared/fieldValues';
import type { ParameterReader } from '../../../shared/parameters';
import { customFieldRows } from './fields';

export const filterFields = {
  displayName: 'Filters',
  name: 'filters',
  type: 'collection',
  placeholder: 'Add Filter',
  default: {},
  options: [
    {
      displayName: 'Account Names or IDs',
      name: 'accountIds',
      type: 'multiOptions',
      typeOptions: { loadOptionsMethod: 'getAccounts' },
      default: [],
      description:
        'Known at one of these. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
    },
    {
      displayName: 'Birthday From',
      name: 'birthdayFrom',
      type: 'string',
      default: '',
      placeholder: 'e.g. {{ $today.toFormat("dd/MM") }}',
      description: 'Day and month of any year; without a "Birthday To" that day alone',
    },
    {
      displayName: 'Birthday To',
      name: 'birthdayTo',
      type: 'string',
      default: '',
      placeholder: 'e.g. 31/12',
      description: 'That day included; before the first day means over the end of the year',
    },
    {
      displayName: 'Channels',
      name: 'channels',
      type: 'multiOptions',
      default: [],
      options: channelOptions,
      description: 'Known on one of these',
    },
    {
      displayName: 'Consent',
      name: 'consents',
      type: 'multiOptions',
      default: [],
      description: 'All of these hold',
      options: [
        { name: 'All Messages: Agreed', value: 'messages:in' },
        { name: 'All Messages: Refused', value: 'messages:out' },
        { name: 'Marketing: Agreed', value: 'marketing:in' },
        { name: 'Marketing: Nothing Said', value: 'marketing:none' },
        { name: 'Marketing: Refused', value: 'marketing:out' },
      ],
    },
    {
      displayName: 'Created From',
      name: 'createdFrom',
      type: 'dateTime',
      default: '',
    },
    {
      displayName: 'Created To',
      name: 'createdTo',
      type: 'dateTime',
      default: '',
      description: 'Before this moment',
    },
    { ...customFieldRows, description: 'Exactly these values; capitals and accents do not count' },
    {
      displayName: 'Email',
      name: 'email',
      type: 'string',
      placeholder: 'e.g. name@email.com',
      default: '',
    },
    {
      displayName: 'Last Activity From',
      name: 'activeFrom',
      type: 'dateTime',
      default: '',
      description: 'Wrote then or later',
    },
    {
      displayName: 'Last Activity To',
      name: 'activeTo',
      type: 'dateTime',
      default: '',
      description: 'Has not written since then',
    },
    {
      displayName: 'Phone',
      name: 'phone',
      type: 'string',
      default: '',
      placeholder: 'e.g. (11) 98888-7777',
      description: 'The whole number, with or without the ninth digit; a part of it under "Search"',
    },
    {
      displayName: 'Search',
      name: 'search',
      type: 'string',
      default: '',
      placeholder: 'e.g. ana sou',
      description:
        'Beginnings of words of name, e-mail address or user name, or of a number or its last four digits',
    },
    {
      displayName: 'Source',
      name: 'sources',
      type: 'string',
      default: '',
      placeholder: 'e.g. website form',
      description: 'Several with commas: any of them',
    },
    {
      displayName: 'Stage',
      name: 'stages',
      type: 'string',
      default: '',
      placeholder: 'e.g. lead, client',
      description: 'Several with commas: any of them',
    },
    {
      displayName: 'Tags',
      name: 'tags',
      type: 'string',
      default: '',
      placeholder: 'e.g. VIP, Botox',
      description: 'Has at least one of them',
    },
    {
      displayName: 'Without Tags',
      name: 'withoutTags',
      type: 'string',
      default: '',
      placeholder: 'e.g. do not call',
      description: 'Has none of them',
    },
  ],
} as const satisfies INodeProperties;

export const savedFilterOption = {
  displayName: 'Saved Filter',
  name: 'savedFilter',
  type: 'string',
  default: '',
  placeholder: 'e.g. VIP without visit',
  description:
    'Name of a filter that was kept with "Save Filter As" of Get Many; filters above count in place of its own',
} as const satisfies INodeProperties;

type FilterValues = ReturnType<ParameterReader<readonly [typeof filterFields]>>;

/** What the panel says, as core looks for it. */
export function readFilterFields(filters: FilterValues): ContactFilter {
  const { tags, withoutTags, stages, sources, customFields, ...rest } = filters;
  const rows = customFields?.field ?? [];
  const given = Object.entries(rest).filter(
    ([, value]) => value !== '' && !(Array.isArray(value) && value.length === 0),
  );
  return {
    ...(Object.fromEntries(given) as Partial<typeof rest>),
    ...(tags ? { tags: listOf(tags) } : {}),
    ...(withoutTags ? { withoutTags: listOf(withoutTags) } : {}),
    ...(stages ? { stages: listOf(stages) } : {}),
    ...(sources ? { sources: listOf(sources) } : {}),
    ...(rows.length > 0 ? { customFields: rows } : {}),
  };
}
