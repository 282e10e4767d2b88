import { randomUUID } from 'node:crypto';
import { syncCredentialAccounts } from '../../../../core/accounts';
import type { CalendarsContext } from '../../../../core/appointments';
import {
  recordInbound,
  sendMessage,
  type MessagingContext,
  type SendMessageInput,
} from '../../../../core/messaging';
import type {
  Account,
  AccountSecrets,
  Channel,
  EventItem,
  InboundEvent,
  SendResult,
} from '../../../../core/model';
import type { Store, TenantStore } from '../../../../core/store/store';
import type { Database } from '../../../../core/store/tables';
import type { Selectable } from 'kysely';
import type { StoreContext } from '../../../support/storeContext';
import { FakeProvider } from './fakeProvider';
import { ageKey, readRows } from './messagingUnits.cjs';

export const CUSTOMER = '900100200300400';
export const OWN_APP = '555000111222333';
export const DAY_MS = 24 * 3_600_000;

type Rows<T extends keyof Database> = Selectable<Database[T]>[];
export type EventInput<K extends InboundEvent['kind']> = Partial<
  K extends 'comment' | 'mention'
    ? Extract<InboundEvent, { kind: 'comment' | 'mention' }>
    : Extract<InboundEvent, { kind: K }>
>;

/** One tenant with one connected account, a provider in memory, and the verbs of the tests. */
export interface World {
  tenant: TenantStore;
  tenantId: string;
  ctx: MessagingContext & CalendarsContext;
  provider: FakeProvider;
  account: Account;
  /** The same world as another process sees it. */
  beside(store: Store): World['ctx'];
  /** An inbound event of this account, complete but for what the test says. */
  event<K extends InboundEvent['kind']>(kind: K, parts?: EventInput<K>): InboundEvent;
  receive(...events: InboundEvent[]): ReturnType<typeof recordInbound>;
  /** The customer writes, so that the window is open. */
  customerWrites(text?: string): Promise<EventItem>;
  send(parts?: Partial<SendMessageInput>): Promise<SendResult>;
  rows<T extends keyof Database>(table: T): Promise<Rows<T>>;
  events(): Promise<EventItem[]>;
  /** Types of all events in order. */
  eventTypes(): Promise<string[]>;
  /** Lets time pass for a reservation. */
  age(key: string, milliseconds: number): Promise<void>;
}

export interface WorldOptions {
  channel?: Channel;
  secrets?: AccountSecrets;
  externalId?: string;
  tenant?: TenantStore;
}

let eventCount = 0;

export async function createWorld(
  context: StoreContext,
  { channel = 'messenger', secrets, externalId, tenant: given }: WorldOptions = {},
): Promise<World> {
  // The tests' clock stands still; the database's does not.
  context.clock.set(Date.now());
  const tenant = given ?? context.newTenant();
  const { tenantId } = tenant;
  const provider = new FakeProvider();
  const ctx: World['ctx'] = {
    store: context.store,
    providers: new Map([['meta', provider]]),
    clock: context.clock,
    logger: context.logger,
    processId: 'process-1',
    google: {
      clock: context.clock,
      call: () => Promise.reject(new Error('No appointment of these tests is in a calendar.')),
    },
  };
  const [account] = await syncCredentialAccounts(ctx, {
    tenantId,
    provider: 'meta',
    credentialId: 'credential-1',
    discovered: [
      {
        channel,
        externalId: externalId ?? randomUUID(),
        parentExternalId: null,
        name: 'Clínica Sol',
        secrets: secrets ?? { accessToken: 'token-1', appId: OWN_APP },
        expiresAt: null,
      },
    ],
  });
  if (!account) throw new Error('No account was made.');

  const world: World = {
    tenant,
    tenantId,
    ctx,
    provider,
    account,
    beside: (store) => ({ ...ctx, store, processId: `process-${randomUUID()}` }),
    event: (kind, parts = {}) => buildEvent(account, context.clock.now(), kind, parts),
    receive: (...events) => recordInbound(ctx, { tenantId, doorId: 'door-1', events }),
    async customerWrites(text = 'Oi') {
      const { items } = await world.receive(world.event('message', { text }));
      const item = items.find(({ event }) => event === 'message.received');
      if (!item) throw new Error('The message was not stored.');
      return item;
    },
    send: (parts = {}) =>
      sendMessage(ctx, {
        tenantId,
        accountId: account.id,
        recipientExternalId: CUSTOMER,
        content: { type: 'text', text: 'Bem-vindo!' },
        idempotencyKey: 'key-1',
        ...parts,
      }),
    rows: async (table) => (await tenant.run(readRows, table)) as never,
    async events() {
      const rows = await world.rows('events');
      return rows.sort((a, b) => a.seq - b.seq).map((row) => JSON.parse(row.payload) as EventItem);
    },
    eventTypes: async () => (await world.events()).map(({ event }) => event),
    age: (key, milliseconds) => tenant.run(ageKey, { key, milliseconds }),
  };
  return world;
}

