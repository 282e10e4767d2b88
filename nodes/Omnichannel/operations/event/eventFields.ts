import type { INodeProperties } from 'n8n-workflow';
import type { PublicEventType } from '../../../../core/model/eventTypes';

const showFor = (...events: PublicEventType[]) => ({ show: { event: events } });

/** What each event says, as fields of the panel; a field is shown for the events that have it. */
export const eventFields = [
  {
    displayName: 'Deal ID',
    name: 'dealId',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. 4711',
    description: 'The deal in your CRM',
    displayOptions: showFor('deal.created', 'deal.moved', 'deal.updated'),
  },
  {
    displayName: 'Deal Name',
    name: 'dealName',
    type: 'string',
    default: '',
    displayOptions: showFor('deal.created', 'deal.updated'),
  },
  {
    displayName: 'Stage',
    name: 'stage',
    type: 'string',
    default: '',
    description: 'Where the deal stands',
    displayOptions: showFor('deal.created', 'deal.updated'),
  },
  {
    displayName: 'From Stage',
    name: 'fromStage',
    type: 'string',
    default: '',
    description: 'Where it stood before; may be empty',
    displayOptions: showFor('deal.moved', 'lead.qualified'),
  },
  {
    displayName: 'To Stage',
    name: 'toStage',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. won',
    description: 'Where it stands now',
    displayOptions: showFor('deal.moved', 'lead.qualified'),
  },
  {
    displayName: 'Broadcast ID',
    name: 'broadcastId',
    type: 'string',
    default: '',
    required: true,
    displayOptions: showFor('broadcast.completed'),
  },
  {
    displayName: 'Contact ID',
    name: 'contact',
    type: 'string',
    default: '={{ $json.contact.id }}',
    required: true,
    description: "The contact it is about, out of the trigger's item",
    displayOptions: showFor('contact.created', 'contact.updated', 'lead.qualified'),
  },
  {
    displayName: 'Conversation ID',
    name: 'conversation',
    type: 'string',
    default: '={{ $json.conversation.id }}',
    required: true,
    description:
      "The conversation it is about, out of the trigger's item. Account and contact follow from it.",
    displayOptions: showFor(
      'conversation.closed',
      'conversation.created',
      'conversation.updated',
      'message.received',
      'message.sent',
    ),
  },
  {
    displayName: 'Text',
    name: 'messageText',
    type: 'string',
    typeOptions: { rows: 3 },
    default: '',
    description: 'What was written. The message itself is not stored, only the event.',
    displayOptions: showFor('message.received', 'message.sent'),
  },
  {
    displayName: 'What Changed',
    name: 'changed',
    type: 'string',
    default: '',
    placeholder: 'e.g. assignee, labels',
    description: 'Names of what is different now, with commas between',
    displayOptions: showFor('conversation.updated'),
  },
  {
    displayName: 'Additional Data',
    name: 'data',
    type: 'json',
    default: '{}',
    description:
      'More that subscribers should get, as a JSON object. Of messages: further fields of the message.',
  },
] as const satisfies INodeProperties[];
