import { appendAudit } from '../store/statements/audit';
import { moveKeys } from '../store/statements/contactKeys';
import { deleteOf, indexContacts, indexFields, moveTags } from '../store/statements/contactParts';
import { lockContacts, updateContacts, type ContactRow } from '../store/statements/contacts';
import {
  lockConversationsOf,
  updateConversation,
  type ConversationRow,
} from '../store/statements/conversations';
import {
  deleteConversation,
  giveConversation,
  leaveTombstone,
  moveAppointments,
  moveConsents,
  moveConversation,
  moveIdentities,
  moveBroadcasts,
  moveRecipientLimits,
} from '../store/statements/mergeContacts';
import { moveKeptFileUses } from '../store/statements/keptFiles';
import { moveRatings } from '../store/statements/ratings';
import { moveOutcomes } from '../store/statements/sendOutcomes';
import { moveScheduled } from '../store/statements/scheduledMessages';
import type { TenantTx } from '../store/unit';

/** Why two contacts are one, and who says so. */
export interface MergeCause {
  actor: string;
  /** `alias`: one account calls both the same. */
  by: 'alias' | 'phone' | 'email' | 'hand';
}

/**
 * Makes one contact out of two: identities, conversations with their messages, consents, appointments, tags and fields
 * follow; what both know stays as the one who stays has it. The id of the one who goes leads to the other from now on.
 * @returns the one who stays; null when one of them is gone meanwhile
 */
export async function mergeInto(
  tx: TenantTx,
  keepId: string,
  loseId: string,
  cause: MergeCause,
): Promise<ContactRow | null> {
  const rows = await lockContacts(tx, [keepId, loseId]);
  const isLiving = (row: ContactRow) => row.merged_into === null && row.erased_at === null;
  const keep = rows.find((row) => row.id === keepId && isLiving(row));
  const lose = rows.find((row) => row.id === loseId && isLiving(row));
  if (!keep || !lose || keep.id === lose.id) return null;
  // Before the conversations are read: who is about to begin one holds the identity.
  await moveIdentities(tx, lose.id, keep.id);
  await moveConversations(tx, keep.id, lose.id);
  await moveKeys(tx, lose.id, keep.id);
  await moveConsents(tx, lose.id, keep.id);
  await moveAppointments(tx, lose.id, keep.id);
  await moveBroadcasts(tx, lose.id, keep.id);
  await moveScheduled(tx, lose.id, keep.id);
  await moveRatings(tx, lose.id, keep.id);
  await moveKeptFileUses(tx, lose.id, keep.id);
  await moveOutcomes(tx, lose.id, keep.id);
  await moveTags(tx, lose.id, keep.id);
  await moveRecipientLimits(tx, lose.id, keep.id);
  const merged = joined(keep, lose);
  await updateContacts(tx, [merged]);
  await deleteOf(tx, 'contact_words', [lose.id]);
  await deleteOf(tx, 'contact_fields', [lose.id]);
  await indexContacts(tx, [merged]);
  await indexFields(tx, [{ id: merged.id, customFields: fieldsOf(merged) }]);
  await leaveTombstone(tx, lose.id, keep.id);
  await appendAudit(tx, {
    action: 'contact.merged',
    actor: cause.actor,
    subject: { kind: 'contact', id: keep.id },
    detail: { mergedContactId: lose.id, by: cause.by },
  });
  return merged;
}

/** The oldest first: it is the one that workflows and people know longest. */
export function byAge(a: ContactRow, b: ContactRow): number {
  return a.created_at - b.created_at || (a.id < b.id ? -1 : 1);
}

/** What the one who goes was known by, where the one who stays was not. */
function joined(keep: ContactRow, lose: ContactRow): ContactRow {
  const birth = keep.birthday === null ? lose : keep;
  return {
    ...keep,
    name: keep.name ?? lose.name,
    phone: keep.phone ?? lose.phone,
    email: keep.email ?? lose.email,
    stage: keep.stage ?? lose.stage,
    birthday: birth.birthday,
    birth_day: birth.birth_day,
    language: keep.language ?? lose.language,
    time_zone: keep.time_zone ?? lose.time_zone,
    source: keep.source ?? lose.source,
    custom_fields: JSON.stringify({ ...fieldsOf(lose), ...fieldsOf(keep) }),
  };
}

function fieldsOf(row: ContactRow): Record<string, unknown> {
  return JSON.parse(row.custom_fields) as Record<string, unknown>;
}

async function moveConversations(tx: TenantTx, keepId: string, loseId: string): Promise<void> {
  const held = await lockConversationsOf(tx, [keepId, loseId]);
  const own = new Map(
    held.filter((one) => one.contact_id === keepId).map((one) => [one.account_id, one]),
  );
  for (const from of held.filter((one) => one.contact_id === loseId)) {
    const into = own.get(from.account_id);
    if (into) await joinConversations(tx, from, into);
    else {
      await giveConversation(tx, from.id, keepId);
      await moveConversation(tx, from, { id: from.id, contact_id: keepId });
    }
  }
}

async function joinConversations(
  tx: TenantTx,
  from: ConversationRow,
  into: ConversationRow,
): Promise<void> {
  await moveConversation(tx, from, into);
  await deleteConversation(tx, from.id);
  const later = (a: number | null, b: number | null) =>
    a === null || b === null ? (a ?? b) : Math.max(a, b);
  const paused = into.automation_paused === 1 ? into : from;
  await updateConversation(tx, into.id, {
    status: into.status === 'open' || from.status === 'open' ? 'open' : into.status,
    window_closes_at: later(into.window_closes_at, from.window_closes_at),
    last_inbound_at: later(into.last_inbound_at, from.last_inbound_at),
    last_outbound_at: later(into.last_outbound_at, from.last_outbound_at),
    referral: into.referral ?? from.referral,
    automation_paused: paused.automation_paused,
    automation_reason: paused.automation_reason,
    automation_until: paused.automation_until,
    automation_since: paused.automation_since,
    automation_message_id: paused.automation_message_id,
    assignee: into.assignee ?? from.assignee,
    continued_on: into.continued_on ?? from.continued_on,
    closed_at: into.status === 'open' || from.status === 'open' ? null : into.closed_at,
  });
}
