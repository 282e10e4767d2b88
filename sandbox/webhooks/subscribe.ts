import { randomInt } from 'node:crypto';
import { ControlError } from '../http.ts';
import { fieldsOfObject } from './fields.ts';
import type { Context } from '../context.ts';
import type { AppSubscription, WebhookObject } from '../model.ts';

export interface SubscriptionRequest {
  appId: string;
  object: WebhookObject;
  callbackUrl: string;
  verifyToken: string;
  /** All fields of the object when absent. */
  fields?: string[];
}

/**
 * Makes the handshake of section C.1 and, when the callback gave the challenge back, stores the
 * app-level subscription; an earlier one of the same app and object is replaced.
 * @throws ControlError when the callback fails the handshake or a field does not exist.
 */
export async function subscribeApp(
  context: Context,
  request: SubscriptionRequest,
): Promise<AppSubscription> {
  const known = fieldsOfObject(request.object);
  const fields = request.fields ?? [...known];
  const wrong = fields.find((field) => !known.includes(field));
  if (wrong !== undefined) {
    throw new ControlError(`Field ${wrong} must be one of {${known.join(', ')}}.`);
  }
  await shakeHands(context, request.callbackUrl, request.verifyToken);
  const subscription: AppSubscription = { ...request, fields, active: true };
  const { state } = context.store;
  state.appSubscriptions = state.appSubscriptions.filter(
    (item) => item.appId !== request.appId || item.object !== request.object,
  );
  state.appSubscriptions.push(subscription);
  context.store.changed();
  return subscription;
}

/** The handshake of section C.1. @throws ControlError when the callback does not give the challenge back */
export async function shakeHands(
  context: Context,
  callbackUrl: string,
  verifyToken: string,
): Promise<void> {
  const url = parseCallback(callbackUrl);
  const challenge = String(randomInt(100_000_000, 2_000_000_000));
  url.searchParams.set('hub.mode', 'subscribe');
  url.searchParams.set('hub.challenge', challenge);
  url.searchParams.set('hub.verify_token', verifyToken);
  const answer = await context.webhooks.poster.get(
    url.href,
    context.store.state.settings.webhookTimeoutMs,
  );
  if (answer.status !== 200 || answer.text !== challenge) {
    const said =
      answer.status === null
        ? `did not answer (${answer.error ?? 'connection closed'})`
        : `answered ${answer.status} with "${answer.text.slice(0, 60)}"`;
    throw new ControlError(
      `The callback ${said} instead of 200 with the challenge as plain text. Check its address and the verify token.`,
    );
  }
}

function parseCallback(callbackUrl: string): URL {
  let url: URL;
  try {
    url = new URL(callbackUrl);
  } catch {
    throw new ControlError('callbackUrl is not an address.');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new ControlError('callbackUrl must start with https:// (or http:// for a local test).');
  }
  return url;
}
