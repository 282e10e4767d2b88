import { takeLogin } from '../../../../core/accounts/logins.unit';
import {
  addTestListener,
  connectLogin,
  markDoorUnwanted,
  registerDoor,
  syncCredentialAccounts,
} from '../../../../core/accounts';
import { claimDeliveries } from '../../../../core/events/claim.unit';
import { keepFilter, upsertContact, type ContactsContext } from '../../../../core/contacts';
import { openConsumer } from '../../../../core/events/open.unit';
import { setLimits } from '../../../../core/limits';
import { changeLimits } from '../../../../core/limits/limits.unit';
import { askForCatchUp, takeCatchUp } from '../../../../core/messaging/catchUp/catchUp.unit';
import { takePersonReply } from '../../../../core/messaging/oncePerPerson.unit';
import { EVENT_TYPES } from '../../../../core/model';
import { saveSettings } from '../../../../core/tenants';
import { createSubscription, type WebhooksContext } from '../../../../core/webhooks';
import { upsertAppointment, type CalendarsContext } from '../../../../core/appointments';
import {
  beginCalendarSync,
  recordCalendarPage,
  writeCalendarWatch,
} from '../../../../core/appointments/calendars.unit';
import type { AppointmentDraft } from '../../../../core/appointments/draft';
import { createGoogleClient } from '../../../../core/providers/google';
import type { StoreContext } from '../../../support/storeContext';
import { testClient } from '../../../unit/http/support/clients';
import { appendEvents } from '../../events/support/eventUnits.cjs';
import { FakeKeeper } from '../../logins/support/fakeKeeper';
import { FakeMissed } from '../../messaging/support/fakeMissed';
import { createWorld, type World } from '../../messaging/support/world';
import { scheduleSomething } from './journeyCalls';
import { keepTemplate } from './templateCalls';
import { awaitJourneys } from './dueCalls';
import { keepBroadcast } from './broadcastCalls';
import { keepSomething } from './keptFileCalls';
import { fillEmptyTables, insertRows, readTenant } from './tenantUnits.cjs';

/** Words that are nowhere but in what the tenant has. */
export const SECRET = 'segredo';

export const DOOR = 'door-1';
export const DOOR_URL = `https://n8n.example/${SECRET}`;
/** A door that is wanted; the other one is not. */
export const OPEN_DOOR = 'door-2';
export const CONSUMER = 'workflow-1:node-1';
/** Who holds everything that can be held. */
export const OWNER = 'owner-1';
export const RESERVED_KEY = 'key-2';
export const DELIVERY = 'delivery-of-';
export const SERIES = 'series-1';
export const SELECTION = { types: EVENT_TYPES, newContactsOnly: false, includePaused: true };

/** Somebody whom only the tenant's lists know. */
export const PERSON = {
  phone: '+5511977776666',
  filter: 'kept',
  erasing: 'id of somebody who is being erased',
};

/** A tenant that has something of everything, and whose ids a thief knows. */
export interface Victim {
  world: World;
  ctx: World['ctx'] & WebhooksContext & CalendarsContext;
  subscriptionId: string;
  /** Everything it has. */
  everything(): Promise<Record<string, string[]>>;
  close(): Promise<void>;
}

