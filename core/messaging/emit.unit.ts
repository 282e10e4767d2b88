import { EVENT_SCHEMAS, firstFault } from '../events/schemas';
import type { JsonSchema } from '../events/schemas';
import {
  InvalidInputError,
  NotFoundError,
  type EventItem,
  type Message,
  type ReportedEventType,
} from '../model';
import { findAccount } from '../store/statements/accounts';
import { findAppointment } from '../store/statements/appointments';
import { findContact, findIdentityOfContact, lockContacts } from '../store/statements/contacts';
import { findConversation, listConversationsOfContact } from '../store/statements/conversations';
import {
  claimEmitKey,
  findEmittedEvent,
  noteEmittedEvent,
} from '../store/statements/emittedEvents';
import { appendEvent, type NewEvent } from '../store/statements/events';
import { insertStageChanges } from '../store/statements/sendOutcomes';
import { tenantUnit, type TenantTx } from '../store/unit';
import { eventOf } from './item';
import { keepRating, readRating } from './rating';

/** What became of a report. */
export interface EmittedEvent {
  /** null: a repeat so late that the event itself has been pruned. */
  item: EventItem | null;
  eventId: string;
  duplicate: boolean;
}

export interface RecordEmittedArgs {
  event: ReportedEventType;
  data: Record<string, unknown> | null;
  conversationId: string | null;
  contactId: string | null;
  occurredAt: number;
  key: string;
}

/** Claims the key and appends the event, together or not at all; a rating is kept with it. */
export const recordEmittedEvent = tenantUnit(
  __filename,
  'recordEmittedEvent',
  async (tx, args: RecordEmittedArgs): Promise<EmittedEvent> => {
    if (!(await claimEmitKey(tx, args.key))) return await firstEvent(tx, args.key);
    const about = await whomItIsAbout(tx, args);
    if (args.event === 'feedback.received') return await recordRating(tx, args, about);
    const item = await appendEvent(tx, mustFitSchema(tx, withData(tx, args, about)));
    await noteEmittedEvent(tx, args.key, item.id);
    if (args.event === 'lead.qualified') await noteStep(tx, item, args.occurredAt);
    return { item, eventId: item.id, duplicate: false };
  },
);

async function firstEvent(tx: TenantTx, key: string): Promise<EmittedEvent> {
  const first = await findEmittedEvent(tx, key);
  const item = first?.payload ? (JSON.parse(first.payload) as EventItem) : null;
  return { item, eventId: first?.eventId ?? '', duplicate: true };
}

/** A step that another system tells of counts as a conversion as one made here does. */
async function noteStep(tx: TenantTx, item: EventItem, at: number): Promise<void> {
  const contact = item.contact && (await findContact(tx, item.contact.id));
  if (!contact) return;
  const { fromStage, toStage } = item.data as { fromStage: string | null; toStage: string };
  const place = { channel: item.channel, accountId: item.connection?.id ?? null };
  await insertStageChanges(tx, [
    { contactId: contact.id, fromStage, toStage, source: contact.source, ...place, at },
  ]);
}

/** A rating is kept, too, and told only where it says something new. */
async function recordRating(
  tx: TenantTx,
  { key, data, ...args }: RecordEmittedArgs,
  about: NewEvent,
): Promise<EmittedEvent> {
  const { appointmentId, journeyKey, rating, comment, ...more } = data ?? {};
  const rated = readRating({ appointmentId, journeyKey, rating, comment });
  const event = (said: Record<string, unknown>) =>
    mustFitSchema(tx, { ...about, data: { ...more, ...said } });
  const contactId = event({ rating: rated.rating, comment: null }).contact?.id ?? '';
  // Nobody erases or merges them meanwhile; who was, is not there any more.
  const [contact] = await lockContacts(tx, [contactId]);
  if (!contact || contact.merged_into !== null || contact.erased_at !== null) {
    notFound('The contact', contactId);
  }
  await mustBeTheirs(tx, contactId, rated.appointmentId);
  const by = {
    contactId,
    accountId: about.connection?.id ?? null,
    conversationId: about.conversation?.id ?? null,
    channel: about.channel,
    givenAt: args.occurredAt,
  };
  const kept = await keepRating(tx, rated, by, async (said) => await appendEvent(tx, event(said)));
  const eventId = kept.duplicate ? kept.eventId : kept.item.id;
  await noteEmittedEvent(tx, key, eventId);
  if (kept.duplicate) return await firstEvent(tx, key);
  return { item: kept.item, eventId, duplicate: false };
}

/**
 * Nobody rates the visit of somebody else; an id that is not one of ours belongs to another system.
 * @throws InvalidInputError
 */
async function mustBeTheirs(
  tx: TenantTx,
  contactId: string,
  appointmentId: string | null,
): Promise<void> {
  const visit = appointmentId === null ? undefined : await findAppointment(tx, appointmentId);
  const owner = visit?.contact_id ?? contactId;
  if (owner === contactId) return;
  throw new InvalidInputError(
    'Appointment ID',
    `The appointment "${appointmentId}" is somebody else's. Nothing was kept.`,
    { hint: 'Take it out of the button that this person tapped.' },
  );
}

