import { ControlError } from '../http.ts';
import { markRead } from '../world/receipts.ts';
import { deliveryOptions, onlyFields, optionalNumber, persona as readPersona } from './read.ts';
import type { Context } from '../context.ts';
import type { Delivery, Message } from '../model.ts';

const POLL_MS = 10;

/** `GET /_sandbox/messages?channel=&persona=&direction=`: what exists at the provider's side, oldest first. */
export function listMessages(context: Context, query: URLSearchParams): { data: Message[] } {
  const { state } = context.store;
  const channel = query.get('channel');
  const direction = query.get('direction');
  const who = query.get('persona');
  const personaId =
    who === null
      ? undefined
      : readPersona(state, { persona: who, ...(channel === null ? {} : { channel }) }).id;
  const data = Object.values(state.messages)
    .filter(
      (message) =>
        (channel === null || message.channel === channel) &&
        (direction === null || message.direction === direction) &&
        (personaId === undefined || message.personaId === personaId),
    )
    .sort((a, b) => a.createdAt - b.createdAt);
  return { data };
}

/** `GET /_sandbox/sends?channel=&account=`: how many messages each person was sent through the API. */
export function countSends(context: Context, query: URLSearchParams): { data: unknown[] } {
  const { state } = context.store;
  const [channel, account] = [query.get('channel'), query.get('account')];
  const byPerson = new Map<string, Message[]>();
  for (const message of Object.values(state.messages)) {
    if (message.direction !== 'out' || message.appId === undefined) continue;
    if (channel !== null && message.channel !== channel) continue;
    if (account !== null && message.accountId !== account) continue;
    byPerson.set(message.personaId, [...(byPerson.get(message.personaId) ?? []), message]);
  }
  const data = [...byPerson].map(([personaId, messages]) => ({
    personaId,
    channel: messages[0]?.channel,
    accountId: messages[0]?.accountId,
    count: messages.length,
    mids: messages.map(({ mid }) => mid),
  }));
  return { data };
}

/** `GET /_sandbox/deliveries?state=&mid=&limit=`: webhooks with every attempt, oldest first; the newest `limit`. */
export function listDeliveries(context: Context, query: URLSearchParams): { data: Delivery[] } {
  const state = query.get('state');
  const mid = query.get('mid');
  const limit = Number(query.get('limit') ?? Number.MAX_SAFE_INTEGER);
  const found = context.store.state.deliveries.filter(
    (item) =>
      (state === null || item.state === state) &&
      (mid === null || item.events.some((event) => event.mid === mid)),
  );
  return { data: found.slice(-limit) };
}

/** `POST /_sandbox/deliveries/wait { timeoutMs }`: answers when no webhook is under way any more. */
export async function waitForDeliveries(
  context: Context,
  body: Record<string, unknown>,
): Promise<{ idle: boolean }> {
  onlyFields(body, ['timeoutMs']);
  const deadline = Date.now() + (optionalNumber(body, 'timeoutMs') ?? 10_000);
  while (!isIdle(context) && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return { idle: isIdle(context) };
}

/** No webhook is under way, and none is about to be made. */
const isIdle = ({ webhooks, agenda }: Context): boolean => webhooks.idle && agenda.idle;

/** `POST /_sandbox/deliveries/{id}/repeat`: the same bytes again, `duplicate` times. */
export function redeliver(context: Context, id: string, body: Record<string, unknown>): Delivery {
  onlyFields(body, ['duplicate', 'simultaneous']);
  const delivery = findDelivery(context, id);
  context.webhooks.redeliver(delivery, deliveryOptions(body));
  return delivery;
}

/** `GET /_sandbox/deliveries/{id}`. */
export function findDelivery(context: Context, id: string): Delivery {
  const delivery = context.store.state.deliveries.find((item) => item.id === id);
  if (delivery === undefined) throw new ControlError(`There is no delivery ${id}.`, 404);
  return delivery;
}

/** `POST /_sandbox/personas/{id}/view`: the person looks at the conversation. */
export function viewThread(
  context: Context,
  id: string,
  body: Record<string, unknown>,
): Record<string, unknown> {
  onlyFields(body, []);
  const person = readPersona(context.store.state, { persona: id });
  return { events: markRead(context, person) };
}
