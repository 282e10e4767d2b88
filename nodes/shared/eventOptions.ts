import type { INodePropertyOptions } from 'n8n-workflow';
import {
  REPORTED_EVENT_TYPES,
  type EventType,
  type ReportedEventType,
} from '../../core/model/eventTypes';

type EventOption = INodePropertyOptions & { value: EventType };

const option = (name: string, value: EventType, description?: string): EventOption =>
  description ? { name, value, description } : { name, value };

const NOISY = 'Several for each message: switch it on only if you use it';

/** What a customer does in a conversation: the events of every channel trigger. */
export const conversationEvents: EventOption[] = [
  option(
    'Account: Activity',
    'connection.activity',
    'Posts, likes, shares, changed comments: many',
  ),
  option('Contact: Created', 'contact.created', 'Someone wrote for the first time'),
  option('Contact: Updated', 'contact.updated'),
  option('Conversation: Created', 'conversation.created'),
  option('Conversation: Handed Over', 'conversation.handover', 'A person took over or gave back'),
  option('Message: Deleted', 'message.deleted', 'The customer took a message back'),
  option('Message: Delivered', 'message.delivered', NOISY),
  option('Message: Edited', 'message.edited'),
  option('Message: Failed', 'message.failed', 'A message of ours was not delivered'),
  option('Message: Opt-In', 'message.optin', 'The customer agreed to receive messages'),
  option('Message: Read', 'message.read', NOISY),
  option('Message: Received', 'message.received'),
  option('Message: Sent', 'message.sent', 'By this package'),
  option('Message: Sent From Elsewhere', 'message.echo', 'By a person or another app'),
  option('Message: Skipped', 'message.skipped', 'A scheduled message did not go'),
  option('Message: Outcome Unknown', 'message.unknown', 'Nobody can tell whether it arrived'),
  option('Message: Button Tapped', 'message.postback', 'A button, menu entry or ice breaker'),
  option('Comment: Received', 'comment.received', 'Under a post'),
  option('Feedback: Received', 'feedback.received', 'A rating'),
  option('Mention: Received', 'mention.received'),
  option('Message: Reaction', 'message.reaction', 'An emoji on a message'),
].sort(byName);

/** Events of the house itself: customers, appointments, accounts and deliveries. */
const houseEvents: EventOption[] = [
  option('Appointment: Cancelled', 'appointment.cancelled'),
  option('Appointment: Created', 'appointment.created'),
  option('Appointment: Updated', 'appointment.updated'),
  option('Broadcast: Completed', 'broadcast.completed'),
  option('Account: Caught Up', 'connection.caughtUp', 'Missed messages were fetched'),
  option('Account: Connected', 'connection.connected', 'An account was connected'),
  option('Account: Disconnected', 'connection.disconnected'),
  option('Account: Error', 'connection.error'),
  option('Account: Expired', 'connection.expired'),
  option('Account: Expiring', 'connection.expiring', 'An account must be reconnected soon'),
  option('Account: Quality Changed', 'connection.qualityChanged'),
  option(
    'Account: Silent',
    'connection.silent',
    'An account that usually receives has fallen silent',
  ),
  option('Contact: Erased', 'contact.erased'),
  option('Contact: Opted In', 'contact.optedIn'),
  option('Contact: Opted Out', 'contact.optedOut'),
  option('Conversation: Closed', 'conversation.closed'),
  option('Conversation: Updated', 'conversation.updated'),
  option('Deal: Created', 'deal.created'),
  option('Deal: Moved', 'deal.moved'),
  option('Deal: Updated', 'deal.updated'),
  option('Event: Parked', 'event.parked', 'A workflow lost an event three times: look at it'),
  option('Lead: Qualified', 'lead.qualified'),
  option('Provider: Unrecognised Event', 'provider.unrecognised', 'A provider sent something new'),
  option('Template: Category Changed', 'template.categoryChanged'),
  option('Template: Status Changed', 'template.statusChanged'),
  option('Webhook: Disabled', 'webhook.disabled'),
  option('Webhook: Exhausted', 'webhook.exhausted'),
  option('Webhook: Failed', 'webhook.failed'),
  option('Webhook: Received', 'webhook.received', 'By a Signed Webhook Trigger of any workflow'),
  option('Workflow: Completed', 'workflow.completed'),
];

/** What a WhatsApp number has beside conversations, and what it has none of. */
const ALSO_ON_WHATSAPP: readonly EventType[] = [
  'connection.connected',
  'connection.disconnected',
  'connection.error',
  'connection.expired',
  'connection.qualityChanged',
  'contact.optedIn',
  'contact.optedOut',
  'provider.unrecognised',
  'template.categoryChanged',
  'template.statusChanged',
];
const NOT_ON_WHATSAPP: readonly EventType[] = [
  'comment.received',
  'feedback.received',
  'mention.received',
  'message.optin',
];

/** Every event type of the log. */
export const allEvents: EventOption[] = [...conversationEvents, ...houseEvents].sort(byName);

export const whatsAppEvents: EventOption[] = allEvents.filter(
  ({ value }) =>
    ALSO_ON_WHATSAPP.includes(value) ||
    (conversationEvents.some((event) => event.value === value) && !NOT_ON_WHATSAPP.includes(value)),
);

/** What a workflow can report. */
export const reportedEvents = allEvents.filter(
  (event): event is EventOption & { value: ReportedEventType } =>
    REPORTED_EVENT_TYPES.some((type) => type === event.value),
);

/** What a subscription can ask for: a receiver of this n8n would otherwise be told of what it received, without end. */
export const deliverableEvents = allEvents.filter(({ value }) => value !== 'webhook.received');

function byName(a: EventOption, b: EventOption): number {
  return a.name.localeCompare(b.name);
}
