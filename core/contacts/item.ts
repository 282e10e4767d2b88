import type {
  Channel,
  Contact,
  ContactConsent,
  EventType,
  ItemContact,
  ProviderId,
} from '../model';
import type { ConsentRow } from '../store/statements/consents';
import {
  readContactParts,
  type ChannelRow,
  type ContactParts,
} from '../store/statements/contactParts';
import type { ContactRow } from '../store/statements/contacts';
import type { NewEvent } from '../store/statements/events';
import type { TenantTx } from '../store/unit';

/** Contacts as workflows see them, in the order of the rows. */
export async function contactsOf(tx: TenantTx, rows: readonly ContactRow[]): Promise<Contact[]> {
  const parts = await readContactParts(
    tx,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => toContact(row, parts.get(row.id)));
}

export function toContact(row: ContactRow, parts: ContactParts | undefined): Contact {
  const own = (parts?.channels ?? []).filter(({ is_alias: isAlias }) => isAlias === 0);
  return {
    id: row.id,
    externalId: own[0]?.external_id ?? '',
    name: row.name,
    phone: row.phone,
    email: row.email,
    stage: row.stage,
    birthday: row.birthday,
    language: row.language,
    timeZone: row.time_zone,
    source: row.source,
    tags: (parts?.tags ?? []).map(({ label }) => label),
    customFields: JSON.parse(row.custom_fields) as Record<string, unknown>,
    consents: (parts?.consents ?? []).map(toConsent),
    channels: own.map(toChannel),
    createdAt: new Date(row.created_at).toISOString(),
    updatedAt: new Date(row.updated_at).toISOString(),
    lastActivityAt: parts?.lastInboundAt ? new Date(parts.lastInboundAt).toISOString() : null,
  };
}

export function toConsent(row: ConsentRow): ContactConsent {
  return {
    purpose: row.purpose as ContactConsent['purpose'],
    state: row.state as ContactConsent['state'],
    source: row.source,
    text: row.note,
    at: new Date(row.given_at).toISOString(),
  };
}

function toChannel(row: ChannelRow): Contact['channels'][number] {
  return {
    connectionId: row.account_id,
    connectionName: row.account_name,
    channel: row.channel as Channel,
    provider: row.provider as ProviderId,
    externalId: row.external_id,
    username: row.username,
  };
}

/** The contact as events carry it. */
export function itemContactOf(contact: Contact, isNew: boolean): ItemContact {
  const { id, externalId, name, phone, stage } = contact;
  return { id, externalId, name, phone, stage, isNew };
}

/** An event about a contact alone, whatever the channel. */
export function contactEvent(
  event: EventType,
  contact: Contact,
  about: { isNew?: boolean; data: Record<string, unknown>; at: number },
): NewEvent {
  return {
    event,
    channel: null,
    provider: null,
    connection: null,
    contact: itemContactOf(contact, about.isNew ?? false),
    conversation: null,
    message: null,
    data: about.data,
    raw: null,
    occurredAt: about.at,
  };
}
