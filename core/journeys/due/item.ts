import { itemOfRow } from '../../appointments/record';
import { toldAppointment } from '../../appointments/told';
import type { JourneyKind } from '../../model';
import { partnerIn } from '../../conversations/people';
import { eventOf } from '../../messaging/item';
import type { ContactRow } from '../../store/statements/contacts';
import { findContact } from '../../store/statements/contacts';
import {
  listConversationsOfContact,
  type ConversationRow,
} from '../../store/statements/conversations';
import { listConsents } from '../../store/statements/consents';
import type { TenantTx } from '../../store/unit';
import type { Candidate } from './candidates';
import { dateOf } from './holidays';
import type { JourneyItem } from './types';

const HOUR_MS = 3_600_000;

/** The item of something due, or why nobody is to hear of it. */
export type Shown = { item: JourneyItem } | { skipped: 'opted_out' | 'state_changed' };

/** Builds the item from what is known now. @param asks whether the person's word on messages counts */
export async function showJourney(
  tx: TenantTx,
  kind: JourneyKind,
  candidate: Pick<Candidate, 'key' | 'dueAt' | 'subject'>,
  asks = true,
): Promise<Shown> {
  const { subject } = candidate;
  const appointment = subject.kind === 'appointment' ? await itemOfRow(tx, subject.row) : null;
  const contactId = subject.kind === 'lead' ? subject.row.contact_id : subject.row.id;
  const contact = appointment ? appointment.contact : await findContact(tx, contactId);
  // An appointment may be somebody's whom nobody knows yet: it has a number all the same.
  if (!contact && !appointment) return { skipped: 'state_changed' };
  if (asks && contact && (await hasOptedOut(tx, kind, contact))) return { skipped: 'opted_out' };
  const conversation = subject.kind === 'lead' ? subject.row : await newestOf(tx, contact);
  return {
    item: {
      journeyKey: candidate.key,
      timestamp: new Date(candidate.dueAt).toISOString(),
      tenantId: tx.tenantId,
      ...(await peopleOf(tx, contact, conversation)),
      journey: {
        kind,
        dueAt: new Date(candidate.dueAt).toISOString(),
        appointment:
          appointment && subject.kind === 'appointment'
            ? toldAppointment(subject.row, appointment.account, appointment.contact)
            : null,
        birthday: subject.kind === 'birthday' ? birthdayOf(subject) : null,
        lead: subject.kind === 'lead' ? leadOf(subject.row, tx.now) : null,
      },
    },
  };
}

/** Whoever wants no messages gets none; whoever wants no advertising is not congratulated or won back either. */
async function hasOptedOut(tx: TenantTx, kind: JourneyKind, contact: ContactRow): Promise<boolean> {
  const isMarketing = kind === 'birthday' || kind === 'unansweredLead';
  const consents = await listConsents(tx, contact.id);
  return consents.some(
    ({ purpose, state }) =>
      state === 'out' && (purpose === 'messages' || (isMarketing && purpose === 'marketing')),
  );
}

async function newestOf(
  tx: TenantTx,
  contact: ContactRow | undefined,
): Promise<ConversationRow | undefined> {
  return contact && (await listConversationsOfContact(tx, contact.id))[0];
}

async function peopleOf(
  tx: TenantTx,
  contact: ContactRow | undefined,
  conversation: ConversationRow | undefined,
): Promise<Pick<JourneyItem, 'channel' | 'provider' | 'connection' | 'contact' | 'conversation'>> {
  const found = conversation && (await partnerIn(tx, conversation));
  if (found) {
    const parts = { ...found, raw: null, occurredAt: tx.now };
    const { channel, provider, connection, ...rest } = eventOf('message.received', tx.now, parts);
    return {
      channel,
      provider,
      connection,
      contact: rest.contact,
      conversation: rest.conversation,
    };
  }
  return {
    channel: null,
    provider: null,
    connection: null,
    contact: contact
      ? {
          id: contact.id,
          externalId: '',
          name: contact.name,
          phone: contact.phone,
          stage: contact.stage,
          isNew: false,
        }
      : null,
    conversation: null,
  };
}

function birthdayOf({ row, day }: Extract<Candidate['subject'], { kind: 'birthday' }>) {
  const date = dateOf(day);
  const born = Number(/^(\d{4})-/.exec(row.birthday ?? '')?.[1] ?? NaN);
  return { date, age: Number.isNaN(born) ? null : Number(date.slice(0, 4)) - born };
}

function leadOf(row: Extract<Candidate['subject'], { kind: 'lead' }>['row'], now: number) {
  const { last_inbound_at: inbound, last_outbound_at: outbound } = row;
  return {
    lastInboundAt: new Date(inbound ?? 0).toISOString(),
    lastOutboundAt: outbound === null ? null : new Date(outbound).toISOString(),
    hoursSilent: Math.round(((now - (inbound ?? now)) / HOUR_MS) * 10) / 10,
    stage: row.contact_stage,
  };
}
