import { describeError, type AccountSecrets, type InboundEvent } from '../model';
import { readAccountsByAddress } from '../accounts/accounts.unit';
import type { AccountRow } from '../store/statements/accounts';
import { wordsOf, type MessageWords } from './content';
import type { MessagingContext } from './context';
import { echoFingerprint } from './fingerprint';
import type { PreparedEvent } from './inbound/scope';
import { recordInboundCall, type RecordedInbound } from './inbound.unit';
import { openRequest } from './request';
import { readOpenRequests } from './reserve.unit';

export type { RecordedInbound } from './inbound.unit';

export interface RecordInboundInput {
  tenantId: string;
  /** The door that was called: events of accounts that are not connected here are counted on it. */
  doorId: string;
  events: InboundEvent[];
}

/**
 * Stores everything that one webhook call brought, in one transaction: drops what was stored before (per account and
 * `dedupeKey`, also against calls that arrive at the same moment), makes or finds contact and conversation, stores
 * messages and statuses, and appends to the event log. Answer 200 only after it has resolved.
 * @throws StoreError nothing was stored: answer 500, the provider tries again
 */
export async function recordInbound(
  ctx: MessagingContext,
  input: RecordInboundInput,
): Promise<RecordedInbound> {
  const words = await findMarkedWords(ctx, input);
  const events = input.events.map((event) => prepare(ctx, event, words));
  const ownAppIds = await findOwnAppIds(ctx, input);
  return ctx.store
    .forTenant(input.tenantId)
    .run(recordInboundCall, { doorId: input.doorId, events, ownAppIds });
}

/**
 * PostgreSQL's text holds every character but NUL, and one such character must not make a provider repeat its call
 * for ever. In `raw` it stays, as JSON writes it.
 */
function withoutNul(event: InboundEvent): InboundEvent {
  const { raw, ...rest } = event;
  const text = JSON.stringify(rest);
  if (!text.includes('\\u0000')) return event;
  const clean = JSON.parse(text, (_key, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('\0', '') : value,
  ) as Omit<InboundEvent, 'raw'>;
  return { ...clean, raw } as InboundEvent;
}

/**
 * What only the caller's thread can know of an event, beside it.
 * @param words of sends without a result, by their message ids
 */
export function prepare(
  ctx: MessagingContext,
  given: InboundEvent,
  words: ReadonlyMap<string, MessageWords> = new Map(),
): PreparedEvent {
  const event = withoutNul(given);
  const provider = ctx.providers.get(event.provider);
  const marked = event.kind === 'status' && event.marker ? words.get(event.marker) : undefined;
  const abilities = provider?.abilities(event.channel);
  return {
    event,
    windowMs: abilities?.windowMs ?? null,
    ...(abilities?.contentTypes.includes('buttons') === false ? { typesChoices: true } : {}),
    echoFingerprint:
      event.kind === 'echo' && provider && provider.showsOwnSends !== false
        ? echoFingerprint(provider, event)
        : null,
    ...(marked ? { markedWords: marked } : {}),
  };
}

/**
 * What those sends say that have no result yet and are named by a status: their requests are sealed, and a unit cannot
 * open them. Nearly always there is none.
 */
async function findMarkedWords(
  ctx: MessagingContext,
  { tenantId, events }: RecordInboundInput,
): Promise<Map<string, MessageWords>> {
  const messageIds = events.flatMap((event) =>
    event.kind === 'status' && event.marker !== null ? [event.marker] : [],
  );
  const words = new Map<string, MessageWords>();
  if (messageIds.length === 0) return words;
  const open = await ctx.store.forTenant(tenantId).run(readOpenRequests, { messageIds });
  for (const { messageId, request } of open) {
    try {
      words.set(messageId, wordsOf(openRequest(ctx, messageId, request)));
    } catch (error) {
      ctx.logger.warn('What a message says that a status names does not open', {
        messageId,
        error: describeError(error),
      });
    }
  }
  return words;
}

/** Sealed secrets hold the app id, and a unit cannot open them: asked only where an event names an app. */
async function findOwnAppIds(
  ctx: MessagingContext,
  { tenantId, events }: RecordInboundInput,
): Promise<Record<string, string>> {
  const naming = events.filter(namesAnApp);
  if (naming.length === 0) return {};
  const addresses = new Map(
    naming.map(({ provider, channel, accountExternalId }) => [
      `${provider} ${channel} ${accountExternalId}`,
      { provider, channel, externalId: accountExternalId },
    ]),
  );
  const rows = await ctx.store
    .forTenant(tenantId)
    .run(readAccountsByAddress, { addresses: [...addresses.values()] });
  const ids: Record<string, string> = {};
  for (const row of rows) {
    const appId = appIdOf(ctx, row);
    if (appId !== undefined) ids[row.id] = appId;
  }
  return ids;
}

function namesAnApp(event: InboundEvent): boolean {
  return event.kind === 'handover' || (event.kind === 'echo' && event.senderAppId !== null);
}

function appIdOf(ctx: MessagingContext, row: AccountRow): string | undefined {
  if (row.sealed_secrets === null) return undefined;
  try {
    const secrets = JSON.parse(ctx.store.sealer.open(row.sealed_secrets, row.id)) as AccountSecrets;
    return secrets.appId;
  } catch {
    // A lost key must not cost an inbound message; sending says what to do about it.
    return undefined;
  }
}
