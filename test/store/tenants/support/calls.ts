import { CUSTOMER } from '../../messaging/support/world';
import {
  DELIVERY,
  DOOR,
  OPEN_DOOR,
  OWNER,
  RESERVED_KEY,
  RESUME_PATH,
  SELECTION,
  waitOf,
  type Victim,
  SECRET,
} from './victim';
import { appointmentCallsWithIdsOf } from './appointmentCalls';
import { journeyCallsWithIdsOf } from './journeyCalls';
import { dueCallsWithIdsOf } from './dueCalls';
import { broadcastCallsWithIdsOf } from './broadcastCalls';
import { contactCallsWithIdsOf } from './contactCalls';
import { conversationCallsWithIdsOf } from './conversationCalls';
import { keptFileCallsWithIdsOf } from './keptFileCalls';
import { portalCallsWithIdsOf } from './portalCalls';
import { templateCallsWithIdsOf } from './templateCalls';

const subscriptionFields = {
  name: 'Stolen',
  url: 'https://stolen.example/',
  events: ['*'],
  accounts: [],
  channels: [],
  active: true,
  userAgent: null,
  retrySchedule: [1],
  nonRetryableStatuses: [],
  maxConcurrent: 1,
};

const silence = {
  lastReceivedAt: null,
  silentSince: '2026-01-01T00:00:00.000Z',
  silentForHours: 1,
  usual: { perDay: 1, expectedMeanwhile: 1, longestSilenceHours: 1 },
  refusedCalls: 0,
  doors: [],
  checks: [],
};

/**
 * For every unit of work of one tenant: arguments made of ids that belong to the victim. A unit without a line here
 * fails the test that walks through all of them.
 */
