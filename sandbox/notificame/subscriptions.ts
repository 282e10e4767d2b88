import { randomUUID } from 'node:crypto';
import { isRecord, type Reply, type Request } from '../http.ts';
import type { Context } from '../context.ts';
import { failed, invalid, ok, wrongMethod } from './answers.ts';
import { bodyOf } from './messages.ts';
import type { HubSubscription } from './model.ts';

const EVENT_TYPES = ['MESSAGE', 'MESSAGE_STATUS'];

/** `/v1/subscriptions` */
export function answerSubscriptions(
  context: Context,
  request: Request,
  company: string,
  id: string | undefined,
): Reply {
  const all = context.store.state.notificaMe.subscriptions;
  const own = all.filter((one) => one.company === company);
  if (id === undefined) {
    if (request.method === 'GET') return ok(own.map(shown));
    if (request.method === 'POST') return create(context, request, company);
    return wrongMethod(request.method);
  }
  const found = own.find((one) => one.id === id);
  if (!found) return failed('Subscription not found');
  switch (request.method) {
    case 'GET':
      return ok(shown(found));
    case 'PATCH':
      return change(context, request, found);
    case 'DELETE':
      all.splice(all.indexOf(found), 1);
      context.store.changed();
      return { status: 204 };
    default:
      return wrongMethod(request.method);
  }
}

function create(context: Context, request: Request, company: string): Reply {
  const body = bodyOf(request);
  const webhook = isRecord(body?.webhook) ? body.webhook : {};
  const criteria = isRecord(body?.criteria) ? body.criteria : {};
  // The community node names no event type.
  const eventType = body?.eventType ?? 'MESSAGE';
  if (typeof eventType !== 'string' || !EVENT_TYPES.includes(eventType)) {
    return invalid('eventType', 'must be MESSAGE or MESSAGE_STATUS');
  }
  const { url } = webhook;
  if (typeof url !== 'string' || !/^https?:\/\//.test(url))
    return invalid('webhook.url', 'url is required');
  const { channel, direction } = criteria;
  if (typeof channel !== 'string' || channel === '')
    return invalid('criteria.channel', 'channel is required');
  const { subscriptions } = context.store.state.notificaMe;
  const isThere = subscriptions.some(
    (one) =>
      one.company === company &&
      one.eventType === eventType &&
      one.webhook.url === url &&
      one.criteria.channel === channel,
  );
  if (isThere) {
    return { status: 409, body: { code: 'DUPLICATED', message: 'Subscription already exists' } };
  }
  const now = new Date(context.store.now()).toISOString();
  const subscription: HubSubscription = {
    id: randomUUID(),
    company,
    eventType: eventType as HubSubscription['eventType'],
    status: 'ACTIVE',
    webhook: { url },
    criteria: {
      channel,
      ...(direction === 'IN' || direction === 'OUT' ? { direction } : {}),
    },
    createdAt: now,
    updatedAt: now,
  };
  subscriptions.push(subscription);
  context.store.changed();
  return ok(shown(subscription));
}

function change(context: Context, request: Request, subscription: HubSubscription): Reply {
  const body = bodyOf(request);
  const webhook = isRecord(body?.webhook) ? body.webhook : {};
  if (typeof webhook.url === 'string') subscription.webhook = { url: webhook.url };
  if (body?.status === 'ACTIVE' || body?.status === 'INACTIVE') subscription.status = body.status;
  subscription.updatedAt = new Date(context.store.now()).toISOString();
  context.store.changed();
  return ok(shown(subscription));
}

function shown({ company: _, ...subscription }: HubSubscription) {
  return subscription;
}
