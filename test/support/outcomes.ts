import { receivedBy, type Customer } from './customers.ts';
import type { TestPlayground } from './n8n.ts';
import type { StoreReader } from './storeReader.ts';

/** What one customer got in the end. */
export interface Outcome {
  customer: string;
  /** Messages of the clinic at the provider's side. */
  welcomes: number;
  /** Status of the send in the package's store, with its reason where it has one. */
  result: string;
  /** Events `message.unknown`: the log says that nobody could tell what became of the send. */
  unknownEvents: number;
  /** Whether n8n ever died, or was stopped, while the provider may have had the send in hand. */
  inHand: boolean;
}

/** The welcome arrived, and the store knows that it did. */
const ONE_WELCOME = { welcomes: 1, result: 'sent', unknownEvents: 0 };

/** None arrived, nobody could prove it, and the log says so. */
const ADMITTED_SILENCE = { welcomes: 0, result: 'failed outcome_unknown', unknownEvents: 1 };

/** What each customer got at the provider's side, and what the store says of it. */
export async function outcomesOf(
  { sandbox }: TestPlayground,
  store: StoreReader,
  customers: Customer[],
  inHand: ReadonlySet<string>,
): Promise<Outcome[]> {
  const results = await resultsByCustomer(store);
  const unknownEvents = await unknownEventsByCustomer(store);
  return customers.map((customer) => ({
    customer: customer.id,
    welcomes: receivedBy(sandbox, customer).length,
    result: results.get(customer.id)?.join('+') ?? 'none',
    unknownEvents: unknownEvents.get(customer.id) ?? 0,
    inHand: inHand.has(customer.id),
  }));
}

/** Result of every send in the store, by the provider's id of the customer. */
export async function resultsByCustomer(store: StoreReader): Promise<Map<string, string[]>> {
  const rows = await store.rows(
    `select i.external_id, k.state, k.result from idempotency_keys k
       join contact_identities i on i.tenant_id = k.tenant_id and i.contact_id = k.contact_id`,
  );
  const results = new Map<string, string[]>();
  for (const { external_id: id, state, result } of rows) {
    const words = state === 'completed' ? wordsOf(String(result)) : String(state);
    results.set(String(id), [...(results.get(String(id)) ?? []), words]);
  }
  return results;
}

function wordsOf(result: string): string {
  const { status, reason } = JSON.parse(result) as { status: string; reason?: string };
  return reason === undefined ? status : `${status} ${reason}`;
}

/**
 * Customers whose send has a key and no result (reserved or unknown). Where n8n is dead, these and
 * no others can have a send that the provider got and whose answer nobody read: the key is
 * reserved before the provider is called.
 */
export async function customersWithOpenSend(store: StoreReader): Promise<string[]> {
  const rows = await store.rows(
    `select i.external_id from idempotency_keys k
       join contact_identities i on i.tenant_id = k.tenant_id and i.contact_id = k.contact_id
      where k.state <> 'completed'`,
  );
  return rows.map(({ external_id: id }) => String(id));
}

async function unknownEventsByCustomer(store: StoreReader): Promise<Map<string, number>> {
  const rows = await store.rows(
    `select i.external_id, count(*) as n from events e
       join contact_identities i on i.tenant_id = e.tenant_id and i.contact_id = e.contact_id
      where e.type = 'message.unknown' group by i.external_id`,
  );
  return new Map(rows.map(({ external_id: id, n }) => [String(id), Number(n)]));
}

/** Every customer got exactly one welcome, and the store knows it. */
export function expectOneEach(outcomes: Outcome[], count: number): void {
  expect(outcomes).toEqual(
    Array.from({ length: count }, () => expect.objectContaining(ONE_WELCOME)),
  );
}

/**
 * Every customer got exactly one welcome. Only one whose send was in hand when n8n died may have
 * none, and then the store and the log must admit that nobody knows; never two.
 */
export function expectOneUnlessInHand(outcomes: Outcome[], count: number): void {
  expect(outcomes).toHaveLength(count);
  const wrong = outcomes.filter(
    (outcome) =>
      !isLike(outcome, ONE_WELCOME) && !(outcome.inHand && isLike(outcome, ADMITTED_SILENCE)),
  );
  expect(wrong).toEqual([]);
}

function isLike(outcome: Outcome, wanted: typeof ONE_WELCOME): boolean {
  return (
    outcome.welcomes === wanted.welcomes &&
    outcome.result === wanted.result &&
    outcome.unknownEvents === wanted.unknownEvents
  );
}
