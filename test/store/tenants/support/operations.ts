import { generateKeyPairSync } from 'node:crypto';
import * as accounts from '../../../../core/accounts';
import * as appointments from '../../../../core/appointments';
import * as broadcasts from '../../../../core/journeys/broadcasts';
import * as contacts from '../../../../core/contacts';
import * as conversations from '../../../../core/conversations';
import * as due from '../../../../core/journeys/due';
import * as events from '../../../../core/events';
import * as insight from '../../../../core/insight';
import * as journeys from '../../../../core/journeys';
import * as limits from '../../../../core/limits';
import * as messaging from '../../../../core/messaging';
import * as tenants from '../../../../core/tenants';
import * as webhooks from '../../../../core/webhooks';
import { EVENT_TYPES, type EventItem } from '../../../../core/model';
import { CUSTOMER } from '../../messaging/support/world';
import { contactOperationsWithIdsOf } from './contactOperations';
import { templateOperationsWithIdsOf } from './templateCalls';
import { insightOperationsWithIdsOf } from './insightCalls';
import { journeyOperationsWithIdsOf } from './journeyCalls';
import { dueOperationsWithIdsOf } from './dueCalls';
import { broadcastOperationsWithIdsOf } from './broadcastCalls';
import { conversationOperationsWithIdsOf } from './conversationCalls';
import {
  CONSUMER,
  DELIVERY,
  DOOR,
  DOOR_URL,
  RESUME_PATH,
  SECRET,
  waitOf,
  type Victim,
} from './victim';
import { keptFileOperationsWithIdsOf } from './keptFileCalls';

/** The rooms that nodes use, with everything they export. */
export const ROOMS = {
  accounts,
  appointments,
  broadcasts,
  contacts,
  conversations,
  due,
  events,
  insight,
  journeys,
  limits,
  messaging,
  tenants,
  webhooks,
};

/** Functions of the rooms that work for no tenant in particular, and why. */
export const OF_NO_TENANT: Record<string, string> = {
  tendDueLogins: 'a runner: works for every tenant, each in its own name',
  unwantedDoors: 'a runner asks it: each door says whose it is',
  watchSilence: 'a runner',
  syncDueCalendars: 'a runner',
  openConnectionOf: 'takes a row that its caller has read as its tenant',
  fingerprintOf: 'of values alone',
  matchesFilter: 'pure',
  joinMessages: 'pure',
  firstFault: 'pure',
  startToHandOver: 'pure',
  runCatchUps: 'a runner',
  settleUnknownSends: 'a runner',
  runScheduled: 'a runner',
  runErasures: 'a runner',
  applyRetention: 'a runner',
  csvCell: 'pure',
  rollUp: 'a runner',
  statisticsRows: 'pure',
  resumeAnswered: 'a runner',
  prepare: 'pure',
  onChannel: 'pure',
  requireValues: 'pure',
  requiredIn: 'pure',
  variablesIn: 'pure',
  hasReceivedFile: 'pure',
  rateLimitedError: 'pure',
  durationOf: 'pure',
  createDispatcher: 'a runner',
  runDueBroadcasts: 'a runner',
  checkZone: 'pure',
  isQuiet: 'pure',
  nextOpening: 'pure',
  previousOpening: 'pure',
  foldedWord: 'pure',
  proceduresOf: 'pure',
  isOneOf: 'pure',
  listTenants: 'for those who look after the installation: it tells of every tenant',
  checkSigningSecret: 'pure',
  verifyOfficialVector: 'pure',
  verifySignedWebhook: 'pure',
  generateSecret: 'pure',
  legacySignature: 'pure',
  signDelivery: 'pure',
  standardForm: 'pure',
  standardSignature: 'pure',
};

const DAY_MS = 24 * 3_600_000;

