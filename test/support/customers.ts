import type { Sandbox } from '../../sandbox/server.ts';
import type { Channel, Delivery, Message } from '../../sandbox/model.ts';
import type { DeliveryOptions } from '../../sandbox/webhooks/event.ts';
import type { Fault, FaultKind } from '../../sandbox/control/faults.ts';
import { waitFor } from './waitFor.ts';

/** A person of the sandbox who never wrote before. */
export interface Customer {
  /** PSID or IGSID. */
  id: string;
  channel: Channel;
}

export interface Written {
  mid: string;
  deliveryIds: string[];
}

/** A call to one of the sandbox's control endpoints. @throws Error with its sentence */
export async function control<T>(
  sandbox: Sandbox,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const response = await fetch(`${sandbox.url}/_sandbox${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`The sandbox refused ${method} ${path}: ${text}`);
  return JSON.parse(text) as T;
}

export async function newCustomer(sandbox: Sandbox, channel: Channel): Promise<Customer> {
  return control(sandbox, 'POST', '/personas', { channel, firstName: 'Cliente' });
}

/** The customer writes a text; the sandbox tells the door as Meta would. */
export async function write(
  sandbox: Sandbox,
  customer: Customer,
  text: string,
  options: DeliveryOptions = {},
): Promise<Written> {
  const body = { kind: 'message', persona: customer.id, text, ...options };
  const written = await control<Written & { notDelivered: string[] }>(
    sandbox,
    'POST',
    '/inject',
    body,
  );
  if (written.deliveryIds.length === 0) {
    throw new Error(`Nobody hears of it: ${written.notDelivered.join('; ')}`);
  }
  return written;
}

/** What the clinic's automation wrote to the customer, oldest first. */
export function receivedBy(sandbox: Sandbox, customer: Customer): Message[] {
  return Object.values(sandbox.context.store.state.messages)
    .filter((message) => message.personaId === customer.id && message.direction === 'out')
    .sort((a, b) => a.createdAt - b.createdAt);
}

/** Waits for the customer's next message of the clinic, the first unless told otherwise. */
export async function untilReceived(
  sandbox: Sandbox,
  customer: Customer,
  count = 1,
): Promise<Message[]> {
  return waitFor(
    () => {
      const received = receivedBy(sandbox, customer);
      return received.length >= count && received;
    },
    { what: `${count} message(s) to customer ${customer.id}` },
  );
}

export function deliveryOf(sandbox: Sandbox, id: string): Delivery {
  const { deliveries } = sandbox.context.store.state;
  const delivery = deliveries.find((item) => item.id === id);
  // A delivery is made when its batch closes, a few milliseconds after the event.
  if (delivery === undefined) throw new Error(`There is no delivery ${id} yet.`);
  return delivery;
}

/** Waits until every copy of a delivery was answered, and returns the answers' HTTP statuses. */
export async function untilAnswered(sandbox: Sandbox, id: string): Promise<Array<number | null>> {
  const delivery = await waitFor(
    () => {
      const item = deliveryOf(sandbox, id);
      return item.state !== 'pending' && item;
    },
    { what: `the end of webhook delivery ${id}` },
  );
  return delivery.attempts.map((attempt) => attempt.status);
}

/**
 * Resolves in the moment in which the door's first 200 has arrived: looks at every turn of the event
 * loop, because the kills count milliseconds from here.
 */
export async function untilAccepted(sandbox: Sandbox, id: string): Promise<void> {
  const deadline = performance.now() + 60_000;
  const isAccepted = (): boolean =>
    sandbox.context.store.state.deliveries.some(
      (item) => item.id === id && item.attempts.some((attempt) => attempt.status === 200),
    );
  while (!isAccepted()) {
    if (performance.now() > deadline) throw new Error(`Delivery ${id} was not accepted.`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Arms a fault for the next send to a customer. */
export function armFault(
  sandbox: Sandbox,
  customer: Customer,
  kind: FaultKind,
  more: { echo?: boolean } = {},
): Promise<Fault> {
  return control(sandbox, 'POST', '/faults', { kind, recipientId: customer.id, ...more });
}

/** Waits until the provider has the send of a fault in hand and does not answer. */
export async function untilHeld(sandbox: Sandbox, fault: Fault): Promise<void> {
  await waitFor(
    () => sandbox.context.faults.list().some((item) => item.id === fault.id && item.held > 0),
    { what: 'a send that the provider holds' },
  );
}

export async function release(sandbox: Sandbox, fault: Fault): Promise<void> {
  await control(sandbox, 'POST', `/faults/${fault.id}/release`);
}