export async function createVictim(context: StoreContext): Promise<Victim> {
  const world = await createWorld(context);
  const { tenantId, tenant } = world;
  const http = testClient({
    egress: { allowedHosts: [], allowedRanges: ['127.0.0.0/8'], blockedRanges: [] },
  });
  const google = createGoogleClient({
    http,
    clock: context.clock,
    sleep: async () => undefined,
  });
  const ctx = { ...world.ctx, http, google, host: { version: '1.2.3' } };
  await world.customerWrites(SECRET);
  await world.receive(world.event('preference', { detail: SECRET }));
  await world.receive(world.event('feedback', { comment: SECRET }));
  world.provider.behaviours.push('cut');
  await world.send();
  const door = { tenantId, provider: 'meta' as const };
  await registerDoor(ctx, { ...door, doorId: DOOR, credentialId: null, url: DOOR_URL });
  await markDoorUnwanted(ctx, tenantId, DOOR);
  await addTestListener(ctx, { ...door, id: DOOR, url: DOOR_URL, ttlMs: 120_000 });
  const keeper = new FakeKeeper(context.clock);
  const missed = new FakeMissed(() => world.account);
  Object.assign(world.provider, { keeper, missed });
  await connectLogin(ctx, {
    ...door,
    source: { kind: 'credential', id: 'credential-2' },
    fingerprint: 'values',
    secrets: {
      login: 'facebook',
      accessToken: keeper.issueLong(),
      apiBaseUrl: 'https://graph.example',
      apiVersion: 'v25.0',
    },
    isFresh: false,
  });
  await setLimits(ctx, tenantId, world.account.id, { perMinute: 7 });
  await tenant.run(changeLimits, {
    accountId: world.account.id,
    change: { kind: 'pause', forMs: 600_000, believeForMs: 600_000 },
    refunds: [],
  });
  const { id: subscriptionId } = await createSubscription(ctx, {
    tenantId,
    name: SECRET,
    url: `https://127.0.0.1:9/${SECRET}`,
    events: ['message.received'],
  });
  await registerDoor(ctx, { ...door, doorId: OPEN_DOOR, credentialId: null, url: DOOR_URL });
  await consume(world);
  await reserve(world);
  await deliver(world, subscriptionId);
  await fallSilent(world);
  await keepAppointments(ctx, world);
  await keepSomething(world, SECRET);
  await keepTemplate(world, SECRET);
  await scheduleSomething(ctx, world, { owner: OWNER, secret: SECRET });
  await saveSettings(ctx, tenantId, { name: SECRET, custom: { note: SECRET } });
  await keepBroadcast(world);
  await awaitJourneys(world, OWNER, SECRET);
  await waitForAnswers(ctx, world);
  const person = { externalId: `${SECRET}, person`, commentId: 'comment' };
  await tenant.run(takePersonReply, { accountId: world.account.id, ...person });
  await keepContacts(ctx, world);
  const rolled = [{ until_hour: 2, updated_at: 1 }];
  await tenant.run(insertRows, { rolled_hours: rolled, rolled_figures: rolled });
  await tenant.run(fillEmptyTables, SECRET);
  return {
    world,
    ctx,
    subscriptionId,
    everything: () => tenant.run(readTenant, null),
    close: () => http.close(),
  };
}

/** The state of a question, by which it goes in tests. */
export const WAITS = ['asking', 'waiting', 'answered', 'ended'] as const;

export const waitOf = (state: (typeof WAITS)[number], tenantId: string) => `${state} ${tenantId}`;

/** The address by which an answer comes. */
export const RESUME_PATH = `/webhook-waiting/1/node-1?signature=${SECRET}`;

/** A question in each state: one that is asked, one that is waited for, one that is answered, one that is over. */
async function waitForAnswers({ store }: World['ctx'], world: World): Promise<void> {
  const [conversation] = await world.rows('conversations');
  const [event] = await world.rows('events');
  if (!conversation || !event) throw new Error('Nobody has written.');
  const row = (state: (typeof WAITS)[number]) => ({
    id: waitOf(state, world.tenantId),
    key: state,
    account_id: world.account.id,
    contact_id: conversation.contact_id,
    conversation_id: conversation.id,
    message_id: null,
    execution_id: '1',
    // Each of its own: a newer question of the same node takes the place of an older one.
    node_id: state,
    sealed_resume: `${SECRET} ${state}`,
    resume_fingerprint: store.sealer.fingerprint(RESUME_PATH),
    expects: '{"kind":"freeText"}',
    keeps_answer: 1,
    too_late_text: SECRET,
    state,
    expires_at: null,
    asked_at: 1,
    answer: state === 'answered' ? JSON.stringify({ text: SECRET }) : null,
    answer_event_id: state === 'answered' ? event.id : null,
    answered_at: 1,
    attempt: state === 'answered' ? 1 : 0,
    taken_attempt: 0,
    conflict_since: null,
    next_attempt_at: 1,
    last_error: null,
    late_at: state === 'ended' ? 1 : null,
    created_at: 1,
    updated_at: 1,
  });
  await world.tenant.run(insertRows, { waits: WAITS.map(row) });
}

