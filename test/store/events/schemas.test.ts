import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { noteAccountStatus, syncCredentialAccounts } from '../../../core/accounts';
import { EVENT_SCHEMAS, listEvents } from '../../../core/events';
import { recordInbound, sendMessage } from '../../../core/messaging';
import {
  EVENT_TYPES,
  OutcomeUnknownError,
  SendError,
  type EventItem,
  type EventType,
  type InboundEvent,
} from '../../../core/model';
import { createProviderRegistry } from '../../../core/providers/registry';
import { describeOnBothDatabases } from '../../support/storeContext';
import { append, consumersOf, deliveriesBecome } from './support/consumers';
import { inboundOfEveryKind } from './support/inboundKinds';

const ajv = addFormats(new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }));
const validators = new Map(
  Object.entries(EVENT_SCHEMAS).map(([type, schema]) => [type, ajv.compile(schema)]),
);

function faultsOf(item: EventItem): string[] {
  const validate = validators.get(item.event);
  if (!validate) return [`no schema for ${item.event}`];
  if (validate(item)) return [];
  return (validate.errors ?? []).map(
    (error) => `${item.event}${error.instancePath} ${error.message}`,
  );
}

describeOnBothDatabases('the JSON Schema of events', (context) => {
  const consumers = consumersOf(context);

  it('is there for every type of the log, with an id and a description of its own', () => {
    expect(Object.keys(EVENT_SCHEMAS)).toEqual([...EVENT_TYPES]);
    const schemas = Object.values(EVENT_SCHEMAS);
    expect(new Set(schemas.map((schema) => schema.$id)).size).toBe(EVENT_TYPES.length);
    expect(schemas.filter((schema) => !schema.description)).toEqual([]);
  });

  it('accepts every item that the product makes', async () => {
    const tenant = context.newTenant();
    const { tenantId } = tenant;
    const providers = createProviderRegistry({
      http: {
        request: () => Promise.reject(new Error('no network')),
        deliver: () => Promise.reject(new Error('no network')),
        close: async () => undefined,
      },
      clock: context.clock,
    });
    const ctx = { ...contextOf(), providers };
    const [account] = await syncCredentialAccounts(ctx, {
      tenantId,
      provider: 'meta',
      credentialId: 'credential-1',
      discovered: [
        {
          channel: 'messenger',
          externalId: 'page-1',
          parentExternalId: null,
          name: 'Clínica Sorriso',
          secrets: { accessToken: 'token', appId: 'app-1' },
          expiresAt: null,
        },
      ],
    });
    const events: InboundEvent[] = inboundOfEveryKind('page-1', context.clock.now());
    await recordInbound(ctx, { tenantId, doorId: 'door-1', events });
    await sendInEveryWay(ctx, tenantId, account?.id ?? '');
    await noteAccountStatus(ctx, tenantId, account?.id ?? '', 'expired', 'Reconnect it.');
    const { host, id } = await consumers.start(tenant, { filter: { types: ['message.received'] } });
    host.answerWith(() => Promise.reject(new Error('not stored')));
    await append(tenant, { conversation: 'c1' });
    // The first one was there before the consumer.
    await deliveriesBecome(tenant, id, ['stale', 'parked']);

    const { items } = await listEvents(context, tenantId, { filter: everything, limit: 500 });
    expect(items.flatMap(faultsOf)).toEqual([]);
    expect([...new Set(items.map((item) => item.event))].sort()).toEqual([...MADE].sort());
  });

  it('refuses an item with a part missing, added or of another type', async () => {
    const tenant = context.newTenant();
    const [item] = await append(tenant, { conversation: 'c1' });
    const good = item as EventItem;
    expect(faultsOf(good)).toEqual([]);
    expect(faultsOf({ ...good, contact: null })).not.toEqual([]);
    expect(faultsOf({ ...good, timestamp: 'yesterday' })).not.toEqual([]);
    expect(faultsOf({ ...good, invented: 1 } as EventItem)).not.toEqual([]);
    const { tenantId: _left, ...rest } = good;
    expect(faultsOf(rest as EventItem)).not.toEqual([]);
    expect(faultsOf({ ...good, id: '42' })).not.toEqual([]);
  });

  function contextOf() {
    const { store, clock, logger } = context;
    return { store, clock, logger, processId: 'process-1' };
  }
});

const everything = { types: EVENT_TYPES, includePaused: true };

/** What the product makes so far; a new type belongs here with the code that makes it. */
const MADE: EventType[] = [
  'comment.received',
  'connection.activity',
  'connection.connected',
  'connection.error',
  'connection.expired',
  'connection.qualityChanged',
  'contact.created',
  'contact.optedOut',
  'contact.updated',
  'conversation.created',
  'conversation.handover',
  'conversation.updated',
  'event.parked',
  'feedback.received',
  'mention.received',
  'message.deleted',
  'message.delivered',
  'message.echo',
  'message.edited',
  'message.failed',
  'message.optin',
  'message.postback',
  'message.reaction',
  'message.read',
  'message.received',
  'message.sent',
  'provider.unrecognised',
  'template.categoryChanged',
  'template.statusChanged',
];

type SendContext = Parameters<typeof sendMessage>[0];

async function sendInEveryWay(ctx: SendContext, tenantId: string, accountId: string) {
  const meta = ctx.providers.get('meta');
  if (!meta) throw new Error('There is no Meta provider.');
  const outcomes = {
    sent: () => Promise.resolve({ providerMessageId: 'm-sent' }),
    failed: () => Promise.reject(new SendError('provider_rejected', 'Refused.', false)),
    unknown: () => Promise.reject(new OutcomeUnknownError('The connection was cut.')),
  };
  for (const [status, send] of Object.entries(outcomes)) {
    const result = await sendMessage(
      { ...ctx, providers: new Map([['meta', { ...meta, send }]]) },
      {
        tenantId,
        accountId,
        recipientExternalId: 'person-1',
        content: { type: 'text', text: 'Olá!' },
        idempotencyKey: `key-${status}`,
      },
    );
    expect(result.status).toBe(status);
  }
}
