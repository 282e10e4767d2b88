import type { EventItem } from '../model';

/** What leads to a person's data, while it is being erased. */
export interface Traces {
  /** The contact's id, and those of contacts that had become it. */
  contactIds: string[];
  conversationIds: string[];
  /** Files that were kept for them. */
  fileIds: string[];
  /** Numbers in every form, addresses, and how channels call the person: looked for in what the log tells. */
  texts: string[];
  phones: string[];
  email: string | null;
  /** The event that tells of the erasure itself. */
  eventId: string;
}

/** Where an erasure is; it begins anew behind the last as long as a message to the person is still under way. */
export const STEPS = [
  'files',
  'messages',
  'sends',
  'appointments',
  'events',
  'webhooks',
  'underWay',
] as const;
export type ErasureStep = (typeof STEPS)[number];

export interface Progress {
  step: ErasureStep;
  /** How far the events have been read. */
  seq: number;
  /** How far the bodies of webhooks have been read. */
  webhook: string;
}

export const BEGINNING: Progress = { step: 'files', seq: 0, webhook: '' };

/** Shorter ones would be found in anything. */
const SHORTEST_TRACE = 6;

export function isTrace(text: string): boolean {
  return text.length >= SHORTEST_TRACE;
}

/** Whether a text tells of the person. */
export function tellsOf(text: string, { contactIds, conversationIds, texts }: Traces): boolean {
  return [contactIds, conversationIds, texts].some((list) =>
    list.some((trace) => text.includes(trace)),
  );
}

/** What is left of an event: that it happened, when, on which account, and to nobody in particular. */
export function anonymous(item: EventItem, anonymousId: string): EventItem {
  const { message } = item;
  return {
    ...item,
    contact: item.contact && {
      id: anonymousId,
      externalId: '',
      name: null,
      phone: null,
      stage: null,
      isNew: item.contact.isNew,
    },
    message: message && {
      ...message,
      providerId: null,
      text: null,
      attachments: [],
      buttonPayload: null,
      replyTo: null,
      referral: null,
    },
    ...(item.data === undefined ? {} : { data: {} }),
    raw: null,
  };
}
