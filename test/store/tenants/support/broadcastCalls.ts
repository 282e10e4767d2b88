import * as broadcasts from '../../../../core/journeys/broadcasts';
import { CUSTOMER, type World } from '../../messaging/support/world';
import { PERSON, SECRET, type Victim } from './victim';

/** One that runs, with somebody in it. */
export async function keepBroadcast({ ctx, tenantId, account }: World): Promise<void> {
  const { broadcastId } = await broadcasts.createBroadcast(ctx, {
    tenantId,
    accountId: account.id,
    name: SECRET,
    category: 'utility',
    createKey: SECRET,
    people: [
      {
        item: 0,
        recipient: CUSTOMER,
        message: async () => ({ content: { type: 'text', text: SECRET } }),
      },
    ],
  });
  await broadcasts.moveBroadcast(ctx, { tenantId, broadcastId }, 'start');
}

async function ofVictim(theirs: World) {
  const [broadcast] = await theirs.rows('broadcasts');
  const [recipient] = await theirs.rows('broadcast_recipients');
  const messages = await theirs.rows('messages');
  const received = messages.find((row) => row.direction === 'inbound' && row.provider_id !== null);
  if (!broadcast || !recipient || !received) throw new Error('Nothing to steal.');
  return { broadcast, recipient, broadcastId: broadcast.id, received };
}

/** The units of core/journeys/broadcasts, called with ids of the victim. */
export async function broadcastCallsWithIdsOf(theirs: World): Promise<Record<string, unknown>> {
  const { broadcast, recipient, broadcastId, received } = await ofVictim(theirs);
  const outcome = {
    id: recipient.id,
    state: 'failed',
    reason: 'stolen',
    detail: 'stolen',
    messageId: null,
    tries: 9,
    nextAt: 1,
    doneAt: 1,
  };
  return {
    readOwnerOfPhone: { phone: PERSON.phone },
    readWriter: { accountId: received.account_id, providerMessageId: received.provider_id },
    readBroadcast: { broadcastId },
    readBroadcasts: { before: null, limit: 100 },
    changeBroadcast: { broadcastId, action: 'cancel' },
    retryFailedRecipients: { broadcastId },
    beginDraft: {
      account_id: broadcast.account_id,
      name: 'Stolen',
      category: 'utility',
      settings: '{}',
      create_key: broadcast.create_key,
    },
    identifyPeople: {
      accountId: broadcast.account_id,
      people: [{ contactId: recipient.contact_id, forms: [CUSTOMER] }],
    },
    addRecipients: {
      broadcastId,
      recipients: [
        {
          id: 'stolen',
          personKey: 'id/stolen',
          contactId: null,
          recipient: 'stolen',
          request: 'stolen',
        },
      ],
    },
    finishDraft: { broadcastId },
    readRecipients: { broadcastId, after: null, limit: 100 },
    beginTurn: { broadcastId, fence: 99, limit: 100 },
    endTurn: { broadcastId, fence: 99, outcomes: [outcome], stop: 'stolen', wait: null },
  };
}

/** What nodes ask of core/journeys/broadcasts, by a thief. */
export async function broadcastOperationsWithIdsOf(
  { world: theirs, ctx }: Victim,
  tenantId: string,
): Promise<Record<string, () => unknown>> {
  const { broadcast, broadcastId } = await ofVictim(theirs);
  const name = { tenantId, broadcastId };
  const test = { recipient: CUSTOMER, position: 1, idempotencyKey: 'thief-broadcast' };
  return {
    getBroadcast: () => broadcasts.getBroadcast(ctx, name),
    listBroadcasts: () => broadcasts.listBroadcasts(ctx, { tenantId }),
    moveBroadcast: () => broadcasts.moveBroadcast(ctx, name, 'cancel'),
    retryFailed: () => broadcasts.retryFailed(ctx, name),
    testBroadcast: () => broadcasts.testBroadcast(ctx, { ...name, ...test }),
    previewBroadcast: () => broadcasts.previewBroadcast(ctx, { ...name, show: 10, look: 10 }),
    createBroadcast: () =>
      broadcasts.createBroadcast(ctx, {
        tenantId,
        accountId: broadcast.account_id,
        name: 'Stolen',
        category: 'utility',
        createKey: broadcast.create_key,
        people: [],
      }),
  };
}
