import type { TestPlayground } from './n8n.ts';
import { countOf, readEmbeddedStore, type StoreReader } from './storeReader.ts';
import { waitFor } from './waitFor.ts';

/** What ends with time alone. */
export const SENDS_WITHOUT_RESULT = 'send(s) without a result';

/**
 * What can still cause something: nothing in this list means that whatever was going to be sent has
 * been sent.
 */
export async function whatIsUnderWay(
  { api, sandbox }: TestPlayground,
  store: StoreReader,
): Promise<string[]> {
  const claimed = await countOf(store, `consumer_deliveries where state = 'claimed'`);
  const sending = await countOf(store, `idempotency_keys where state <> 'completed'`);
  const unread = await countOf(store, profilesToRead());
  const unfinished = await api.countUnfinishedExecutions();
  const facts: Array<[boolean, string]> = [
    [!sandbox.context.webhooks.idle, 'webhooks under way'],
    [claimed > 0, `${claimed} claimed event(s)`],
    [sending > 0, `${sending} ${SENDS_WITHOUT_RESULT}`],
    [unread > 0, `${unread} profile(s) to be read`],
    [unfinished > 0, `${unfinished} unfinished execution(s)`],
  ];
  return facts.filter(([isUnderWay]) => isUnderWay).map(([, what]) => what);
}

/** Each gives an event, and its runner looks as seldom as the consumer does. One that is put off ends with time alone. */
function profilesToRead(): string {
  return `contact_identities i join accounts a on a.tenant_id = i.tenant_id and a.id = i.account_id
    where a.status in ('active', 'expiring') and i.profile_due_at <= ${Date.now()}`;
}

/** How long the consumer may take at most to notice an event by itself: its slow poll, with room. */
const SEEN_WITHIN_MS = 3_000;

/**
 * Waits until nothing is under way, and has not been for longer than the consumer's slow poll takes:
 * an event that nobody claimed yet leaves no trace that could be waited for.
 */
export async function untilQuiet(
  playground: TestPlayground,
  store: StoreReader = readEmbeddedStore(playground.dataDir),
): Promise<void> {
  let quietSince: number | undefined;
  let underWay: string[] = [];
  await waitFor(
    async () => {
      underWay = await whatIsUnderWay(playground, store);
      const now = performance.now();
      quietSince = underWay.length === 0 ? (quietSince ?? now) : undefined;
      return quietSince !== undefined && now - quietSince >= SEEN_WITHIN_MS;
    },
    { what: 'everything to be done', intervalMs: 100 },
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}; under way: ${underWay.join(', ')}`, { cause: error });
  });
}