/** Somebody with everything a contact can have, and a search that was kept. */
async function keepContacts(ctx: ContactsContext, { tenantId, tenant }: World): Promise<void> {
  await upsertContact(ctx, {
    tenantId,
    phone: PERSON.phone,
    name: SECRET,
    email: `${SECRET}@example.com`,
    birthday: '1990-05-12',
    stage: SECRET,
    source: SECRET,
    addTags: [SECRET],
    customFields: { [SECRET]: SECRET },
  });
  await keepFilter(ctx, { tenantId, name: PERSON.filter, filter: { search: SECRET } });
  // What is old enough to be let go, by ids that sort before all others.
  const aged = `00000000 of ${tenantId}`;
  await tenant.run(insertRows, {
    webhook_messages: [{ event_id: aged, body: SECRET, created_at: 1 }],
    idempotency_keys: [
      {
        key: aged,
        state: 'completed',
        account_id: '',
        message_id: aged,
        request: SECRET,
        content_hash: aged,
        reserved_at: 1,
        completed_at: 1,
      },
    ],
    contact_erasures: [
      {
        contact_id: PERSON.erasing,
        anonymous_id: SECRET,
        traces: JSON.stringify({
          contactIds: [],
          conversationIds: [],
          texts: [],
          phones: [],
          email: null,
          eventId: '',
        }),
        progress: JSON.stringify({ step: 'appointments', seq: 0, webhook: '' }),
        owner: null,
        next_at: 1,
        created_at: 1,
        updated_at: 1,
      },
    ],
  });
}

/** A calendar that is watched, and an appointment from a row. */
async function keepAppointments(ctx: CalendarsContext, { tenantId, tenant }: World): Promise<void> {
  const [account] = await syncCredentialAccounts(ctx, {
    tenantId,
    provider: 'google',
    credentialId: 'credential-3',
    discovered: [
      {
        channel: 'calendar',
        externalId: `${SECRET}@group.calendar.google.com`,
        parentExternalId: null,
        name: SECRET,
        secrets: {},
        expiresAt: null,
      },
    ],
  });
  const accountId = account?.id ?? '';
  await tenant.run(writeCalendarWatch, { accountId, settings: '{}' });
  const begun = await tenant.run(beginCalendarSync, { accountId, claimMs: 1 });
  await tenant.run(recordCalendarPage, {
    accountId,
    run: begun?.watch.run ?? 0,
    announces: false,
    language: 'en',
    drafts: [occurrenceOf(SERIES)],
    cancelled: [],
    last: null,
  });
  await upsertAppointment(ctx, {
    tenantId,
    // No secret: whoever names a row is told its name again.
    externalId: 'consulta-1',
    title: SECRET,
    start: '2027-01-01T10:00',
    timeZone: 'UTC',
    phone: '+5511988887777',
  });
}

/** An event of the calendar that is repeated. */
function occurrenceOf(recurringEventId: string): AppointmentDraft {
  return {
    externalId: `${SECRET}_20270101T100000Z`,
    recurringEventId,
    status: 'confirmed',
    title: SECRET,
    description: null,
    location: null,
    startsAt: 1,
    endsAt: 2,
    allDay: false,
    timeZone: 'UTC',
    language: 'en',
    person: { name: null, phone: null, email: null },
    contactId: null,
    fields: {},
    raw: null,
  };
}