/** The event with account, contact and conversation as they are now, as far as they are named. */
async function whomItIsAbout(tx: TenantTx, args: RecordEmittedArgs): Promise<NewEvent> {
  const { event, conversationId, contactId, occurredAt } = args;
  const conversation = conversationId
    ? ((await findConversation(tx, conversationId)) ?? notFound('The conversation', conversationId))
    : contactId
      ? await newestConversation(tx, contactId)
      : undefined;
  const wantedContact = contactId ?? conversation?.contact_id;
  const contact = wantedContact
    ? ((await findContact(tx, wantedContact)) ?? notFound('The contact', wantedContact))
    : undefined;
  if (conversation && contact && conversation.contact_id !== contact.id) {
    throw new InvalidInputError('Contact', 'The contact is not the one of the conversation.', {
      hint: 'Give the conversation alone: its contact follows from it.',
    });
  }
  const account = conversation ? await findAccount(tx, conversation.account_id) : undefined;
  const identity =
    account && contact ? await findIdentityOfContact(tx, account.id, contact.id) : undefined;
  const person = contact && {
    externalId: identity?.external_id ?? '',
    contact,
    conversation: conversation ?? null,
    contactIsNew: event === 'contact.created',
    conversationIsNew: event === 'conversation.created',
  };
  if (account) {
    return eventOf(event, tx.now, { account, person: person ?? null, raw: null, occurredAt });
  }
  return {
    event,
    channel: null,
    provider: null,
    connection: null,
    contact: person
      ? {
          id: person.contact.id,
          externalId: person.externalId,
          name: person.contact.name,
          phone: person.contact.phone,
          stage: person.contact.stage,
          isNew: person.contactIsNew,
        }
      : null,
    conversation: null,
    message: null,
    raw: null,
    occurredAt,
  };
}

/** Of a contact that was merged: of whom it became. */
async function newestConversation(tx: TenantTx, contactId: string) {
  const contact = await findContact(tx, contactId);
  return contact && (await listConversationsOfContact(tx, contact.id))[0];
}

function withData(tx: TenantTx, { event, data }: RecordEmittedArgs, about: NewEvent): NewEvent {
  if (event === 'message.received' || event === 'message.sent') {
    return { ...about, message: { ...blankMessage(tx, event), ...data } };
  }
  const schema = EVENT_SCHEMAS[event].properties?.data;
  const filled = schema ? { ...emptyFields(schema), ...data } : data;
  return filled && Object.keys(filled).length > 0
    ? { ...about, data: filled }
    : withoutData(event, about);
}

/** A type whose data is required gets an empty one; of the others it stays away. */
function withoutData(event: ReportedEventType, about: NewEvent): NewEvent {
  return EVENT_SCHEMAS[event].required?.includes('data') ? { ...about, data: {} } : about;
}

/** Required fields that may be null, as null: nobody should have to write them down. */
function emptyFields({ properties = {}, required = [] }: JsonSchema): Record<string, null> {
  const names = required.filter((name) => [properties[name]?.type].flat().includes('null'));
  return Object.fromEntries(names.map((name) => [name, null]));
}

function blankMessage(tx: TenantTx, event: 'message.received' | 'message.sent'): Message {
  const isInbound = event === 'message.received';
  return {
    id: tx.newId(),
    providerId: null,
    direction: isInbound ? 'inbound' : 'outbound',
    type: 'text',
    text: null,
    attachments: [],
    buttonPayload: null,
    replyTo: null,
    referral: null,
    sentBy: isInbound ? 'contact' : 'automation',
    status: isInbound ? 'received' : 'sent',
  };
}

/** What an event of a type must say is its JSON Schema, which triggers and subscribers rely on. */
function mustFitSchema(tx: TenantTx, event: NewEvent): NewEvent {
  const { occurredAt, ...rest } = event;
  const item = {
    id: tx.newId(),
    timestamp: new Date(occurredAt).toISOString(),
    tenantId: tx.tenantId,
    ...rest,
  };
  for (const part of ['connection', 'conversation', 'contact'] as const) {
    const schema = EVENT_SCHEMAS[event.event].properties?.[part];
    if (!schema || firstFault(schema, item[part], part) === null) continue;
    const field = part === 'contact' ? 'Contact ID' : 'Conversation ID';
    throw new InvalidInputError(field, `"${field}" is missing: ${event.event} is about somebody.`, {
      hint:
        part === 'contact'
          ? "Give the contact's id, or the conversation's."
          : "Give the conversation's id, for example {{ $json.conversation.id }} of the trigger.",
    });
  }
  const fault = firstFault(EVENT_SCHEMAS[event.event], item, event.event);
  if (fault === null) return event;
  throw new InvalidInputError('Data', `The event is not complete: ${fault}.`, {
    hint: 'The fields of each event are listed in the documentation of the event log.',
  });
}

function notFound(what: string, id: string): never {
  throw new NotFoundError(what, id);
}
