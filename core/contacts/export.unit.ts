import type { Contact, Message } from '../model';
import { appendAudit, type NewAudit } from '../store/statements/audit';
import { findAccount } from '../store/statements/accounts';
import { listConversationsOfContact } from '../store/statements/conversations';
import {
  listAppointmentsOfContact,
  listAuditRows,
  listFieldNames,
  listMessagesInOrder,
  type AuditRow,
  type MessagePlace,
} from '../store/statements/exportContact';
import { listTombstones } from '../store/statements/forgetContact';
import { toMessage } from '../store/statements/messages';
import { listRatingsOfContact } from '../store/statements/ratings';
import { tenantUnit } from '../store/unit';
import { contactsOf } from './item';
import { mustFind, type ContactRef } from './ref';

export interface ExportedConversation {
  id: string;
  channel: string;
  connection: string;
  status: string;
  createdAt: string;
  referral: unknown;
}

export interface ExportedAppointment {
  id: string;
  status: string;
  title: string | null;
  start: string;
  end: string;
  timeZone: string;
  location: string | null;
  description: string | null;
  fields: unknown;
}

export interface ExportedRating {
  at: string;
  rating: number;
  best: number;
  comment: string | null;
  appointmentId: string | null;
  journeyKey: string | null;
  channel: string | null;
}

export interface ExportHead {
  contact: Contact;
  mergedContactIds: string[];
  conversations: ExportedConversation[];
  appointments: ExportedAppointment[];
  ratings: ExportedRating[];
  audit: AuditRow[];
}

const MOST_AUDIT_ROWS = 1_000;

/** Everything of a person but the messages. @throws NotFoundError */
export const readExportHead = tenantUnit(
  __filename,
  'readExportHead',
  async (tx, { ref }: { ref: ContactRef }): Promise<ExportHead> => {
    const row = await mustFind(tx, ref);
    const [contact] = await contactsOf(tx, [row]);
    if (!contact) throw new Error('A contact vanished while it was being read.');
    const conversations = [];
    for (const one of await listConversationsOfContact(tx, row.id)) {
      const account = await findAccount(tx, one.account_id);
      conversations.push({
        id: one.id,
        channel: one.channel,
        connection: account?.name ?? '',
        status: one.status,
        createdAt: new Date(one.created_at).toISOString(),
        referral: one.referral === null ? null : (JSON.parse(one.referral) as unknown),
      });
    }
    const appointments = await listAppointmentsOfContact(tx, row.id);
    const mergedContactIds = await listTombstones(tx, row.id);
    return {
      contact,
      mergedContactIds,
      conversations,
      appointments: appointments.map((one) => ({
        id: one.id,
        status: one.status,
        title: one.title,
        start: new Date(one.starts_at).toISOString(),
        end: new Date(one.ends_at).toISOString(),
        timeZone: one.time_zone,
        location: one.location,
        description: one.description,
        fields: JSON.parse(one.fields) as unknown,
      })),
      ratings: (await listRatingsOfContact(tx, row.id)).map((one) => ({
        at: new Date(one.given_at).toISOString(),
        rating: one.rating,
        best: one.best,
        comment: one.comment,
        appointmentId: one.appointment_id,
        journeyKey: one.journey_key,
        channel: one.channel,
      })),
      audit: await listAuditRows(tx, {
        subjectIds: [row.id, ...mergedContactIds],
        beyondId: null,
        limit: MOST_AUDIT_ROWS,
      }),
    };
  },
);

/** What somebody wrote or was sent, with what the provider said of it where that is kept. */
export type ExportedMessage = Omit<Message, 'status'> & {
  at: string;
  status: string;
  raw: unknown;
};

export const readExportMessages = tenantUnit(
  __filename,
  'readExportMessages',
  async (
    tx,
    args: { conversationId: string; beyond: MessagePlace | null; limit: number },
  ): Promise<{ messages: ExportedMessage[]; last: MessagePlace | null }> => {
    const rows = await listMessagesInOrder(tx, args);
    const last = rows.at(-1);
    return {
      messages: rows.map((row) => ({
        at: new Date(row.occurred_at).toISOString(),
        ...toMessage(row),
        raw: row.raw === null ? null : (JSON.parse(row.raw) as unknown),
      })),
      last:
        last && rows.length === args.limit ? { occurredAt: last.occurred_at, id: last.id } : null,
    };
  },
);

export const noteExport = tenantUnit(
  __filename,
  'noteExport',
  async (tx, audit: NewAudit): Promise<void> => appendAudit(tx, audit),
);

export const readFieldNames = tenantUnit(
  __filename,
  'readFieldNames',
  async (tx): Promise<string[]> => listFieldNames(tx),
);
