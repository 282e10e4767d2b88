import type { EventItem } from '../model';
import {
  deleteErasure,
  lockErasure,
  updateErasure,
  type ErasureRow,
} from '../store/statements/erasures';
import {
  forgetAppointments,
  forgetMessages,
  forgetSends,
  forgetWebhook,
  listLogged,
  listWebhookBodies,
  replaceEvent,
  type LoggedEvent,
} from '../store/statements/forgetContent';
import { deleteUnusedKeptFile, dropKeptFileUses } from '../store/statements/keptFiles';
import { tenantUnit, type TenantTx } from '../store/unit';
import { anonymous, STEPS, tellsOf, type Progress, type Traces } from './erasure';

const ROWS = 500;
/** A message that is under way has its result by then. */
const UNDER_WAY_MS = 30_000;

/** `more`: there is something to do at once. `later`: a message is under way. `done`: nothing is left. */
export type StepResult = 'more' | 'later' | 'done';

/** The next small step of an erasure; each may be done twice. */
export const eraseStep = tenantUnit(
  __filename,
  'eraseStep',
  async (tx, { contactId }: { contactId: string }): Promise<StepResult> => {
    const row = await lockErasure(tx, contactId);
    if (!row) return 'done';
    const progress = JSON.parse(row.progress) as Progress;
    const traces = JSON.parse(row.traces) as Traces;
    const next = await work(tx, row, traces, progress);
    if (next === null) {
      await deleteErasure(tx, contactId);
      return 'done';
    }
    const waits = progress.step === 'underWay';
    const nextAt = waits ? tx.now + UNDER_WAY_MS : tx.now;
    await updateErasure(tx, contactId, { progress: JSON.stringify(next), nextAt });
    return waits ? 'later' : 'more';
  },
);

/** @returns where it goes on; null: nothing is left */
async function work(
  tx: TenantTx,
  row: ErasureRow,
  traces: Traces,
  progress: Progress,
): Promise<Progress | null> {
  const { conversationIds } = traces;
  const anonymousId = row.anonymous_id;
  const behind = { ...progress, step: STEPS[STEPS.indexOf(progress.step) + 1] ?? 'underWay' };
  switch (progress.step) {
    case 'files': {
      await forgetFiles(tx, traces);
      return behind;
    }
    case 'messages': {
      const changed = await forgetMessages(tx, { conversationIds, anonymousId, limit: ROWS });
      return changed < ROWS ? behind : progress;
    }
    case 'sends':
      await forgetSends(tx, { conversationIds, anonymousId, now: await tx.databaseNow() });
      return behind;
    case 'appointments':
      await forgetAppointments(tx, { ...traces, anonymousId });
      return behind;
    case 'events': {
      const seq = await forgetEvents(tx, traces, anonymousId, progress.seq);
      return seq === null ? behind : { ...progress, seq };
    }
    case 'webhooks': {
      const webhook = await forgetWebhooks(tx, traces, progress.webhook);
      return webhook === null ? behind : { ...progress, webhook };
    }
    case 'underWay': {
      const now = await tx.databaseNow();
      const isUnderWay = await forgetSends(tx, { conversationIds, anonymousId, now });
      const left = await forgetMessages(tx, { conversationIds, anonymousId, limit: ROWS });
      return isUnderWay || left > 0 ? { ...progress, step: 'files' } : null;
    }
  }
}

/** Those of a message that was being made when the erasure began are noted under the person's old id. */
async function forgetFiles(tx: TenantTx, { contactIds, texts, fileIds }: Traces): Promise<void> {
  const late = await dropKeptFileUses(tx, [...contactIds, ...texts]);
  for (const id of new Set([...fileIds, ...late])) await deleteUnusedKeptFile(tx, id);
}

/** @returns how far it has come; null: to the end */
async function forgetEvents(
  tx: TenantTx,
  traces: Traces,
  anonymousId: string,
  beyondSeq: number,
): Promise<number | null> {
  const events = await listLogged(tx, { beyondSeq, limit: ROWS });
  for (const event of events) {
    if (!isAbout(event, traces)) continue;
    const item = JSON.parse(event.payload) as EventItem;
    await replaceEvent(tx, {
      id: event.id,
      item: anonymous(item, anonymousId),
      contactId: item.contact ? anonymousId : null,
    });
    await forgetWebhook(tx, event.id, await tx.databaseNow());
  }
  return events.length < ROWS ? null : (events.at(-1)?.seq ?? null);
}

function isAbout(event: LoggedEvent, traces: Traces): boolean {
  if (event.type === 'contact.erased') return false;
  const { contactIds, conversationIds } = traces;
  return (
    contactIds.includes(event.contact_id ?? '') ||
    conversationIds.includes(event.conversation_id ?? '') ||
    tellsOf(event.payload, traces)
  );
}

/** Of events that the log has forgotten already. */
async function forgetWebhooks(
  tx: TenantTx,
  traces: Traces,
  beyondId: string,
): Promise<string | null> {
  const bodies = await listWebhookBodies(tx, { beyondId, limit: ROWS });
  for (const { event_id: eventId, body } of bodies) {
    if (eventId === traces.eventId || !tellsOf(body, traces)) continue;
    await forgetWebhook(tx, eventId, await tx.databaseNow());
  }
  return bodies.length < ROWS ? null : (bodies.at(-1)?.event_id ?? null);
}