/** Of a thief: the key opens nothing, and nobody answers. */
const GOOGLE = {
  clientEmail: 'thief@example.org',
  privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString(),
  delegatedUser: '',
  tokenUrl: 'http://127.0.0.1:9/token',
  baseUrl: 'http://127.0.0.1:9',
};

/**
 * Every function of the rooms that works for one tenant, called by a thief with ids of the victim. A function without a
 * line here or above fails the test that walks through all of them.
 */
export async function operationsWithIdsOf(
  victim: Victim,
  tenantId: string,
): Promise<Record<string, () => unknown>> {
  const { world: theirs, ctx, subscriptionId } = victim;
  const accountId = theirs.account.id;
  const [login] = await theirs.rows('logins');
  const [conversation] = await theirs.rows('conversations');
  const [contact] = await theirs.rows('contacts');
  const [row] = await theirs.rows('accounts');
  const received = (await theirs.rows('messages')).find(({ direction }) => direction === 'inbound');
  const door = await accounts.getDoor(ctx, theirs.tenantId, DOOR);
  if (!login || !conversation || !contact || !row || !door) throw new Error('Nothing to steal.');
  const visit = (await theirs.rows('appointments')).find(({ account_id }) => account_id === '');
  const calendar = (await theirs.rows('accounts')).find((one) => one.provider === 'google');
  if (!visit || !calendar) throw new Error('Nothing to steal.');
  const { provider } = theirs.account;
  const source = { kind: 'credential' as const, id: login.source_id };
  const stolen = {
    login: 'facebook' as const,
    accessToken: 'x',
    apiBaseUrl: 'x',
    apiVersion: 'v1',
  };
  const subscription = { tenantId, id: subscriptionId };
  const account = { tenantId, accountId };
  const taken = await limits.checkLimit(ctx, { tenantId: theirs.tenantId, accountId });
  const delivery = DELIVERY + theirs.tenantId;
  const routed = {
    tenantId,
    contactId: contact.id,
    content: { type: 'text' as const, text: 'stolen' },
  };
  return {
    ...(await journeyOperationsWithIdsOf(theirs, ctx, tenantId)),
    ...insightOperationsWithIdsOf(theirs, ctx, tenantId),
    ...(await templateOperationsWithIdsOf(theirs, tenantId)),
    ...dueOperationsWithIdsOf(theirs, ctx, tenantId),
    ...(await broadcastOperationsWithIdsOf(victim, tenantId)),
    ...(await contactOperationsWithIdsOf(victim, tenantId)),
    ...(await keptFileOperationsWithIdsOf(theirs, tenantId, SECRET)),
    // accounts
    checkConnection: () => accounts.checkConnection(ctx, tenantId, accountId),
    disconnectAccount: () => accounts.disconnectAccount(ctx, tenantId, accountId),
    getConnection: () => accounts.getConnection(ctx, tenantId, accountId),
    listConnections: () => accounts.listConnections(ctx, { tenantId, limit: 100, cursor: null }),
    renewConnection: () => accounts.renewConnection(ctx, tenantId, accountId),
    connectLogin: () =>
      accounts.connectLogin(ctx, {
        tenantId,
        provider,
        source,
        fingerprint: 'stolen',
        secrets: stolen,
        isFresh: false,
      }),
    sourceState: () =>
      accounts.sourceState(ctx, { tenantId, provider, source, fingerprint: 'values' }),
    credentialState: () =>
      accounts.credentialState(ctx, {
        tenantId,
        credentialId: row.credential_id ?? '',
        credentialFingerprint: '',
      }),
    syncCredentialAccounts: () =>
      accounts.syncCredentialAccounts(ctx, {
        tenantId,
        provider,
        credentialId: row.credential_id ?? '',
        discovered: [
          {
            channel: theirs.account.channel,
            externalId: theirs.account.externalId,
            parentExternalId: null,
            name: 'Stolen',
            secrets: { accessToken: 'stolen' },
            expiresAt: null,
          },
        ],
      }),
    tendLogin: () => accounts.tendLogin(ctx, tenantId, login.id, { renews: true }),
    getAccount: () => accounts.getAccount(ctx, tenantId, accountId),
    listAccounts: () => accounts.listAccounts(ctx, tenantId),
    openConnection: () => accounts.openConnection(ctx, tenantId, accountId),
    useConnection: () => accounts.useConnection(ctx, account, async (connection) => connection),
    countRefusedCall: () =>
      accounts.countRefusedCall(ctx, {
        tenantId,
        doorId: DOOR,
        credentialId: row.credential_id,
        claimedExternalIds: [theirs.account.externalId],
      }),
    noteAccountStatus: () =>
      accounts.noteAccountStatus(ctx, tenantId, accountId, 'expired', 'stolen'),
    setAccountWarning: () => accounts.setAccountWarning(ctx, tenantId, accountId, 'stolen'),
    registerDoor: () =>
      accounts.registerDoor(ctx, {
        tenantId,
        doorId: DOOR,
        provider,
        credentialId: null,
        url: 'https://stolen.example',
      }),
    getDoor: () => accounts.getDoor(ctx, tenantId, DOOR),
    listDoors: () => accounts.listDoors(ctx, tenantId),
    openDoorsOf: () => accounts.openDoorsOf(ctx, { ...theirs.account, tenantId }),
    subscribeAtDoor: () =>
      accounts.subscribeAtDoor(ctx, provider, [{ ...theirs.account, tenantId }]),
    markDoorUnwanted: () => accounts.markDoorUnwanted(ctx, tenantId, DOOR),
    markDoorWanted: () => accounts.markDoorWanted(ctx, tenantId, DOOR),
    removeUnwantedDoor: () => accounts.removeUnwantedDoor(ctx, { ...door, tenantId }),
    getSilence: () => accounts.getSilence(ctx, tenantId, accountId),
    setSilenceSettings: () =>
      accounts.setSilenceSettings(ctx, tenantId, accountId, { enabled: false }),
    addTestListener: () =>
      accounts.addTestListener(ctx, {
        tenantId,
        id: DOOR,
        provider,
        url: 'https://stolen.example',
        ttlMs: 1_000,
      }),
    removeTestListener: () => accounts.removeTestListener(ctx, tenantId, DOOR),
    activeTestListeners: () => accounts.activeTestListeners(ctx, tenantId, provider),
    // events
    startConsumer: async () => {
      const emitted: EventItem[] = [];
      const consumer = await events.startConsumer(ctx, {
        consumerId: CONSUMER,
        tenantId,
        name: 'Thief',
        filter: { types: EVENT_TYPES, includePaused: true },
        batchSize: 1,
        catchUpMs: 30 * DAY_MS,
        emit: async (items) => void emitted.push(...items),
      });
      await consumer.stop();
      return emitted;
    },
    latestMatchingEvent: () =>
      events.latestMatchingEvent(ctx, tenantId, { types: EVENT_TYPES, accountIds: [accountId] }),
    listEvents: () =>
      events.listEvents(ctx, tenantId, { filter: { types: EVENT_TYPES, includePaused: true } }),
    // messaging
    fetchMissed: () => messaging.fetchMissed(ctx, { ...account, since: ctx.clock.now() - DAY_MS }),
    emitEvent: () =>
      messaging.emitEvent(ctx, {
        tenantId,
        event: 'conversation.closed',
        conversationId: conversation.id,
        contactId: contact.id,
        idempotencyKey: 'stolen',
      }),
    recordInbound: () =>
      messaging.recordInbound(ctx, {
        tenantId,
        doorId: DOOR,
        events: [theirs.event('message'), theirs.event('delete', { targetProviderId: 'mid.0' })],
      }),
    sendMessage: () =>
      messaging.sendMessage(ctx, {
        tenantId,
        accountId,
        recipientExternalId: CUSTOMER,
        content: { type: 'text', text: 'stolen' },
        idempotencyKey: 'key-1',
      }),
    keepForLater: () =>
      messaging.keepForLater(ctx, {
        tenantId,
        accountId,
        recipientExternalId: CUSTOMER,
        content: { type: 'text', text: 'stolen' },
      }),
    askAndWait: () =>
      messaging.askAndWait(ctx, {
        tenantId,
        conversationId: conversation.id,
        question: { responseType: 'freeText', text: 'stolen' },
        resume: { executionId: '1', nodeId: 'node-1', path: '/stolen' },
        expiresAt: null,
        keepsAnswer: true,
        tooLateText: null,
        idempotencyKey: 'waiting',
      }),
    takeResumption: () =>
      messaging.takeResumption(ctx, {
        body: {
          omnichannelWait: waitOf('answered', theirs.tenantId),
          attempt: 1,
          tenant: tenantId,
        },
        path: RESUME_PATH,
      }),
    deliverMessage: () =>
      messaging.deliverMessage(ctx, { ...routed, automatic: true, idempotencyKey: 'key-1' }),
    keepDelivery: () => messaging.keepDelivery(ctx, { ...routed, automatic: true }),
    sendByRoute: () => messaging.sendByRoute(ctx, { ...routed, idempotencyKey: 'key-1' }),
    requireSafeRecipient: () =>
      messaging.requireSafeRecipient(ctx, { ...theirs.account, tenantId }, CUSTOMER),
    requireSafeWriter: () =>
      messaging.requireSafeWriter(
        ctx,
        { ...theirs.account, tenantId },
        received?.provider_id ?? '',
      ),
    replyPrivately: () =>
      messaging.replyPrivately(ctx, { tenantId, accountId, commentId: 'c', text: 'stolen' }),
    downloadReceivedFile: () =>
      messaging.downloadReceivedFile(ctx, tenantId, accountId, {
        type: 'image',
        url: 'https://stolen.example/photo.jpg',
      }),
    // appointments
    upsertAppointment: () =>
      appointments.upsertAppointment(ctx, {
        tenantId,
        externalId: visit.external_id,
        start: '2027-01-01T10:00',
        timeZone: 'UTC',
        phone: visit.person_phone ?? '',
      }),
    cancelAppointment: () =>
      appointments.cancelAppointment(ctx, tenantId, { appointmentId: visit.id, externalId: null }),
    getAppointment: () =>
      appointments.getAppointment(ctx, tenantId, { appointmentId: visit.id, externalId: null }),
    documentsOfAppointment: () =>
      appointments.documentsOfAppointment(ctx, tenantId, {
        appointmentId: visit.id,
        externalId: null,
      }),
    confirmAppointment: () =>
      appointments.confirmAppointment(ctx, {
        tenantId,
        name: { appointmentId: visit.id, externalId: null },
      }),
    rescheduleAppointment: () =>
      appointments.rescheduleAppointment(ctx, {
        tenantId,
        name: { appointmentId: visit.id, externalId: null },
        start: '2099-01-01T10:00',
      }),
    offerAppointmentTimes: () =>
      appointments.offerAppointmentTimes(ctx, {
        tenantId,
        name: { appointmentId: visit.id, externalId: null },
      }),
    listAppointments: () =>
      appointments.listAppointments(ctx, { tenantId, timeZone: 'UTC', limit: 100, cursor: null }),
    watchCalendar: () =>
      appointments.watchCalendar(ctx, {
        tenantId,
        credentialId: calendar.credential_id,
        access: GOOGLE,
        calendarId: calendar.external_id,
        settings: {},
      }),
    offerFreeSlots: () =>
      appointments.offerFreeSlots(ctx, {
        tenantId,
        access: GOOGLE,
        calendarIds: [calendar.external_id],
        from: '2027-01-01',
        to: '2027-01-02',
        timeZone: 'UTC',
      }),
    unwatchCalendar: () => appointments.unwatchCalendar(ctx, tenantId, 'stolen@example.org'),
    refreshCalendarKeys: () =>
      appointments.refreshCalendarKeys(ctx, {
        tenantId,
        credentialId: calendar.credential_id ?? '',
        access: GOOGLE,
      }),
    syncCalendar: () => appointments.syncCalendar(ctx, tenantId, calendar.id),
    ...(await conversationOperationsWithIdsOf(victim, tenantId)),
    // limits
    setLimits: () => limits.setLimits(ctx, tenantId, accountId, { perMinute: 1 }),
    resetLimit: () => limits.resetLimit(ctx, { ...account, liftPause: true }),
    blockAccount: () => limits.blockAccount(ctx, { ...account, until: null }),
    takeTokens: () => limits.takeTokens(ctx, account),
    checkLimit: () => limits.checkLimit(ctx, account),
    noteUncountedSend: () => limits.noteUncountedSend(ctx, account),
    refundTokens: () => limits.refundTokens(ctx, account, taken),
    noteUsage: () =>
      limits.noteUsage(
        ctx,
        { tenantId, id: accountId },
        { percent: 90, regainAccessMs: 0, throttled: false },
      ),
    noteRecipientLimit: () =>
      limits.noteRecipientLimit(ctx, tenantId, {
        accountId,
        contactId: contact.id,
        recipient: { everyMs: 1, burst: 1 },
      }),
    waitForTokens: () => limits.waitForTokens(ctx, { ...account, maxWaitMs: 0 }),
    // tenants
    settingsOf: () => tenants.settingsOf(ctx, tenantId),
    saveSettings: () => tenants.saveSettings(ctx, tenantId, { name: 'Stolen' }),
    upsertTenant: () => tenants.upsertTenant(ctx, tenantId, { timeZone: 'UTC' }),
    getTenant: () => tenants.getTenant(ctx, tenantId),
    setFeature: () => tenants.setFeature(ctx, tenantId, { feature: 'stolen', on: true }),
    // webhooks
    getDelivery: () => webhooks.getDelivery(ctx, tenantId, delivery),
    listDeliveries: () => webhooks.listDeliveries(ctx, { tenantId, subscriptionId }),
    listQueue: () => webhooks.listQueue(ctx, { tenantId, subscriptionId }),
    recoverDeliveries: () =>
      webhooks.recoverDeliveries(ctx, {
        tenantId,
        subscriptionId,
        since: ctx.clock.now() - DAY_MS,
      }),
    replayDelivery: () => webhooks.replayDelivery(ctx, { tenantId, id: delivery }),
    recordSignedWebhook: () =>
      webhooks.recordSignedWebhook(ctx, {
        tenantId,
        doorId: DOOR,
        name: 'Thief',
        verified: { id: 'id', timestamp: null } as never,
        data: { event: null, headers: {}, query: {}, body: null },
      }),
    sendNow: () =>
      webhooks.sendNow(ctx, { tenantId, subscriptionId, event: 'message.received', data: {} }),
    testSubscription: () => webhooks.testSubscription(ctx, subscription),
    subscriptionStatistics: () => webhooks.subscriptionStatistics(ctx, subscription),
    createSubscription: () =>
      webhooks.createSubscription(ctx, {
        tenantId,
        name: 'Thief',
        url: 'https://stolen.example/',
        events: ['*'],
      }),
    deleteSubscription: () => webhooks.deleteSubscription(ctx, tenantId, subscriptionId),
    getSubscription: () => webhooks.getSubscription(ctx, tenantId, subscriptionId),
    listSubscriptions: () => webhooks.listSubscriptions(ctx, tenantId),
    regenerateSecret: () => webhooks.regenerateSecret(ctx, subscription),
    updateSubscription: () => webhooks.updateSubscription(ctx, { ...subscription, url: DOOR_URL }),
  };
}
