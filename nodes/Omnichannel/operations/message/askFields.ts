import type { INodeProperties } from 'n8n-workflow';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import {
  idempotencyKeyOption,
  maxWaitOption,
  sendAgainOption,
  whenLimitedOption,
} from '../../../shared/sendOptions';
import { fallbackProperties } from '../../../WhatsAppCloud/content/fallbackProperties';
import { connectionLocator } from '../connection/fields';
import { conversationChannelField } from './recipientFields';

/** Names, values and defaults are those of n8n's own nodes that send and wait: its human review relies on them. */
const approvalOptions = {
  displayName: 'Approval Options',
  name: 'approvalOptions',
  type: 'fixedCollection',
  placeholder: 'Add option',
  default: {},
  displayOptions: { show: { responseType: ['approval'] } },
  options: [
    {
      displayName: 'Values',
      name: 'values',
      values: [
        {
          displayName: 'Type of Approval',
          name: 'approvalType',
          type: 'options',
          default: 'single',
          options: [
            { name: 'Approve Only', value: 'single' },
            { name: 'Approve and Disapprove', value: 'double' },
          ],
        },
        {
          displayName: 'Approve Button Label',
          name: 'approveLabel',
          type: 'string',
          default: 'Approve',
          description:
            'Up to 20 characters fit on a button; longer ones are asked as numbered text',
        },
        {
          displayName: 'Disapprove Button Label',
          name: 'disapproveLabel',
          type: 'string',
          default: 'Decline',
          displayOptions: { show: { approvalType: ['double'] } },
        },
      ],
    },
  ],
} as const satisfies INodeProperties;

const limitWaitTimeOption = {
  displayName: 'Limit Wait Time',
  name: 'limitWaitTime',
  type: 'fixedCollection',
  description:
    'Whether to limit the time this node should wait for a user response before execution resumes',
  default: { values: { limitType: 'afterTimeInterval', resumeAmount: 45, resumeUnit: 'minutes' } },
  options: [
    {
      displayName: 'Values',
      name: 'values',
      values: [
        {
          displayName: 'Limit Type',
          name: 'limitType',
          type: 'options',
          default: 'afterTimeInterval',
          description:
            'Sets the condition for the execution to resume. Can be a specified date or after some time.',
          options: [
            {
              name: 'After Time Interval',
              description: 'Waits for a certain amount of time',
              value: 'afterTimeInterval',
            },
            {
              name: 'At Specified Time',
              description: 'Waits until the set date and time to continue',
              value: 'atSpecifiedTime',
            },
          ],
        },
        {
          displayName: 'Amount',
          name: 'resumeAmount',
          type: 'number',
          displayOptions: { show: { limitType: ['afterTimeInterval'] } },
          typeOptions: { minValue: 0, numberPrecision: 2 },
          default: 1,
          description: 'The time to wait',
        },
        {
          displayName: 'Unit',
          name: 'resumeUnit',
          type: 'options',
          displayOptions: { show: { limitType: ['afterTimeInterval'] } },
          options: [
            { name: 'Minutes', value: 'minutes' },
            { name: 'Hours', value: 'hours' },
            { name: 'Days', value: 'days' },
          ],
          default: 'hours',
          description: 'Unit of the interval value',
        },
        {
          displayName: 'Max Date and Time',
          name: 'maxDateAndTime',
          type: 'dateTime',
          displayOptions: { show: { limitType: ['atSpecifiedTime'] } },
          default: '',
          description: 'Continue execution after the specified date and time',
        },
      ],
    },
  ],
} as const satisfies INodeProperties;

const [whenWindowClosed, template, variables] = fallbackProperties;
const WITH_TEMPLATE = { show: { whenWindowClosed: ['template'] } };
const TEMPLATE_HINT =
  'It asks in place of the message above. Its quick replies stand for the approval options, in their order; without them a text that is exactly one of the labels answers.';

const showForPerson = { show: { sendTo: ['person'] } };

export const askProperties = [
  {
    displayName: 'Ask',
    name: 'sendTo',
    type: 'options',
    noDataExpression: true,
    default: 'conversation',
    description: 'Who gets the question and answers it',
    options: [
      {
        name: 'A Conversation',
        value: 'conversation',
        description: 'The customer of the item, where they wrote',
      },
      {
        name: 'A Person on an Account',
        value: 'person',
        description: 'For example somebody of your staff, by their number',
      },
    ],
  },
  {
    displayName: 'Conversation',
    name: 'conversation',
    type: 'string',
    default: '={{ $json.conversation.id }}',
    required: true,
    displayOptions: { show: { sendTo: ['conversation'] } },
    placeholder: 'e.g. 01JD3Z8Q4T6W8Y0A2C4E6G8J0M',
    description: "Out of the trigger's item. Account, channel and customer follow from it.",
    hint: "If other nodes or an agent stand between, use {{ $('Omnichannel Trigger').item.json.conversation.id }}.",
  },
  conversationChannelField,
  { ...connectionLocator, hint: '', displayOptions: showForPerson },
  {
    displayName: 'Recipient',
    name: 'recipient',
    type: 'string',
    default: '',
    required: true,
    displayOptions: showForPerson,
    placeholder: 'e.g. +55 11 91234-5678',
    description: "Their phone number, or their ID on the account's channel",
  },
  {
    displayName: 'Message',
    name: 'message',
    type: 'string',
    typeOptions: { rows: 4 },
    default: '',
    required: true,
    placeholder: 'e.g. May we confirm your appointment tomorrow at 15:00?',
    description: 'The question',
  },
  {
    displayName: 'Response Type',
    name: 'responseType',
    type: 'options',
    default: 'approval',
    options: [
      {
        name: 'Approval',
        value: 'approval',
        description:
          'They tap a button, or write the number or the words of one where the channel has none',
      },
      {
        name: 'Free Text',
        value: 'freeText',
        description: 'The next text that they write in this conversation is the answer',
      },
    ],
  },
  approvalOptions,
  {
    ...whenWindowClosed,
    displayOptions: {},
    description: 'What happens when they have not written within the last 24 hours',
  },
  { ...template, displayOptions: WITH_TEMPLATE, hint: TEMPLATE_HINT },
  { ...variables, displayOptions: WITH_TEMPLATE },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      {
        displayName: 'Answer Also Starts Workflows',
        name: 'answerStartsWorkflows',
        type: 'boolean',
        default: false,
        description:
          'Whether triggers of this package also start for the answer, as for any message. Otherwise only this execution gets it.',
      },
      idempotencyKeyOption,
      limitWaitTimeOption,
      sendAgainOption,
      storeOption,
      tenantOption,
      {
        displayName: 'Text When It Is Too Late',
        name: 'tooLateText',
        type: 'string',
        default: '',
        placeholder: 'e.g. This question is closed. Please write to us.',
        description:
          'Sent once to who taps a button of a question that is answered or over. Empty: a polite sentence in the language of the tenant.',
      },
      maxWaitOption,
      whenLimitedOption,
    ],
  },
] as const satisfies INodeProperties[];
