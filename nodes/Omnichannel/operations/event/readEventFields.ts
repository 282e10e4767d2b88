import type { ReportedEventType } from '../../../../core/model/eventTypes';
import { jsonObjectOf, listOf } from '../../../shared/fieldValues';
import type { ParameterReader } from '../../../shared/parameters';
import type { eventFields } from './eventFields';

type Read = ParameterReader<typeof eventFields>;

/** What an event says and whom it is about. */
export interface ReportedEvent {
  data: Record<string, unknown>;
  conversationId?: string;
  contactId?: string;
}

/**
 * From the fields that the panel shows for this event; the others must not be read, n8n has none of them. Empty texts
 * are left out, so that core says what is missing.
 */
export function readEventFields(event: ReportedEventType, read: Read): ReportedEvent {
  const more = jsonObjectOf('Additional Data', read('data'));
  switch (event) {
    case 'deal.created':
    case 'deal.updated':
      return {
        data: {
          ...more,
          ...given({ dealId: read('dealId'), name: read('dealName'), stage: read('stage') }),
        },
      };
    case 'deal.moved':
      return { data: { ...more, ...given({ dealId: read('dealId') }), ...stages(read) } };
    case 'lead.qualified':
      return { data: { ...more, ...stages(read) }, contactId: read('contact').trim() };
    case 'broadcast.completed':
      return { data: { ...more, ...given({ broadcastId: read('broadcastId') }) } };
    case 'contact.created':
    case 'contact.updated':
      return { data: more, contactId: read('contact').trim() };
    case 'feedback.received':
      return readRating(read, more);
    case 'conversation.created':
    case 'conversation.closed':
      return { data: more, conversationId: read('conversation').trim() };
    case 'conversation.updated':
      return {
        data: { ...more, changed: listOf(read('changed')) },
        conversationId: read('conversation').trim(),
      };
    case 'message.received':
    case 'message.sent':
      return {
        data: { ...more, ...given({ text: read('messageText') }) },
        conversationId: read('conversation').trim(),
      };
    case 'workflow.completed':
      return { data: more };
  }
}

function readRating(read: Read, more: Record<string, unknown>): ReportedEvent {
  const conversationId = read('ratedIn').trim();
  return {
    data: {
      ...more,
      ...given({
        rating: read('rating'),
        comment: read('comment'),
        appointmentId: read('appointmentId'),
        journeyKey: read('journeyKey'),
      }),
    },
    contactId: read('contact').trim(),
    ...(conversationId && { conversationId }),
  };
}

function stages(read: Read): Record<string, string> {
  return given({ fromStage: read('fromStage'), toStage: read('toStage') });
}

function given(fields: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([, value]) => value !== ''),
  );
}
