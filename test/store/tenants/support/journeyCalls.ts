import * as journeys from '../../../../core/journeys';
import type { SendResult } from '../../../../core/model';
import { CUSTOMER, type World } from '../../messaging/support/world';
import { insightCallsWithIdsOf } from './insightCalls';
import { insertRows } from './tenantUnits.cjs';

const KEY = 'later-1';
const CLAIMED_KEY = 'later-2';
const HOUR_MS = 3_600_000;

/** One message that waits, and one that a runner has in its hands. */
export async function scheduleSomething(
  ctx: World['ctx'],
  { tenant, tenantId, account, rows }: World,
  { owner, secret }: { owner: string; secret: string },
): Promise<void> {
  await journeys.scheduleMessage(ctx, {
    tenantId,
    accountId: account.id,
    recipientExternalId: CUSTOMER,
    content: { type: 'text', text: secret },
    idempotencyKey: KEY,
    dueAt: ctx.clock.now() + HOUR_MS,
    why: 'at_time',
    source: { workflowName: secret },
  });
  const [waiting] = await rows('scheduled_messages');
  if (!waiting) throw new Error('Nothing was scheduled.');
  const { tenant_id: _, ...row } = waiting;
  const claimed = {
    ...row,
    id: `claimed of ${tenantId}`,
    idempotency_key: CLAIMED_KEY,
    attempts: 1,
    owner,
    lease_until: 1e15,
  };
  await tenant.run(insertRows, { scheduled_messages: [claimed] });
}

async function kept(theirs: World) {
  const rows = await theirs.rows('scheduled_messages');
  const waiting = rows.find((row) => row.owner === null);
  const claimed = rows.find((row) => row.owner !== null);
  if (!waiting || !claimed) throw new Error('Nothing to steal.');
  return { waiting, claimed };
}

/** The calls of core/journeys, made of ids of the victim. */
export async function journeyCallsWithIdsOf(theirs: World): Promise<Record<string, unknown>> {
  const { waiting, claimed } = await kept(theirs);
  const { id, account_id, contact_id, conversation_id } = waiting;
  const claim = { id: claimed.id, owner: claimed.owner, attempts: claimed.attempts };
  const result: SendResult = {
    status: 'skipped',
    reason: 'state_changed',
    detail: 'stolen',
    messageId: null,
    providerMessageId: null,
    channel: 'messenger',
    provider: 'meta',
    connectionId: account_id,
    contactId: contact_id,
    conversationId: conversation_id,
  };
  return {
    storeScheduled: {
      id: '01STOLEN000000000000000000',
      idempotency_key: 'stolen',
      account_id: 'stolen',
      contact_id,
      conversation_id,
      channel: 'messenger',
      provider: 'meta',
      category: null,
      why: 'at_time',
      source: '{}',
      request: 'stolen',
      due_at: 1,
      before_at: null,
      late_ms: 1,
      conditions: {},
    },
    findKeptByKey: { key: KEY },
    cancelScheduledRow: { id },
    moveScheduledRow: { id, dueAt: 1 },
    recheckScheduled: {
      id,
      idempotency_key: 'stolen',
      contact_id,
      conversation_id,
      conditions: JSON.stringify({ notAnswered: true, since: 0 }),
    },
    readScheduledPage: { filter: { states: ['waiting'] }, after: null, limit: 100 },
    readScheduled: { id },
    finishScheduled: { claim, result },
    postponeScheduled: { claim, nextAt: 1, result },
    noteSendOutcome: { key: KEY, source: {}, result, at: 1 },
    ...insightCallsWithIdsOf(),
  };
}

/** Functions of the room, called by a thief with ids of the victim. */
export async function journeyOperationsWithIdsOf(
  theirs: World,
  ctx: World['ctx'],
  tenantId: string,
): Promise<Record<string, () => unknown>> {
  const { id } = (await kept(theirs)).waiting;
  return {
    scheduleMessage: () =>
      journeys.scheduleMessage(ctx, {
        tenantId,
        accountId: theirs.account.id,
        recipientExternalId: CUSTOMER,
        content: { type: 'text', text: 'stolen' },
        idempotencyKey: KEY,
        dueAt: ctx.clock.now() + HOUR_MS,
        why: 'at_time',
      }),
    sendNoted: () =>
      journeys.sendNoted(ctx, {
        tenantId,
        accountId: theirs.account.id,
        recipientExternalId: CUSTOMER,
        content: { type: 'text', text: 'stolen' },
        idempotencyKey: KEY,
        dueAt: ctx.clock.now(),
        why: 'at_time',
        isPlain: true,
        counts: true,
      }),
    listScheduled: () => journeys.listScheduled(ctx, { tenantId, limit: 100, cursor: null }),
    getScheduled: () => journeys.getScheduled(ctx, tenantId, id),
    cancelScheduled: () => journeys.cancelScheduled(ctx, tenantId, id),
    rescheduleMessage: () =>
      journeys.rescheduleMessage(ctx, { tenantId, id, dueAt: ctx.clock.now() }),
  };
}