export async function callsWithIdsOf({
  world: theirs,
  subscriptionId,
}: Victim): Promise<Record<string, unknown>> {
  const rows = await theirs.rows('accounts');
  const row = rows.find(({ id }) => id === theirs.account.id);
  const other = rows.find(({ id, provider }) => id !== theirs.account.id && provider !== 'google');
  const [login] = await theirs.rows('logins');
  const [contact] = await theirs.rows('contacts');
  const [conversation] = await theirs.rows('conversations');
  const [message] = await theirs.rows('messages');
  const keys = await theirs.rows('idempotency_keys');
  const key = keys.find(({ state }) => state === 'unknown');
  const reserved = keys.find(({ state }) => state === 'reserved');
  if (!row || !other || !login || !contact || !conversation || !message || !key || !reserved) {
    throw new Error('Nothing to steal.');
  }
  const loginToken = {
    sealedSecrets: 'stolen',
    obtainedAt: 1,
    expiresAt: null,
    renewable: false,
    nextCheckAt: 1,
  };
  const { provider, channel } = theirs.account;
  const address = { provider, channel, externalId: row.external_id };
  const words = { type: 'text' as const, text: 'x', attachments: [], raw: null };
  const owner = OWNER;
  const ref = { key: RESERVED_KEY, messageId: reserved.message_id, owner };
  const send = {
    ...ref,
    accountId: row.id,
    contactId: contact.id,
    recipientExternalId: CUSTOMER,
    words,
  };
  // As the table was filled: nothing of the victim's doing uploads a file.
  const upload = {
    accountId: `id of ${theirs.tenantId}, account_id`,
    kind: `${SECRET}, kind`,
    sha256: `${SECRET}, sha256`,
  };
  const due = {
    ...send,
    key: key.key,
    messageId: key.message_id,
    tenantId: theirs.tenantId,
    request: key.request,
    contentHash: key.content_hash,
    reservedAt: key.reserved_at,
    unknownSince: key.unknown_since ?? 0,
    fence: key.next_check_at ?? 0,
  };
  const door = { doorId: DOOR };
  const [event] = await theirs.rows('events');
  const [subscription] = await theirs.rows('webhook_subscriptions');
  const [job] = await theirs.rows('catch_ups');
  const [claimed] = await theirs.rows('consumer_deliveries');
  if (!event || !subscription || !job || !claimed) throw new Error('Nothing to steal.');
  const identities = await theirs.rows('contact_identities');
  const person = identities.find(({ profile_due_at: dueAt }) => dueAt !== null);
  if (!person) throw new Error('Nothing to steal.');
  const identity = { accountId: person.account_id, externalId: person.external_id };
  const { id: accountId } = row;
  const claim = { accountId: job.account_id, request: job.request, owner: job.owner ?? 'thief' };
  const claims = {
    consumerId: claimed.consumer_id,
    owner: claimed.owner ?? 'thief',
    claims: [{ eventId: claimed.event_id, attempt: claimed.attempt }],
  };
  const consuming = { consumerId: claimed.consumer_id, selection: SELECTION, settledAfterMs: 0 };
  const recovery = { subscriptionId, since: 0, until: 1e15, limit: 10, afterSeq: 0, spreadMs: 0 };
  return {
    ...(await portalCallsWithIdsOf(theirs)),
    ...(await appointmentCallsWithIdsOf(theirs)),
    ...(await journeyCallsWithIdsOf(theirs)),
    ...(await templateCallsWithIdsOf(theirs)),
    readLanguage: { contactId: contact.id },
    ...(await dueCallsWithIdsOf(theirs)),
    ...(await broadcastCallsWithIdsOf(theirs)),
    takePersonReply: { accountId, externalId: `${SECRET}, person`, commentId: 'stolen' },
    givePersonReplyBack: { accountId, externalId: `${SECRET}, person`, commentId: 'comment' },
    // messaging/waits
    openWait: {
      id: `thief of ${theirs.tenantId}`,
      key: 'waiting',
      // What it is told of is what it asked for: nothing of the victim's is in it.
      account_id: 'x',
      contact_id: contact.id,
      conversation_id: conversation.id,
      execution_id: '1',
      node_id: 'thief',
      sealed_resume: 'x',
      resume_fingerprint: 'x',
      expects: '{}',
      keeps_answer: 1,
      too_late_text: null,
      expires_at: null,
    },
    noteAsked: { id: waitOf('asking', theirs.tenantId), messageId: message.id, isUnknown: true },
    dropWait: { id: waitOf('asking', theirs.tenantId) },
    tendWait: { id: waitOf('waiting', theirs.tenantId) },
    beginResume: { id: waitOf('answered', theirs.tenantId) },
    takeAnswer: {
      id: waitOf('answered', theirs.tenantId),
      attempt: 1,
      fingerprint: theirs.ctx.store.sealer.fingerprint(RESUME_PATH),
    },
    settleResume: {
      id: waitOf('answered', theirs.tenantId),
      attempt: 1,
      reply: { kind: 'over' },
    },
    takeLateTap: { id: waitOf('ended', theirs.tenantId) },
    noteLateTapTold: { id: waitOf('ended', theirs.tenantId), again: null },
    ...(await contactCallsWithIdsOf(theirs)),
    ...(await conversationCallsWithIdsOf(theirs)),
    ...(await keptFileCallsWithIdsOf(theirs)),
    // events
    openConsumer: { ...consuming, name: 'Thief', catchUpMs: 1e9 },
    closeConsumer: consuming,
    advanceFloor: consuming,
    claimDeliveries: {
      ...consuming,
      consumerName: 'Thief',
      owner: 'thief',
      leaseMs: 1_000,
      maxAttempts: 3,
      limit: 10,
      together: false,
      maxWaitMs: 0,
      catchUpMs: 1e9,
      handled: claims.claims,
      scanFrom: 0,
      raiseScanFrom: true,
      lateWindowMs: 0,
      inFlight: [],
      busyConversations: [],
    },
    settleDeliveries: claims,
    retryDeliveries: {
      ...claims,
      consumerName: 'Thief',
      maxAttempts: 1,
      retryDelaysMs: [0],
      reason: 'stolen',
    },
    returnDeliveries: claims,
    renewDeliveries: { ...claims, eventIds: [claimed.event_id], leaseMs: 1_000 },
    readEvents: { selection: SELECTION, order: 'asc', beyondSeq: null, limit: 500 },
    findRoutes: { contactId: contact.id },
    adoptIdentity: {
      accountId,
      contactId: contact.id,
      externalId: 'stolen',
      forms: ['stolen'],
    },
    // limits
    applyWork: {
      work: [
        { accountId, refunds: [], takes: [{ count: 1, windows: ['minute'] }], wantsLease: true },
      ],
    },
    readLimits: { accountId, request: { count: 1, windows: ['minute'] } },
    changeLimits: { accountId, change: { kind: 'pause', forMs: 1, believeForMs: 1 }, refunds: [] },
    // webhooks
    insertNewSubscription: {
      id: subscriptionId,
      fields: subscriptionFields,
      sealedHeaders: 'stolen',
      sealedSecrets: 'stolen',
    },
    readSubscription: subscriptionId,
    readSubscriptions: {},
    changeSubscription: { id: subscriptionId, fields: { name: 'Stolen', active: false } },
    resumeCancelled: { id: subscriptionId, limit: 10 },
    removeSubscription: { id: subscriptionId, limit: 10 },
    replaceSecrets: {
      id: subscriptionId,
      before: subscription.sealed_secrets,
      sealedSecrets: 'stolen',
    },
    readDailyCounts: { subscriptionId: null, days: 30 },
    readAttempts: { beforeSeq: null, limit: 100 },
    readQueue: { beforeId: null, limit: 100 },
    readDelivery: DELIVERY + theirs.tenantId,
    queueReplay: DELIVERY + theirs.tenantId,
    recoverSettled: recovery,
    recoverMissed: recovery,
    insertOwnDelivery: {
      subscriptionId,
      eventId: event.id,
      event: 'message.received',
      body: '{}',
      trigger: 'test',
      owner: 'thief',
      leaseMs: 1_000,
      maxTestsPerMinute: 10,
    },
    storeSignedWebhook: { doorId: DOOR, name: 'Thief', key: 'k', data: {} },
    // catch-up and silence
    askForCatchUp: { accountId, reason: 'manual', since: 0 },
    readCatchUp: { accountId: job.account_id },
    takeCatchUp: { claim, leaseMs: 60_000 },
    recordReadConversation: {
      claim,
      leaseMs: 60_000,
      events: [],
      unreadable: [],
      hasMore: false,
      person: null,
    },
    turnPage: { claim, leaseMs: 60_000, cursor: 'stolen' },
    postponeCatchUp: { claim, forMs: 1, failures: 9, error: 'stolen' },
    endCatchUp: { claim, state: 'failed', error: 'stolen' },
    readProviderLoad: { accountId },
    readWatch: { accountId, fromHour: 0 },
    noteJudgement: { accountId, quietSince: 1, alarmAt: 1 },
    raiseSilence: { accountId: other.id, quietSince: 1e15, facts: silence, fetchSince: 0 },
    endSilence: { accountId },
    saveSilenceSettings: { accountId, settings: '{"enabled":false}' },
    // tenants
    readTenantSettings: null,
    changeTenant: { patch: { name: 'Stolen' } },
    // profiles
    takeProfile: { identity, dueAt: person.profile_due_at, leaseMs: 1 },
    keepProfile: { identity, name: 'Stolen', username: 'stolen' },
    postponeProfile: { identity, forMs: 1, failures: 9 },
    postponeProfilesOfAccount: { accountId: person.account_id, forMs: 1 },
    // messaging
    recordEmittedEvent: {
      event: 'conversation.closed',
      data: null,
      conversationId: conversation.id,
      contactId: null,
      occurredAt: 1,
      key: 'k',
    },
    // accounts
    readAccount: { accountId: row.id },
    readAccountsByAddress: { addresses: [address] },
    readAccounts: {},
    readAccountsOfCredential: { credentialId: row.credential_id },
    readAccountsOfLogin: { loginId: login.id },
    saveConnection: {
      id: row.id,
      secretsChanged: true,
      keepsDisconnected: false,
      keepsWarning: false,
      connection: {
        ...address,
        parentExternalId: null,
        parentName: null,
        name: 'Stolen',
        username: null,
        pictureUrl: null,
        status: 'active',
        statusReason: null,
        credentialId: row.credential_id,
        loginId: login.id,
        sealedSecrets: 'stolen',
        expiresAt: null,
      },
    },
    readConnection: { accountId: row.id },
    readConnections: { filter: {}, after: null, limit: 10 },
    dropConnection: { accountId: row.id, reason: 'x' },
    readLogin: { loginId: login.id },
    readLoginBySource: { provider, source: { kind: 'credential', id: login.source_id } },
    saveLogin: {
      id: login.id,
      provider,
      source: { kind: 'credential', id: login.source_id },
      fingerprint: 'stolen',
      tokenFingerprint: 'stolen',
      token: loginToken,
    },
    takeLogin: { loginId: login.id, owner: 'thief', ttlMs: 60_000 },
    keepRenewedToken: { loginId: login.id, owner: OWNER, token: loginToken },
    settle: {
      loginId: login.id,
      owner: null,
      outcome: {
        status: 'expired',
        statusReason: 'stolen',
        subjectId: null,
        subjectName: null,
        obtainedAt: 1,
        expiresAt: null,
        dataAccessExpiresAt: null,
        permissions: null,
        renewable: false,
        syncedAt: null,
        nextCheckAt: null,
        failures: 0,
      },
      verdict: { status: 'expired', reason: 'stolen' },
      but: {},
    },
    noteConnectionStatus: { accountId: row.id, status: 'error', reason: 'x' },
    saveAccountWarning: { accountId: row.id, reason: 'x' },
    saveAccountHealth: { accountId: row.id, health: { qualityRating: 'RED' } },
    countRefused: {
      ...door,
      credentialId: row.credential_id,
      claimedExternalIds: [row.external_id],
    },
    saveDoor: {
      id: 'door-1',
      provider,
      credentialId: null,
      url: 'https://stolen.example',
      subscription: 'takeOver',
    },
    readDoor: door,
    readDoors: {},
    noteDoorUnwanted: { doorId: OPEN_DOOR },
    noteDoorWanted: door,
    dropUnwantedDoor: { ...door, unwantedSince: theirs.ctx.clock.now() },
    saveTestListener: { id: 'door-1', provider, url: 'https://stolen.example', expiresAt: 1e15 },
    dropTestListener: { id: 'door-1' },
    readTestListeners: { provider },
    recordInboundCall: {
      ...door,
      ownAppIds: { [row.id]: 'stolen' },
      events: [
        { event: theirs.event('message'), windowMs: 1, echoFingerprint: null },
        {
          event: theirs.event('delete', { targetProviderId: message.provider_id ?? '' }),
          windowMs: 1,
          echoFingerprint: null,
        },
      ],
    },
    reserveSends: {
      sends: [key.key, 'another'].map((one) => ({
        ...send,
        conversationId: conversation.id,
        parts: [{ key: one, messageId: key.message_id, request: 'stolen', contentHash: 'stolen' }],
      })),
    },
    renewLease: ref,
    isKeyUsed: { key: key.key },
    completeSends: {
      sends: ['mid.stolen', 'mid.stolen.too'].map((providerMessageId) => ({
        ...send,
        conversationId: conversation.id,
        providerMessageId,
        sentAt: 1,
        humanAgent: false,
        recipientAliases: ['stolen', identity.externalId],
      })),
    },
    exhaustRecipient: { accountId, contactId: contact.id, recipient: { everyMs: 1, burst: 1 } },
    readRestraints: { pairs: [{ accountId, contactId: contact.id }] },
    failSend: {
      ...send,
      reason: 'provider_rejected',
      detail: 'x',
      retryable: false,
      retryAfterMs: 1_000,
      accountStatus: { status: 'expired', reason: 'x' },
    },
    readUpload: { key: upload, maxAgeMs: Number.MAX_SAFE_INTEGER },
    noteUpload: { key: upload, attachmentId: 'stolen' },
    dropUpload: { key: upload },
    readOpenRequests: { messageIds: [due.messageId] },
    releaseSends: { keys: [ref], owner },
    completeReply: {
      ...ref,
      accountId: row.id,
      providerMessageId: 'mid.stolen',
      recipientExternalId: 'stolen',
      sentAt: 1,
      words,
    },
    failReply: {
      ...ref,
      accountId: row.id,
      reason: 'provider_rejected',
      detail: 'x',
      retryable: false,
      accountStatus: null,
    },
    waitForReply: { due },
    noteUnknown: ref,
    judgeSend: { due, recipientExternalId: CUSTOMER, words, look: null, owner },
    postponeResend: { due: { ...due, ...ref, unknownSince: Date.now() }, owner, pauseMs: null },
    // An account that is not there is named in the refusal; see batches.test.ts for those.
    // Those of an account that is not theirs are in batches.test.ts: the refusal repeats the id that was given.
    resolveTargets: { queries: [{ conversationId: conversation.id }, { contactId: contact.id }] },
  };
}