/** A consumer that has claimed an event and not yet handled it. */
async function consume({ tenant }: World): Promise<void> {
  await tenant.run(openConsumer, {
    consumerId: CONSUMER,
    name: SECRET,
    selection: SELECTION,
    catchUpMs: 0,
    settledAfterMs: 0,
  });
  await tenant.run(appendEvents, [
    { conversation: 'c1', text: SECRET },
    { conversation: 'c2', text: SECRET },
  ]);
  await tenant.run(claimDeliveries, {
    consumerId: CONSUMER,
    selection: SELECTION,
    consumerName: SECRET,
    owner: OWNER,
    leaseMs: 600_000,
    maxAttempts: 3,
    limit: 1,
    together: false,
    maxWaitMs: 0,
    catchUpMs: 1e9,
    handled: [],
    scanFrom: 0,
    raiseScanFrom: false,
    lateWindowMs: 0,
    inFlight: [],
    busyConversations: [],
  });
}

/** A send that is under way, beside the one whose outcome nobody knows. */
async function reserve({ tenant, rows }: World): Promise<void> {
  const [unknown] = await rows('idempotency_keys');
  if (!unknown) throw new Error('There is no send.');
  const { tenant_id: _, ...row } = unknown;
  const lease = { owner: OWNER, lease_until: 1e15, unknown_since: null, next_check_at: null };
  const reserved = {
    ...row,
    ...lease,
    key: RESERVED_KEY,
    message_id: `reserved ${unknown.tenant_id}`,
  };
  await tenant.run(insertRows, { idempotency_keys: [{ ...reserved, state: 'reserved' }] });
}

/** A delivery that was given up, one that was cancelled, and their log. */
async function deliver({ tenant, tenantId }: World, subscriptionId: string): Promise<void> {
  const common = {
    subscription_id: subscriptionId,
    event_type: 'message.received',
    trigger_kind: 'auto',
    single_from: null,
    claimed_by: null,
    last_http_status: 500,
    created_at: 1,
    settled_at: 1,
    next_at: 1,
  };
  const event = `event-of-${tenantId}`;
  const dead = {
    ...common,
    id: DELIVERY + tenantId,
    event_id: event,
    state: 'dead',
    reason: SECRET,
  };
  const off = { ...dead, id: `cancelled-of-${tenantId}`, event_id: `${event}-2` };
  await tenant.run(insertRows, {
    webhook_messages: [dead, off].map(({ event_id }) => ({
      event_id,
      body: SECRET,
      created_at: 1,
    })),
    webhook_deliveries: [dead, { ...off, state: 'cancelled', reason: 'disabled' }],
    webhook_attempts: [
      {
        subscription_id: subscriptionId,
        delivery_id: dead.id,
        event_id: event,
        event_type: 'message.received',
        attempt: 1,
        status: 'failed',
        trigger_kind: 'auto',
        url: DOOR_URL,
        http_status: 500,
        response_body: SECRET,
        truncated: 0,
        error_code: null,
        error: null,
        duration_ms: 1,
        attempted_at: 1,
        next_attempt_at: null,
      },
    ],
    webhook_stats_daily: [
      {
        subscription_id: subscriptionId,
        day: Math.floor(Date.now() / 86_400_000),
        bucket: 1,
        succeeded: 1,
        failed: 1,
        sum_ms: 1,
      },
    ],
  });
}

/** A silence that was told, the hours it was judged by, and a catch-up that somebody is at. */
async function fallSilent({ tenant, account }: World): Promise<void> {
  const accountId = account.id;
  const asked = await tenant.run(askForCatchUp, { accountId, reason: 'silence', since: 1 });
  const claim = { accountId, request: asked?.request ?? '', owner: OWNER };
  await tenant.run(takeCatchUp, { claim, leaseMs: -1 });
  await tenant.run(insertRows, {
    account_hours: [{ account_id: accountId, hour: 7, received: 7 }],
    account_watch: [
      {
        account_id: accountId,
        settings: '{}',
        judged_for: 1,
        alarm_at: null,
        silent_since: 1,
        raised_at: 1,
        warning: SECRET,
      },
    ],
  });
}

/** Lets somebody work on the victim's login, for the units that ask who does. */
export async function holdLogin({ world }: Victim): Promise<void> {
  const [login] = await world.rows('logins');
  await world.tenant.run(takeLogin, { loginId: login?.id ?? '', owner: OWNER, ttlMs: 1 });
}
