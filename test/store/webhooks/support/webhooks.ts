import type { ServerResponse } from 'node:http';
import type { EventItem } from '../../../../core/model';
import type { TenantStore } from '../../../../core/store/store';
import {
  createDispatcher,
  createSubscription,
  listDeliveries,
  listQueue,
  type CreateSubscriptionInput,
  type Delivery,
  type DeliveryLogEntry,
  type Dispatcher,
  type WebhooksContext,
  type WebhookTuning,
} from '../../../../core/webhooks';
import type { StoreContext } from '../../../support/storeContext';
import { waitFor } from '../../../support/waitFor';
import { testClient } from '../../../unit/http/support/clients';
import {
  startLocalServer,
  type LocalServer,
  type SeenRequest,
} from '../../../unit/http/support/localServer';
import { appendEvents, type DescribedEvent } from '../../events/support/eventUnits.cjs';

/** Times of production made short; what is not named is as in production. */
const FAST: Partial<WebhookTuning> = { pollMs: 40, leaseMs: 8_000, deadlineMs: 2_000 };

/** As many as the caller asked for; so that tests can take them apart without asking again. */
export type Counted<T> = [T, T, T, ...T[]];

export type Answer = (request: SeenRequest, response: ServerResponse, count: number) => void;

const ok: Answer = (_request, response) => response.writeHead(200).end('thanks');

/** What tests of webhooks share: a context whose client may reach this machine, and everything ended after each test. */
export function webhooksOf(context: StoreContext) {
  const ends: (() => Promise<unknown>)[] = [];
  const expectedErrors: unknown[] = [];
  let http: WebhooksContext['http'];

  beforeEach(() => {
    http = testClient({
      egress: { allowedHosts: [], allowedRanges: ['127.0.0.0/8'], blockedRanges: [] },
    });
    const opened = http;
    ends.push(() => opened.close());
  });

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
    // What goes on in the background has nobody to throw to: its errors are in the log, and none is expected.
    const errors = context.logger.entries.splice(0).filter(({ level }) => level === 'error');
    expect(errors.map(({ message }) => message)).toEqual(expectedErrors.splice(0));
  });

  return {
    get ctx(): WebhooksContext {
      const { store, clock, logger } = context;
      return { store, clock, logger, http, processId: 'test', host: { version: '1.2.3' } };
    },

    /** A line of the log that the test means to bring about. */
    expectError(message: unknown): void {
      expectedErrors.push(message);
    },

    /** A real receiver on this machine. */
    async receiver(answer: Answer = ok): Promise<LocalServer> {
      let count = 0;
      const server = await startLocalServer((request, response) => {
        count += 1;
        answer(request, response, count);
      });
      ends.push(() => server.close());
      return server;
    },

    start(tuning: Partial<WebhookTuning> = {}, ctx?: WebhooksContext): Dispatcher {
      const dispatcher = createDispatcher(ctx ?? this.ctx, { ...FAST, ...tuning });
      dispatcher.start();
      ends.push(() => dispatcher.stop());
      return dispatcher;
    },

    async subscribe(
      tenant: TenantStore,
      server: Pick<LocalServer, 'url'>,
      fields: Partial<CreateSubscriptionInput> = {},
    ) {
      return await createSubscription(this.ctx, {
        tenantId: tenant.tenantId,
        name: 'CRM',
        url: `${server.url}/hook`,
        events: ['message.received'],
        ...fields,
      });
    },

    /** The tenant's deliveries, once all are in one of these states (and there are as many as asked for). */
    async settled(tenant: TenantStore, count: number): Promise<[Delivery, ...Delivery[]]> {
      return await waitFor(
        async () => {
          const { items } = await listQueue(this.ctx, { tenantId: tenant.tenantId, limit: 500 });
          return items.length === count && items.every((one) => one.state !== 'pending')
            ? (items as [Delivery, ...Delivery[]])
            : null;
        },
        { what: `${count} deliveries to be settled` },
      );
    },

    async log(tenant: TenantStore) {
      const { items } = await listDeliveries(this.ctx, { tenantId: tenant.tenantId, limit: 500 });
      return items.reverse() as Counted<DeliveryLogEntry>;
    },
  };
}

export async function happen(
  tenant: TenantStore,
  ...described: DescribedEvent[]
): Promise<Counted<EventItem>> {
  return (await tenant.run(appendEvents, described)) as Counted<EventItem>;
}

export async function received(server: LocalServer, count: number): Promise<Counted<SeenRequest>> {
  return await waitFor(
    () => server.requests.length >= count && (server.requests as Counted<SeenRequest>),
    {
      what: `${count} webhooks to arrive`,
    },
  );
}

/** Milliseconds between an instant and the one before it. */
export function waitBefore(instants: number[], index: number): number {
  return (instants[index] ?? Number.NaN) - (instants[index - 1] ?? Number.NaN);
}
