import type { INodeProperties } from 'n8n-workflow';
import { channelOptions } from '../../../shared/channelOptions';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { instantOf } from '../../../shared/fieldValues';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';

export const properties = [
  {
    displayName: 'Period',
    name: 'period',
    type: 'options',
    default: 'last7Days',
    description: "By the tenant's time zone, up to now, in whole hours",
    options: [
      { name: 'From … To …', value: 'custom' },
      { name: 'Last 30 Days', value: 'last30Days' },
      { name: 'Last 7 Days', value: 'last7Days', description: 'Today and the six days before' },
      { name: 'This Month', value: 'thisMonth' },
      { name: 'Today', value: 'today' },
      { name: 'Yesterday', value: 'yesterday' },
    ],
  },
  {
    displayName: 'From',
    name: 'from',
    type: 'dateTime',
    default: '',
    required: true,
    description: 'Counted from then on. Without a time zone it is UTC.',
    displayOptions: { show: { period: ['custom'] } },
  },
  {
    displayName: 'To',
    name: 'to',
    type: 'dateTime',
    default: '',
    description: 'Counted before then; empty means now. Without a time zone it is UTC.',
    displayOptions: { show: { period: ['custom'] } },
  },
  {
    displayName: 'Split Into Rows',
    name: 'splitInto',
    type: 'options',
    default: 'none',
    description: 'Whether one item holds everything, or one part of it comes as a table',
    options: [
      { name: 'No: One Item With Everything', value: 'none' },
      { name: 'One Row per Account', value: 'accounts' },
      { name: 'One Row per Attendant', value: 'attendants' },
      { name: 'One Row per Channel', value: 'channels' },
      { name: 'One Row per Day', value: 'days' },
      { name: 'One Row per Hour of the Day', value: 'hours' },
      {
        name: 'One Row per Journey',
        value: 'journeys',
        description:
          'And per workflow and journey message: sent, read, answered, skipped by reason',
      },
      { name: 'One Row per Rating', value: 'ratings' },
      {
        name: 'One Row per Source',
        value: 'sources',
        description: 'Where contacts came from, and how many were converted',
      },
    ],
  },
  {
    displayName: 'Filters',
    name: 'filters',
    type: 'collection',
    placeholder: 'Add Filter',
    default: {},
    options: [
      {
        displayName: 'Account Names or IDs',
        name: 'accounts',
        type: 'multiOptions',
        default: [],
        description:
          'Only figures of these accounts. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
        typeOptions: { loadOptionsMethod: 'getAccounts' },
      },
      {
        displayName: 'Channels',
        name: 'channels',
        type: 'multiOptions',
        default: [],
        options: channelOptions,
      },
      {
        displayName: 'Journey',
        name: 'journey',
        type: 'string',
        default: '',
        placeholder: 'e.g. appointmentUpcoming-24h',
        description:
          'Only results and ratings of this journey, as its keys begin; the kind alone (appointmentUpcoming) means all of them',
      },
    ],
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      {
        displayName: 'Answered Within (Hours)',
        name: 'answeredWithinHours',
        type: 'number',
        typeOptions: { minValue: 1, maxValue: 720 },
        default: 72,
        description:
          'A journey message counts as answered if the person writes in that conversation within this time',
      },
      {
        displayName: 'Converted Stage',
        name: 'convertedStage',
        type: 'string',
        default: 'client',
        description: 'The stage that a lead comes into when it is won',
      },
      storeOption,
      tenantOption,
    ],
  },
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const period = read('period');
  const filters = read('filters');
  const options = read('options');
  const isCustom = period === 'custom';
  const splitInto = read('splitInto');
  const app = await openApp(context, options.store);
  const statistics = await core.insight.getStatistics(app, {
    tenantId: tenantId(options.tenant),
    period,
    from: isCustom ? instantOf('From', read('from')) : undefined,
    to: isCustom ? instantOf('To', read('to')) : undefined,
    channels: filters.channels,
    accountIds: filters.accounts,
    journey: filters.journey?.trim(),
    answeredWithinHours: options.answeredWithinHours,
    convertedStage: options.convertedStage?.trim() || undefined,
  });
  if (splitInto === 'none') return toItem(statistics);
  return core.insight.statisticsRows(statistics, splitInto).map(toItem);
});
