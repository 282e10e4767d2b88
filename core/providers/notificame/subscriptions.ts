import type { HttpClient } from '../../http/client';
import { ProviderError } from '../../model';
import { asId, asObject, asText } from '../graph/json';
import type { JsonObject } from '../graph/json';
import type { HubAccess } from './access';
import { createHubClient, objectsOf } from './client';

export const SUBSCRIPTION_EVENTS = ['MESSAGE', 'MESSAGE_STATUS'] as const;
export type SubscriptionEvent = (typeof SUBSCRIPTION_EVENTS)[number];

/** One subscription of the hub: which channel's events it posts where. */
export interface HubSubscription {
  id: string;
  eventType: string | null;
  status: string | null;
  url: string | null;
  /** The token of the channel; a word such as `instagram` is taken and delivers nothing. */
  channel: string | null;
  direction: string | null;
  createdAt: string | null;
  updatedAt: string | null;
}

export interface NewSubscription {
  eventType: SubscriptionEvent;
  url: string;
  /** The channel's id at the hub. */
  channel: string;
  direction?: 'IN' | 'OUT';
}

export interface SubscriptionChange {
  url?: string;
  status?: 'ACTIVE' | 'INACTIVE';
}

const PATH = '/v1/subscriptions';

/** @throws SendError, as all of this file */
export async function listSubscriptions(
  http: HttpClient,
  access: HubAccess,
): Promise<HubSubscription[]> {
  const value = await createHubClient(http).call(access, {
    method: 'GET',
    path: PATH,
    subject: 'the list of webhooks',
  });
  return objectsOf(value).flatMap((item) => toSubscription(item) ?? []);
}

/** @returns null where the hub says that it is there already (409) */
export async function createSubscription(
  http: HttpClient,
  access: HubAccess,
  { eventType, url, channel, direction }: NewSubscription,
): Promise<HubSubscription | null> {
  const body = {
    eventType,
    webhook: { url },
    criteria: { channel, ...(direction ? { direction } : {}) },
    status: 'ACTIVE',
  };
  try {
    const value = await createHubClient(http).call(access, {
      method: 'POST',
      path: PATH,
      body,
      subject: 'the webhook',
    });
    const [created] = objectsOf(value).flatMap(
      (item) => toSubscription({ ...body, ...item }) ?? [],
    );
    return created ?? null;
  } catch (error) {
    if (isConflict(error)) return null;
    throw error;
  }
}

export async function updateSubscription(
  http: HttpClient,
  access: HubAccess,
  id: string,
  { url, status }: SubscriptionChange,
): Promise<HubSubscription> {
  const value = await createHubClient(http).call(access, {
    method: 'PATCH',
    path: `${PATH}/${encodeURIComponent(id)}`,
    body: { ...(url ? { webhook: { url } } : {}), ...(status ? { status } : {}) },
    subject: 'the change of the webhook',
    mayBeEmpty: true,
  });
  const [changed] = objectsOf(value).flatMap((item) => toSubscription({ id, ...item }) ?? []);
  return changed ?? { ...UNTOLD, id, url: url ?? null, status: status ?? null };
}

export async function deleteSubscription(
  http: HttpClient,
  access: HubAccess,
  id: string,
): Promise<void> {
  await createHubClient(http).call(access, {
    method: 'DELETE',
    path: `${PATH}/${encodeURIComponent(id)}`,
    subject: 'the end of the webhook',
    mayBeEmpty: true,
  });
}

const UNTOLD: Omit<HubSubscription, 'id'> = {
  eventType: null,
  status: null,
  url: null,
  channel: null,
  direction: null,
  createdAt: null,
  updatedAt: null,
};

function toSubscription(item: JsonObject): HubSubscription | null {
  const id = asId(item.id);
  if (id === null) return null;
  const criteria = asObject(item.criteria);
  return {
    id,
    eventType: asText(item.eventType),
    status: asText(item.status),
    url: asText(asObject(item.webhook)?.url),
    channel: asId(criteria?.channel),
    direction: asText(criteria?.direction),
    createdAt: asText(item.createdAt),
    updatedAt: asText(item.updatedAt),
  };
}

function isConflict(error: unknown): boolean {
  if (!(error instanceof ProviderError)) return false;
  const { status, code } = error.details;
  return status === 409 || (typeof code === 'string' && /duplicat|conflict|409/i.test(code));
}
