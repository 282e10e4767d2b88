import { newRecordId } from '../ids.ts';
import type { Context } from '../context.ts';
import { messageEvent, statusEvent } from './events.ts';
import type { HubMessage, HubPost, HubSubscription } from './model.ts';

const KEPT_POSTS = 1000;
/** Zenvia's dialect wants a 2xx within 5 s. */
const TIMEOUT_MS = 5_000;

/**
 * Who hears of a channel's events. `criteria.channel` must be the channel's token: a word such as `instagram` is taken
 * by the hub and delivers nothing.
 */
function listeners(
  { store }: Context,
  eventType: HubSubscription['eventType'],
  { channelId, direction }: HubMessage,
): HubSubscription[] {
  return store.state.notificaMe.subscriptions.filter(
    (one) =>
      one.status !== 'INACTIVE' &&
      one.eventType === eventType &&
      one.criteria.channel === channelId &&
      (one.criteria.direction === undefined || one.criteria.direction === direction),
  );
}

/** @returns ids of the posts that carry it */
export function tellMessage(context: Context, message: HubMessage): string[] {
  return listeners(context, 'MESSAGE', message).map((one) =>
    post(context, one, messageEvent(context, message, one)),
  );
}

export function tellStatus(
  context: Context,
  message: HubMessage,
  code: string,
  cause: Record<string, unknown> | null = null,
): string[] {
  message.status = code;
  context.store.changed();
  return listeners(context, 'MESSAGE_STATUS', message).map((one) =>
    post(context, one, statusEvent(context, message, code, cause, one)),
  );
}

/** Posts any body to an address, for odd payloads in tests. */
export function postRaw(context: Context, url: string, body: string): HubPost {
  const { posts } = context.store.state.notificaMe;
  const record: HubPost = { id: newRecordId('nmp'), url, body, attempts: [], state: 'pending' };
  posts.push(record);
  if (posts.length > KEPT_POSTS) posts.shift();
  context.store.changed();
  void attempt(context, record, null);
  return record;
}

function post(context: Context, subscription: HubSubscription, event: unknown): string {
  const { posts } = context.store.state.notificaMe;
  const record: HubPost = {
    id: newRecordId('nmp'),
    url: subscription.webhook.url,
    body: JSON.stringify(event),
    attempts: [],
    state: 'pending',
  };
  posts.push(record);
  if (posts.length > KEPT_POSTS) posts.shift();
  void attempt(context, record, subscription);
  return record.id;
}

/** Nothing is signed: the vendor said so. Unanswered posts come again, then the subscription falls asleep. */
async function attempt(
  context: Context,
  record: HubPost,
  subscription: HubSubscription | null,
): Promise<void> {
  const { poster } = context.webhooks;
  const { status, error } = await poster.postPlain(record.url, record.body, TIMEOUT_MS);
  const at = context.store.now();
  record.attempts.push({ at, status, ...(error === undefined ? {} : { error }) });
  if (status !== null && status >= 200 && status < 300) {
    record.state = 'delivered';
    if (subscription?.status === 'DEGRADED') subscription.status = 'ACTIVE';
    context.store.changed();
    return;
  }
  const delay = context.store.state.notificaMe.settings.retryDelaysMs[record.attempts.length - 1];
  if (delay === undefined) {
    record.state = 'failed';
    if (subscription) subscription.status = 'INACTIVE';
    context.store.changed();
    return;
  }
  if (subscription) subscription.status = 'DEGRADED';
  context.store.changed();
  const timer = setTimeout(() => void attempt(context, record, subscription), delay);
  timer.unref();
}
