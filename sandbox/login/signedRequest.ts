import { createHmac } from 'node:crypto';
import type { Context } from '../context.ts';

/** The two addresses of the app dashboard that a `signed_request` is posted to. Source: section A.6. */
export type CallbackKind = 'deauthorize' | 'dataDeletion';

/** What a callback answered. */
export interface CallbackOutcome {
  kind: CallbackKind;
  url: string;
  status: number | null;
  answer: string;
  error?: string;
}

/**
 * A `signed_request`: base64url of HMAC-SHA256 over the second part, a dot, base64url of the JSON.
 * Source: section A.6.
 */
export function makeSignedRequest(secret: string, payload: Record<string, unknown>): string {
  const content = Buffer.from(JSON.stringify(payload)).toString('base64url');
  const signature = createHmac('sha256', secret).update(content).digest('base64url');
  return `${signature}.${content}`;
}

/** Posts a signed request of one person to those of the app's callbacks that have an address. */
export async function postCallbacks(
  context: Context,
  appId: string,
  userId: string,
  kinds: readonly CallbackKind[],
  options: { badSignature?: boolean } = {},
): Promise<CallbackOutcome[]> {
  const app = context.store.state.apps[appId];
  if (app === undefined) return [];
  const secret = options.badSignature === true ? `not-${app.secret}` : app.secret;
  const signed = makeSignedRequest(secret, {
    algorithm: 'HMAC-SHA256',
    issued_at: Math.floor(context.store.now() / 1000),
    user_id: userId,
  });
  const addresses = { deauthorize: app.deauthorizeUrl, dataDeletion: app.dataDeletionUrl };
  const outcomes: CallbackOutcome[] = [];
  for (const kind of kinds) {
    const url = addresses[kind];
    if (url === undefined) continue;
    const timeoutMs = context.store.state.settings.webhookTimeoutMs;
    const body = new URLSearchParams({ signed_request: signed }).toString();
    const { status, text, error } = await context.webhooks.poster.postForm(url, body, timeoutMs);
    outcomes.push({ kind, url, status, answer: text, ...(error === undefined ? {} : { error }) });
  }
  return outcomes;
}