const DEFAULTS: { [K in InboundEvent['kind']]: object } = {
  message: {
    type: 'text',
    text: 'Oi',
    attachments: [],
    buttonPayload: null,
    replyTo: null,
    referral: null,
    standby: false,
  },
  postback: { title: 'Confirmar', payload: 'CONFIRM:apt_9', referral: null },
  echo: { type: 'text', text: 'Temos sim!', attachments: [], metadata: null, senderAppId: null },
  delivery: { providerIds: [], watermark: null },
  read: { providerIds: [], watermark: null },
  status: { status: 'delivered', marker: null, price: null, failure: null },
  identity: { what: 'phone' },
  preference: { wants: 'stop', category: 'marketing_messages', detail: null },
  reaction: { targetProviderId: 'mid.0', action: 'react', reaction: 'love', emoji: '❤️' },
  edit: { targetProviderId: 'mid.0', text: 'corrigido' },
  delete: { targetProviderId: 'mid.0' },
  referral: { referral: { type: 'OPEN_THREAD', ref: 'bio-link' } },
  optin: { payload: 'OPTIN', details: { type: 'notification_messages' } },
  handover: { action: 'pass', newOwnerAppId: null, previousOwnerAppId: null, metadata: null },
  accountLink: { status: 'linked', authorizationCode: 'AUTH' },
  feedback: { rating: 4, comment: null },
  activity: {
    field: 'feed',
    item: 'post',
    verb: 'add',
    postId: 'post-1',
    parentId: null,
    text: null,
    isOwn: false,
  },
  comment: { text: 'Quanto custa?', postId: 'post-1', parentId: null, verb: 'add', referral: null },
  mention: { text: '@clinica', postId: 'post-1', parentId: null, verb: null, referral: null },
  policy: { action: 'block', reason: 'Policy text' },
  templateStatus: { templateName: 'lembrete', language: 'pt_BR', status: 'APPROVED', reason: null },
  templateCategory: {
    templateName: 'lembrete',
    language: 'pt_BR',
    previousCategory: 'UTILITY',
    category: 'MARKETING',
    effectiveAt: null,
  },
  quality: { what: 'quality', previous: 'GREEN', current: 'RED', detail: null, health: null },
  unrecognised: { what: 'account_linking' },
};

const WITHOUT_CONTACT: readonly InboundEvent['kind'][] = [
  'policy',
  'templateStatus',
  'templateCategory',
  'quality',
  'unrecognised',
];

function buildEvent(
  account: Account,
  now: number,
  kind: InboundEvent['kind'],
  parts: object,
): InboundEvent {
  eventCount += 1;
  return {
    kind,
    provider: 'meta',
    channel: account.channel,
    accountExternalId: account.externalId,
    dedupeKey: `${kind}:${eventCount}`,
    occurredAt: now,
    raw: { from: 'the provider', number: eventCount },
    providerId: `mid.in.${eventCount}`,
    ...(WITHOUT_CONTACT.includes(kind) ? {} : { contact: { externalId: CUSTOMER } }),
    ...DEFAULTS[kind],
    ...parts,
  } as InboundEvent;
}

/** Those that are not another contact by now. */
export async function livingContacts(world: World): Promise<Rows<'contacts'>> {
  return (await world.rows('contacts')).filter(({ merged_into: into }) => into === null);
}
